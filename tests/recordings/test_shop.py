"""The shop that ships with the program: whole, small, without secrets, and as broken as it says."""

import asyncio
import base64
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app.shown import SHOP
from bot.recordings.format import Recording
from bot.recordings.replay.kubeconfig import kubeconfig, write
from bot.recordings.replay.server import ReplayServer
from tests.recordings.shop.__main__ import NOTE, scenarios
from tests.recordings.shop.trimming import KEPT, trimmed
from tests.scenarios import expectations
from tests.scenarios.asking import answered, triaged
from tests.scenarios.scenario import Scenario

PASSWORD = "plover-gable-ninety"
MOST_BYTES = 2_000_000


@pytest.fixture
async def replayed(tmp_path: Path) -> AsyncIterator[Path]:
    """A kubeconfig of the shop, served."""
    recording = Recording.open(SHOP)
    async with ReplayServer(recording) as server:
        write(tmp_path / "config", kubeconfig(server.url, recording.manifest))
        yield tmp_path / "config"


def files() -> list[Path]:
    return [path for path in SHOP.parent.rglob("*") if path.is_file()]


def test_it_is_a_recording_that_says_what_is_in_it() -> None:
    manifest = Recording.open(SHOP).manifest

    assert manifest.note == NOTE
    assert {"shop", "office"} <= set(manifest.namespaces)
    assert SHOP.parent.joinpath("servers", manifest.server).is_dir()


def test_it_is_small_enough_to_ship() -> None:
    assert sum(path.stat().st_size for path in files()) < MOST_BYTES


def test_it_holds_no_secret_and_no_place_of_the_machine_that_made_it() -> None:
    encoded = base64.b64encode(PASSWORD.encode()).decode()
    guilty = [
        (path.name, word)
        for path in files()
        for word in (PASSWORD, encoded, f"{Path.home()}{os.sep}", "kaia-test/")
        if word in path.read_text()
    ]

    assert guilty == []
    assert not [kind for kind in Recording.open(SHOP).kinds() if kind.plural == "secrets"]


@pytest.mark.parametrize("scenario", scenarios(), ids=lambda each: each.name)
async def test_triage_of_the_recording_finds_what_was_broken(
    scenario: Scenario, replayed: Path
) -> None:
    report = await asyncio.to_thread(triaged, scenario, replayed)

    assert expectations.of_report(scenario, report) == []


async def test_all_of_its_faults_are_found_and_cart_is_a_consequence_of_one(replayed: Path) -> None:
    [shop, _] = scenarios()
    report = await asyncio.to_thread(triaged, shop, replayed)
    found = {finding["name"]: finding for finding in report["findings"]}

    assert set(found) == {"db", "search", "payments", "invoices-november"}
    assert "Deployment shop/cart" in found["db"]["affects"]


async def test_the_proposed_question_is_answered_by_fixed_rules(replayed: Path) -> None:
    [shop, _] = scenarios()
    said = await answered(shop, replayed)

    assert expectations.of_answer(shop, said.markdown, said.receipts) == []


def test_of_openapi_only_what_its_kinds_are_made_of_is_kept() -> None:
    pod = {"group": "", "version": "v1", "kind": "Pod"}
    schemas = {
        "Pod": {
            "x-kubernetes-group-version-kind": [pod],
            "properties": {"spec": {"$ref": "#/components/schemas/PodSpec"}},
        },
        "PodSpec": {},
        "Status": {},
    }
    operation = {"x-kubernetes-group-version-kind": pod}
    document = {
        "paths": {"/api/v1/pods": {"get": operation}},
        "components": {"schemas": schemas},
    }

    assert set(trimmed(document)["components"]["schemas"]) == {"Pod", "PodSpec"}
    assert "api/v1" in KEPT
