"""The recorded shop as a cluster: as it was when it was looked at, and as it is later."""

import json
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.app.shown import SHOP
from bot.cluster.api import ClusterApi, opened_api
from bot.cluster.reading import Reader, Scope
from bot.cluster.report import Report
from bot.cluster.scene import Scene
from bot.cluster.triage import examine
from bot.recordings.format import Recording
from bot.recordings.incident import Kept, kept_of
from bot.redaction import Redactor
from tests.doubles.recorded import served

REDACTOR = Redactor().keyed(b"of one conversation, and no other")


@dataclass
class Looked:
    scene: Scene
    report: Report

    @property
    def kept(self) -> Kept:
        kept = kept_of(self.scene, self.report, REDACTOR)
        assert kept is not None
        return kept


@asynccontextmanager
async def cluster(folder: Path, home: Path) -> AsyncIterator[ClusterApi]:
    home.mkdir(exist_ok=True)  # noqa: ASYNC240 - nobody waits here
    file = home / f"{folder.name}.kubeconfig"
    async with (
        served(Recording.open(folder), file, "shop") as access,
        opened_api(access, {}) as api,
    ):
        yield api


async def look(api: ClusterApi, *namespaces: str) -> Looked:
    scene = await Reader(api).scene(Scope(namespaces or None))
    return Looked(scene, await examine(api, REDACTOR.redact, scene))


@pytest.fixture
async def then(tmp_path: Path) -> Looked:
    """The shop, broken."""
    async with cluster(SHOP, tmp_path / "then") as api:
        return await look(api, "shop")


@dataclass
class Later:
    """The shop as files that a test may change before it is served."""

    folder: Path

    def change(
        self, kind: str, change: Callable[[list[dict[str, Any]]], None], place: str = "shop"
    ) -> None:
        """`kind` as in the recording: `core/v1/pods`."""
        file = self.folder / "objects" / kind / f"{place}.json"
        found = json.loads(file.read_text())
        change(found["items"])
        file.write_text(json.dumps(found))


@pytest.fixture
def later(tmp_path: Path) -> Later:
    shutil.copytree(SHOP, tmp_path / "later")
    shutil.copytree(SHOP.parent / "servers", tmp_path / "servers")
    return Later(tmp_path / "later")
