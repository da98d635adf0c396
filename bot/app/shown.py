"""Which cluster the playground shows: one's own where it answers, else a recorded one."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from importlib import resources
from pathlib import Path

from bot.app import questions
from bot.app.reach import chosen_access
from bot.cluster.access import ClusterAccess
from bot.playground import Welcome
from bot.recordings.format import Recording
from bot.recordings.replay.serving import replayed
from bot.settings import Settings

SHOP = Path(str(resources.files("bot.recordings").joinpath("shipped", "shop")))
"""The recorded shop that is part of the program."""
_SHOPS_QUESTIONS = (
    "why is cart failing?",
    "what is not well in shop?",
    "is everything well in office?",
)


@dataclass(frozen=True, slots=True)
class Shown:
    access: ClusterAccess
    settings: Settings
    """As they hold for this cluster."""
    lines: tuple[str, ...]
    """What the person at the terminal reads first."""
    welcome: Welcome = field(default_factory=Welcome)
    is_substitute: bool = False
    """Stands in for one's own, which did not answer."""


@asynccontextmanager
async def opened_cluster(
    settings: Settings,
    environ: Mapping[str, str],
    folder: Path,
    *,
    context: str | None = None,
    recording: Path | None = None,
) -> AsyncIterator[Shown]:
    """One's own is not even asked where a recording is named. Raises ClusterError, RecordingError.
    `folder` takes the kubeconfig of a recording.
    """
    own = ClusterAccess(kind="none")
    if recording is None:
        own = await chosen_access(settings, environ, context)
    if own.kind != "none":
        line = f"Cluster: {spoken(own)}, read-only."
        yield Shown(own, settings, (line,), Welcome(questions=questions.of_cluster(own)))
        return
    async with _replayed(recording or SHOP, settings, environ, folder) as shown:
        lines = (*_why(own), *shown.lines)
        yield replace(shown, lines=lines, is_substitute=recording is None)


@asynccontextmanager
async def _replayed(
    place: Path, settings: Settings, environ: Mapping[str, str], folder: Path
) -> AsyncIterator[Shown]:
    recording = Recording.open(place)
    async with replayed(recording, environ, folder) as found:
        welcome = await _welcome(recording, found, environ)
        yield Shown(found, _for_recording(settings, place), _lines_of(recording), welcome)


def _for_recording(settings: Settings, place: Path) -> Settings:
    """What is set for one's own cluster holds for that one only; here nothing can be changed."""
    named = {"cluster_name": f"{place.resolve().name} (recorded)"}
    return settings.model_copy(update={**named, "namespaces": (), "writes": "off"})


async def _welcome(
    recording: Recording, access: ClusterAccess, environ: Mapping[str, str]
) -> Welcome:
    banner = f"{_what(recording)}, not your cluster: {_when(recording)}. Nothing in it can change."
    if _is_the_shop(recording):
        return Welcome(banner, _SHOPS_QUESTIONS)
    return Welcome(banner, await questions.of_recording(access, environ))


def _lines_of(recording: Recording) -> tuple[str, ...]:
    where = "" if _is_the_shop(recording) else f" ({recording.folder})"
    return (
        f"Cluster: {_what(recording).lower()}, not your cluster{where}: {_when(recording)}.",
        *((f"What is in it: {recording.manifest.note}",) if recording.manifest.note else ()),
    )


def _what(recording: Recording) -> str:
    return "A recorded shop" if _is_the_shop(recording) else "A recording"


def _when(recording: Recording) -> str:
    manifest = recording.manifest
    return f"Kubernetes {manifest.kubernetes[:20]} as it was on {manifest.recorded_at:%Y-%m-%d}"


def _is_the_shop(recording: Recording) -> bool:
    return recording.folder == SHOP.resolve()


def _why(own: ClusterAccess) -> tuple[str, ...]:
    if not own.reason:
        return ()
    return (f"No cluster of yours: {own.reason} Then start again.",)


def spoken(access: ClusterAccess) -> str:
    if access.kind == "in-cluster":
        return f"the one this runs in, server {access.server}"
    return f"context {access.context}, server {access.server}"
