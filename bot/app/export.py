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
from bot.conversations.turns.closing.exporting import incident_of, to_do
from bot.conversations.turns.closing.facts import Facts
from bot.conversations.turns.closing.gathering import facts_of
from bot.dialogue import Thread
from bot.errors import KaiaError
from bot.plaintext import clean
from bot.recordings.incident import Incident, Made, make
from bot.recordings.incident.telling import as_of, counted, lacking
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
    typer.echo(clean("\n".join(_told(made, incident))))
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


def _told(made: Made, incident: Incident) -> Iterator[str]:
    folder = made.recorded.folder
    yield f"Exported into {folder}, {as_of(made, incident)}:"
    yield from (f"  {each}" for each in counted(made, incident))
    yield from (f"  {each}" for each in lacking(made, incident))
    yield to_do(incident)
    yield (
        "Who asked is not named. The questions stand as they were asked, with the names in them;"
        " names of your objects and what your programs log are in it too: read it through before"
        " you share it."
    )
    yield f"Try it: `kaia replay {folder}` or `kaia eval --scenarios {folder}`."
