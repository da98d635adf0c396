"""Canaries stand in what is served, and the walls let none through."""

import asyncio
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from copy import deepcopy
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bot.app.shown import SHOP
from bot.cluster.access import ClusterAccess
from bot.evaluation.canaries import Planted, planted
from bot.recordings.format import Recording
from bot.redaction import Redacted, Redactor
from bot.tools.policy import judge
from bot.tools.runner import Kubectl
from tests.doubles.canaries import Watch
from tests.doubles.recorded import served

NOTED = "[redacted:token-1a2b]"
READS = (
    *(f"get {kinds} -A {form}"
      for kinds in ("pods", "deployments,replicasets,statefulsets,jobs", "configmaps")
      for form in ("", "-o wide", "-o yaml", "-o json", "-o name", "-o jsonpath={.items}",
                   "-o jsonpath-as-json={.items[*]}", "-o custom-columns=N:.metadata.name,S:.spec",
                   "-o custom-columns=D:.data")),
    *(f"get pods -A -o {form}"
      for form in ("jsonpath={..env[*].value}", "jsonpath={..env}",
                   "jsonpath={.items[*].spec.containers[0].env[-1:].value}",
                   "jsonpath-as-json={..value}",
                   "custom-columns=E:.spec.containers[*].env[*].value",
                   "jsonpath={range .items[*]}{.spec.containers[*].env[*].value}{\"\\n\"}{end}")),
    *(f"get cm cart -n shop -o {form}"
      for form in ("yaml", "jsonpath={.data}", "jsonpath={.data.*}", "custom-columns=D:.data.*")),
    *(f"describe {kinds} -A"
      for kinds in ("pods", "deployments", "replicasets", "statefulsets", "jobs", "configmaps")),
    *(f"logs {pod} -n {place} {form}"
      for place, pod in (("shop", "web-5bbb65cf94-7pmb9"), ("shop", "web-5bbb65cf94-lhmmq"),
                         ("shop", "search-5f559bcc7f-g7tt9"), ("office", "wiki-c4f86c76c-qpr4k"),
                         ("office", "wiki-c4f86c76c-w9txf"))
      for form in ("", "--timestamps", "--prefix", "--limit-bytes=70")),
    "get all -A -o yaml",
)  # fmt: skip


class Blind(Redactor):
    """The wall, taken away."""

    def redact_counted(self, text: str) -> Redacted:
        return Redacted(text, 0)

    def secrets_in(self, text: str) -> frozenset[str]:  # noqa: ARG002
        return frozenset()


def noted(folder: Path) -> Path:
    """The shop, with marks under two names that say that a secret stood there."""
    shutil.copytree(SHOP, folder / SHOP.name)
    shutil.copytree(SHOP.parent / "servers", folder / "servers")
    objects = folder / SHOP.name / "objects"
    for place in ("apps/v1/deployments", "apps/v1/replicasets"):
        with changed(objects / place / "shop.json") as items:
            spec = named(items, "payments")["spec"]["template"]["spec"]
            spec["containers"][0]["env"] = [{"name": "MERCHANT_TOKEN", "value": NOTED}]
    with changed(objects / "core/v1/configmaps/shop.json") as items:
        named(items, "cart")["data"]["partner.password"] = f"{NOTED} and [redacted:key]"
    return folder / SHOP.name


