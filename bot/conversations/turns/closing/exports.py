"""`export` in a thread: its conversation as a scenario, in one file that goes into the thread."""

import asyncio
import tempfile
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import structlog

from bot.cluster.api import ClusterApi
from bot.conversations.records import Conversation, Turn
from bot.conversations.spans import day
from bot.conversations.storage.store import Store
from bot.conversations.turns.closing.exporting import incident_of, to_do
from bot.conversations.turns.closing.facts import Facts
from bot.conversations.turns.closing.gathering import facts_of
from bot.dialogue import Attachment, Audience, Notice, Step, Thread
from bot.errors import ClusterError, RecordingError
from bot.recordings.incident import Incident, Made, make
from bot.recordings.incident.offline import NOTHING_EXPORTED
from bot.recordings.incident.telling import as_of, counted, lacking
from bot.recordings.layout import SERVERS
from bot.redaction import Redactor

_MOST_BYTES = 3 * 2**20
_MOST_SECONDS = 90.0
_THEN = (1980, 1, 1, 0, 0, 0)
"""The first time that a zip file knows: equal content is an equal file."""
NOT_HERE = (
    "There is no `export` here: of this conversation nothing is kept. In Slack `export` makes a"
    " scenario of one, and so does `kaia export`."
)
_NOTHING = "No question was answered here, so there is nothing to export. Mention me to ask one."
_OTHERWISE = "Whoever runs Kaia makes it with `kaia export {thread} -o FOLDER`."
_TOO_LARGE = "The scenario is larger than a file that I share ({size:.1f} MB). " + _OTHERWISE
_LATE = f"The cluster took longer than {_MOST_SECONDS:g} s."
_MADE = (
    "**This conversation as a scenario:** unzip it, then `kaia replay {name}` serves the cluster"
    " {as_of}, and `kaia eval --scenarios {name}` asks any model the same question.\n\n"
    "In it: {counted}."
)
_READ_IT = (
    "Who asked is not named. The questions, names in them, names of objects and logs are in it:"
    " read it through before you hand it on."
)

_log = structlog.get_logger()


class Exports:
    def __init__(
        self,
        store: Store,
        api: ClusterApi,
        redactor: Redactor,
        namespace_for: Callable[[str], str | None],
    ) -> None:
        self._store = store
        self._api = api
        self._redactor = redactor
        self._namespace_for = namespace_for

    async def answer(self, turn: Turn, conversation: Conversation, audience: Audience) -> Notice:
        """Raises StoreError."""
        thread = turn.said.thread
        facts = await facts_of(
            self._store, thread, conversation, cluster="", now=conversation.opened
        )
        if not facts.findings:
            return Notice(_NOTHING)
        await audience.begin()
        await audience.step(Step("putting the incident together"))
        named = f"{thread.channel}:{thread.ts}"
        incident = incident_of(
            facts,
            conversation.notes,
            namespace=self._namespace_for(thread.channel) or "",
            source=named,
        )
        return await self._made(thread, facts, incident, named)

    async def _made(self, thread: Thread, facts: Facts, incident: Incident, named: str) -> Notice:
        name = f"incident-{day(facts.opened)}-{thread.ts.replace('.', '-')}"
        try:
            async with asyncio.timeout(_MOST_SECONDS):
                made, content = await self._zipped(thread, incident, name)
        except (ClusterError, RecordingError, TimeoutError) as error:
            why = _LATE if isinstance(error, TimeoutError) else str(error)
            _log.warning("export.failed", error=type(error).__name__)
            return Notice(_not_made(why, named))
        if len(content) > _MOST_BYTES:
            return Notice(_TOO_LARGE.format(size=len(content) / 1e6, thread=named))
        file = Attachment(f"{name}.zip", _OTHERWISE.format(thread=named), content)
        return Notice(_told(name, made, incident), file)

    async def _zipped(self, thread: Thread, incident: Incident, name: str) -> tuple[Made, bytes]:
        redactor = self._redactor.keyed(self._store.key_of(thread.id))
        with tempfile.TemporaryDirectory(prefix="kaia-export-") as home:
            made = await make(self._api, incident, Path(home) / name, redactor)
            return made, await asyncio.to_thread(zipped, Path(home), name)


def _not_made(why: str, named: str) -> str:
    said = why if why.startswith(NOTHING_EXPORTED) else f"{NOTHING_EXPORTED}. {why}"
    return f"{said} {_OTHERWISE.format(thread=named)}"


def _told(name: str, made: Made, incident: Incident) -> str:
    held = "; ".join(counted(made, incident))
    head = _MADE.format(name=name, as_of=as_of(made, incident), counted=held)
    return "\n\n".join((head, *lacking(made, incident), f"{to_do(incident)} {_READ_IT}"))


def zipped(home: Path, name: str) -> bytes:
    """The folder, with what recordings of its server share inside of it."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file in sorted(each for each in home.rglob("*") if each.is_file()):
            place = file.relative_to(home).as_posix()
            inside = f"{name}/{place}" if place.startswith(f"{SERVERS}/") else place
            entry = zipfile.ZipInfo(inside, _THEN)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, file.read_bytes())
    return packed.getvalue()
