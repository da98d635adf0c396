"""`kaia export`: a conversation as a scenario, beside a Kaia that may be running."""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import typer

from bot.app.threads import opened_thread
from bot.cluster.access import find_access
from bot.cluster.api import opened_api
from bot.conversations.records import Conversation
from bot.conversations.turns.closing.exporting import confirmed, incident_of
from bot.conversations.turns.closing.facts import Facts
from bot.conversations.turns.closing.gathering import facts_of
from bot.dialogue import Thread
from bot.errors import KaiaError
from bot.plaintext import clean
from bot.recordings.incident import Incident, Made, make
from bot.recordings.incident.assembling import Origin
from bot.redaction import Redactor
from bot.settings import Settings

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_WHOLE, _WITH_GAPS = 0, 1


@dataclass(frozen=True, slots=True)
class _Read:
    """What the store has of one conversation."""

    thread: Thread
    conversation: Conversation
    facts: Facts
    key: bytes


async def run_export(
    settings: Settings,
    named: str,
    target: Path,
    context: str | None = None,
    environ: Mapping[str, str] = os.environ,
) -> int:
    """Raises SettingsError, StoreError, ClusterError and RecordingError; then leaves nothing."""
    _check_name(target)
    read = await _read(settings, named)
    place = read.thread
    source = named.strip().strip("<>") if "://" in named else f"{place.channel}:{place.ts}"
    namespace = settings.file.channel_namespaces.get(place.channel, "")
    incident = incident_of(read.facts, read.conversation.notes, namespace=namespace, source=source)
    redactor = Redactor(settings.file.redaction_patterns).keyed(read.key)
    made = await _made(settings, incident, target, redactor, context, environ)
    typer.echo(clean("\n".join(_told(made, incident, read.facts))))
    return _WITH_GAPS if made.recorded.gaps else _WHOLE


def _check_name(target: Path) -> None:
    if not _NAME.fullmatch(target.name):
        raise KaiaError(
            f"{target.name[:80]!r} is no name of a scenario. Name another folder with -o: letters,"
            " digits, dots, dashes and underscores."
        )


async def _read(settings: Settings, named: str) -> _Read:
    """Of the first workspace that has it, where there are several."""
    async with opened_thread(settings, named) as found:
        store, channel, root = found.store, found.channel, found.root
        thread = Thread(found.threads[0].removesuffix(f":{channel}:{root}"), channel, root)
        conversation = await store.conversation(thread.id)
        facts = await facts_of(store, thread, conversation, cluster="", now=conversation.opened)
        if not facts.findings:
            raise KaiaError(
                f"In {channel}:{root} no question was answered, so there is nothing to export."
            )
        return _Read(thread, conversation, facts, store.key_of(thread.id))


async def _made(
    settings: Settings,
    incident: Incident,
    target: Path,
    redactor: Redactor,
    context: str | None,
    environ: Mapping[str, str],
) -> Made:
    access = await find_access(environ, context=context, namespaces=settings.namespaces, asks=False)
    async with opened_api(access, environ) as api:
        return await make(api, incident, target, redactor)


def _told(made: Made, incident: Incident, facts: Facts) -> Iterator[str]:
    counts = made.counts
    yield f"Exported into {made.recorded.folder}, as it was at {made.at:%Y-%m-%d %H:%M} UTC:"
    for origin in Origin:
        if counts.get(origin):
            noun = "object" if counts[origin] == 1 else "objects"
            yield f"  {counts[origin]:,} {noun} {origin.value}"
    answering = sum(each.answers for each in incident.receipts)
    yield f"  {answering:,} outputs of commands, which a replay by `kaia eval` gives again"
    if not made.is_read_now:
        yield "  The cluster did not answer: only what was kept of the conversation is in it."
    if incident.kept is None:
        yield (
            "  Of this conversation no look was kept: what is in it is the cluster as it is now,"
            " and may be mended already."
        )
    if made.recorded.gaps:
        yield f"  {len(made.recorded.gaps):,} things not read stand in recording.json."
    if confirmed(facts) is None:
        yield "Nothing was confirmed there: write what it must say into scenario.yaml."
    else:
        yield "Read `must` in scenario.yaml: it is what answers have to say, by rule."
    yield (
        "Nobody's name is in it. The question stands as it was asked, and names of your objects and"
        " what your programs log are in it too: read it through before you share it."
    )
    folder = made.recorded.folder
    yield f"Try it: `kaia replay {folder}` or `kaia eval --scenarios {folder}`."
