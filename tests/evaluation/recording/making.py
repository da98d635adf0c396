"""One scenario that stands, as a folder: recorded, looked at, trimmed; it sets nothing up."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from bot.cluster.api import opened_api
from bot.evaluation.scenario import FILE
from bot.recordings import layout
from bot.recordings.format import Recording
from bot.recordings.recorder import record
from tests.apiserver.client import Manifest
from tests.evaluation.recording import trimming
from tests.evaluation.recording.expectations import written
from tests.evaluation.recording.looking import STEADY_SECONDS, is_steady, looked, reached
from tests.evaluation.recording.stages import custom_kinds
from tests.scenarios import expectations
from tests.scenarios.scenario import Scenario

_TRIES = 4
_TRY_AGAIN_SECONDS = 5
"""A container that ends again and again looks for moments as if it were well."""


class NotAsExpected(Exception):
    """A recording does not show what the scenario is about; says what it shows."""


async def make(
    scenario: Scenario, kubeconfig: Path, target: Path, every: Sequence[Scenario]
) -> None:
    """In the place of the recording that is there. Raises NotAsExpected."""
    wrong: list[str] = []
    for _ in range(_TRIES):
        with tempfile.TemporaryDirectory() as place:
            fresh = Path(place, scenario.name)
            await _record(scenario, kubeconfig, fresh)
            trimming.trim(fresh, others_of(scenario, every))
            if not (wrong := await _wrong(scenario, fresh)):
                (fresh / FILE).write_text(written(scenario))
                _put(fresh, target)
                return
        await asyncio.sleep(_TRY_AGAIN_SECONDS)
    raise NotAsExpected("\n  ".join([f"{scenario.name} is not recorded:", *wrong]))


def forget_servers(target: Path) -> None:
    """Those that no recording names any more."""
    named = {Recording.open(each.parent).manifest.server for each in target.glob(f"*/{FILE}")}
    for server in (target / layout.SERVERS).iterdir():
        if server.name not in named:
            shutil.rmtree(server)


def namespaces_of(scenario: Scenario) -> list[str]:
    """Its own, and those that its objects are in."""
    named = (_namespace_of(each, scenario.namespace) for each in scenario.manifests)
    return list(dict.fromkeys((scenario.namespace, *named)))


def others_of(scenario: Scenario, every: Iterable[Scenario]) -> set[tuple[str, str]]:
    """Kinds and names of what only other scenarios make: what of it is in no namespace stands
    beside this one on the same server.
    """
    own = {*map(_named, scenario.manifests)}
    return {_named(made) for each in every for made in each.manifests} - own


async def _record(scenario: Scenario, kubeconfig: Path, folder: Path) -> None:
    environ = {"KUBECONFIG": str(kubeconfig), "PATH": os.environ.get("PATH", os.defpath)}
    async with opened_api(await reached(environ), environ) as api:
        places = namespaces_of(scenario)
        await record(api, folder, namespaces=places, note=scenario.about)


async def _wrong(scenario: Scenario, folder: Path) -> list[str]:
    listed = {kind.plural for kind in Recording.open(folder).kinds()}
    if missing := custom_kinds(scenario) - listed:
        return [f"its custom resources are not there: {sorted(missing)}"]
    report = await looked(folder, scenario.namespace)
    later = await looked(folder, scenario.namespace, STEADY_SECONDS)
    unsteady = [] if is_steady(report, later) else ["seconds later the first look finds otherwise"]
    return expectations.of_report(scenario, report) + unsteady


def _put(fresh: Path, target: Path) -> None:
    for server in (fresh.parent / layout.SERVERS).iterdir():
        place = target / layout.SERVERS / server.name
        if not place.is_dir():
            trimming.trim_server(server)
            shutil.copytree(server, place)
    shutil.rmtree(target / fresh.name, ignore_errors=True)
    shutil.copytree(fresh, target / fresh.name)


def _named(manifest: Manifest) -> tuple[str, str]:
    return manifest["kind"], manifest["metadata"]["name"]


def _namespace_of(manifest: Manifest, default: str) -> str:
    metadata = manifest["metadata"]
    named = metadata["name"] if manifest["kind"] == "Namespace" else metadata.get("namespace")
    return str(named or default)