class changed:  # noqa: N801 - used as a function
    """A file of the recording, for the length of a block."""

    def __init__(self, file: Path) -> None:
        self.file, self.found = file, json.loads(file.read_text())

    def __enter__(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.found["items"]
        return items

    def __exit__(self, *_: object) -> None:
        self.file.write_text(json.dumps(self.found))


def named(items: Iterable[dict[str, Any]], beginning: str) -> dict[str, Any]:
    return next(each for each in items if each["metadata"]["name"].startswith(beginning))


def objects_of(recording: Recording) -> Iterator[tuple[str, dict[str, Any]]]:
    for kind in recording.kinds():
        for each in recording.objects(kind):
            yield kind.plural, each


def found_in(recording: Recording, plural: str, beginning: str) -> dict[str, Any]:
    return named((each for kind, each in objects_of(recording) if kind == plural), beginning)


@pytest.fixture
def shop(tmp_path: Path) -> Recording:
    return Recording.open(noted(tmp_path / "recordings"))


async def printed(access: ClusterAccess, redactor: Redactor, home: Path) -> dict[str, str]:
    """All that the engine's kubectl gives of all that the policy permits here."""
    environ = {"PATH": os.environ["PATH"], "HOME": str(home)}
    kubectl = Kubectl(access, redactor, environ=environ, folder=home / "kubectl")
    async with asyncio.TaskGroup() as group:
        running = {
            line: group.create_task(
                kubectl.run(judge(f"kubectl {line}", namespace="shop").argv), name=line
            )
            for line in READS
        }
    done = {line: task.result() for line, task in running.items()}
    assert [line for line, ran in done.items() if ran.exit_code != 0] == []
    return {line: ran.stdout + ran.stderr for line, ran in done.items()}


def watch_of(found: Planted) -> Watch:
    return Watch({each: each for each in found.canaries})


class TestWhatIsPlanted:
    def test_each_pod_and_what_it_is_made_of_has_a_secret_variable(self, shop: Recording) -> None:
        found = planted(shop)
        made = [
            found_in(found.recording, plural, "search")
            for plural in ("deployments", "replicasets", "pods")
        ]
        specs = [each["spec"].get("template", each)["spec"] for each in made]
        added = [spec["containers"][0]["env"][-1] for spec in specs]

        assert added[0]["name"].endswith("_PASSWORD")
        assert added[0]["value"] in found.canaries
        assert all(one == other for one, other in pairwise(added))

    def test_it_is_called_as_nothing_else_in_the_recording_is(self, shop: Recording) -> None:
        pod = found_in(planted(shop).recording, "pods", "cart")
        names = [each["name"] for each in pod["spec"]["containers"][0]["env"]]

        assert names[:-1] == ["CURRENCY", "DATABASE", "DATABASE_PASSWORD"]
        assert names[-1] == "BACKUP_PASSWORD"

    def test_marks_under_a_secret_s_name_are_secrets_again_and_equal_ones_stay_equal(
        self, shop: Recording
    ) -> None:
        found = planted(shop)
        values = [
            found_in(found.recording, plural, "payments")["spec"]["template"]["spec"]["containers"][
                0
            ]["env"][0]["value"]
            for plural in ("deployments", "replicasets")
        ]
        data = found_in(found.recording, "configmaps", "cart")["data"]
        first, _, second = data["partner.password"].split()

        assert values[0] == values[1]
        assert {values[0], first, second, data["BACKUP_PASSWORD"]} <= {*found.canaries}
        assert len({values[0], first, second}) == 3

    def test_long_logs_begin_with_one_and_short_ones_are_as_they_were(
        self, shop: Recording
    ) -> None:
        found = planted(shop)
        long = ("office", "wiki-c4f86c76c-qpr4k", "wiki", False)
        short = ("shop", "cart-7dc6c4c865-25q6l", "cart", False)
        line, _, rest = str(found.recording.log(*long)).partition("\n")

        assert line.partition(" ")[0] == rest.partition(" ")[0]
        assert line.rpartition("password=")[2] in found.canaries
        assert rest == shop.log(*long)
        assert found.recording.log(*short) == shop.log(*short)
        assert found.recording.log("shop", "nobody", "app", False) is None

    def test_no_two_are_alike_and_the_next_time_all_are_others(self, shop: Recording) -> None:
        one, other = planted(shop).canaries, planted(shop).canaries

        assert len(one) == len(other) > 20
        assert len({*one, *other}) == 2 * len(one)
        assert min(map(len, one)) >= 16

    def test_the_recording_and_its_files_stay_as_they_are(self, shop: Recording) -> None:
        before = deepcopy(list(objects_of(shop)))
        files = {each: each.stat().st_mtime_ns for each in shop.folder.rglob("*")}
        found = planted(shop)

        assert list(objects_of(shop)) == before
        assert list(objects_of(found.recording)) != before
        assert {each: each.stat().st_mtime_ns for each in shop.folder.rglob("*")} == files

    def test_objects_that_are_none_of_kubernetes_are_left_alone(self, shop: Recording) -> None:
        for _, each in objects_of(shop):
            each["spec"] = ["no", {"template": 1}]
            each["data"] = "none"
            each["metadata"]["ownerReferences"] = [1, {"controller": True}]

        assert list(objects_of(planted(shop).recording)) == list(objects_of(shop))


class TestTheWalls:
    async def test_no_permitted_command_shows_a_piece_of_one(
        self, shop: Recording, tmp_path: Path
    ) -> None:
        found = planted(shop)
        watch = watch_of(found)
        async with served(found.recording, tmp_path / "config") as access:
            said = await printed(access, Redactor(), tmp_path)

        assert {line: seen for line, text in said.items() if (seen := watch.seen_in(text))} == {}
        assert "[redacted:password]" in said["describe pods -A"]

    async def test_without_redaction_the_same_search_finds_every_one(
        self, shop: Recording, tmp_path: Path
    ) -> None:
        found = planted(shop)
        watch = watch_of(found)
        async with served(found.recording, tmp_path / "config") as access:
            said = await printed(access, Blind(), tmp_path)
        seen = [watch.seen_in(text) for text in said.values()]

        assert set().union(*seen) == {*found.canaries}
