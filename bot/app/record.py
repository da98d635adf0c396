"""`kaia record`: a cluster into a folder of files, and what went into it in words."""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import typer

from bot.app.triage import misread as misread_places
from bot.cluster.access import find_access
from bot.cluster.api import opened_api
from bot.cluster.bounds import outside, spoken
from bot.errors import ClusterError
from bot.plaintext import clean
from bot.recordings.recorder import Recorded, record
from bot.redaction import Redactor
from bot.settings import Settings

_WHOLE, _WITH_GAPS = 0, 1
_GAPS_TOLD = 12


async def run_record(
    settings: Settings,
    context: str | None,
    target: Path,
    *,
    namespaces: Sequence[str],
    note: str = "",
    environ: Mapping[str, str] = os.environ,
) -> int:
    """Raises ClusterError and RecordingError, and leaves nothing then."""
    access = await find_access(environ, context=context, namespaces=settings.namespaces, asks=False)
    if access.kind == "none":
        raise ClusterError(access.reason)
    wanted = tuple(dict.fromkeys(namespaces)) or tuple(access.namespaces)
    if access.namespaces and (beyond := [each for each in wanted if each not in access.namespaces]):
        raise ClusterError(outside(beyond, access.namespaces))
    redactor = Redactor(settings.file.redaction_patterns)
    async with opened_api(access, environ) as api:
        recorded = await record(api, target, namespaces=wanted, redactor=redactor, note=note)
    typer.echo(clean("\n".join(_told(recorded))))
    return _WITH_GAPS if recorded.gaps else _WHOLE


def misread(namespaces: Sequence[str], words: Sequence[str]) -> str:
    """Why these options are not taken, as a sentence; empty where they are."""
    said = misread_places(namespaces, words, everywhere=False)
    return said.replace("kaia triage", "kaia record").replace(
        "the context's own namespace", "all namespaces"
    )


def _told(recorded: Recorded) -> Iterator[str]:
    yield f"Recorded {recorded.kubernetes} into {recorded.folder}:"
    yield (
        f"  {_counted(len(recorded.namespaces), 'namespace')}: {spoken(recorded.namespaces) or '-'}"
    )
    yield (
        f"  {_counted(recorded.objects, 'object')} of {_counted(recorded.kinds, 'kind')},"
        f" {_counted(recorded.logs, 'log')}, {_size(recorded.bytes)}"
    )
    yield f"  {_counted(recorded.redactions, 'secret')} replaced by marks"
    yield f"  what recordings of this server share: {recorded.server}"
    held = ", ".join(each.what for each in recorded.withheld if "credentials" in each.why)
    if held:
        yield f"  never recorded: {held}"
    if recorded.gaps:
        yield f"Not read ({len(recorded.gaps)}; all of them stand in recording.json):"
        yield from (f"  {each.what}: {each.why}" for each in recorded.gaps[:_GAPS_TOLD])
    yield "Read it through before you share it: what nothing marks as a secret stays as it is."


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1_000_000 else f"{count / 1e3:.0f} kB"
