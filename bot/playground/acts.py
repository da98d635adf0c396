"""What a person does at the page, as whoever they chose to be; refuses what Slack's would."""

import base64
import binascii
from collections.abc import Awaitable, Callable, Mapping
from mimetypes import guess_type

from bot.playground import view
from bot.playground.deliveries import Delivery
from bot.playground.objects import Channel, Json, Message, Person
from bot.playground.workspace import Workspace

Act = Callable[[Json], Awaitable[None]]

_LONGEST_TEXT = 12_000
_LARGEST_FILE = 5 * 1024 * 1024
_MOST_FILES = 10


class Acts:
    """Each raises LookupError, in words for the person, where it cannot be done."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    @property
    def by_name(self) -> Mapping[str, Act]:
        return {
            "say": self._say,
            "edit": self._edit,
            "delete": self._delete,
            "click": self._click,
            "stop": self._stop,
            "shortcut": self._shortcut,
            "forward": self._forward,
            "open": self._open,
            "click_home": self._click_home,
        }

    def _speaker(self, said: Json) -> Person:
        person = self._workspace.directory.person(str(said.get("user", "")))
        if person not in view.speakers(self._workspace):
            raise LookupError("that person cannot speak here")
        return person

    def _speaker_in(self, said: Json) -> tuple[Person, Channel]:
        person = self._speaker(said)
        channel = self._workspace.directory.channel(str(said.get("channel", "")))
        if person.id not in channel.members:
            raise LookupError("that person cannot speak in this channel")
        if channel.is_archived:
            raise LookupError("this channel is archived")
        return person, channel

    async def _say(self, said: Json) -> None:
        person, channel = self._speaker_in(said)
        thread_ts = str(said.get("thread_ts") or "") or None
        if thread_ts is not None and thread_ts not in channel.messages:
            raise LookupError("that thread is gone")
        files = [self._share(person, file) for file in _files(said)]
        if (text := _text(said)) or files:
            is_broadcast = thread_ts is not None and said.get("broadcast") is True
            self._workspace.say(
                person.id, channel.id, text, thread_ts, broadcast=is_broadcast, files=files
            )

    def _share(self, person: Person, file: Json) -> str:
        """A file as it was chosen; sound becomes a voice clip that says what the page was told."""
        name = str(file.get("name") or "file").replace("/", "_")
        content, kind = _content(file), guess_type(name)[0] or "text/plain"
        if not kind.startswith("audio/"):
            return self._workspace.share_file(name, content, user=person.id, mimetype=kind)
        spoken = str(file.get("spoken") or "").strip()[:_LONGEST_TEXT]
        clip = self._workspace.share_clip(spoken, user=person.id, mimetype=kind)
        stored = self._workspace.files[clip]
        stored.name, stored.content, stored.length = name, content, len(content)
        return clip

    def _message(self, said: Json) -> tuple[Person, Channel, Message]:
        person, channel = self._speaker_in(said)
        message = channel.messages.get(str(said.get("ts", "")))
        if message is None:
            raise LookupError("that message is gone")
        return person, channel, message

    def _own_message(self, said: Json) -> Message:
        person, _, message = self._message(said)
        if message.user != person.id:
            raise LookupError("only who wrote a message may change it")
        return message

    async def _edit(self, said: Json) -> None:
        message = self._own_message(said)
        if not (text := _text(said)):
            raise LookupError("an edited message needs some words; delete it to take it away")
        self._workspace.edit(message.channel, message.ts, text)

    async def _delete(self, said: Json) -> None:
        message = self._own_message(said)
        self._workspace.delete(message.channel, message.ts)

    async def _click(self, said: Json) -> None:
        person, channel = self._speaker_in(said)
        ts, action = str(said.get("ts", "")), str(said.get("action_id", ""))
        await self._taken(self._workspace.click(person.id, channel.id, ts, action, _value(said)))

    async def _click_home(self, said: Json) -> None:
        person, action = self._speaker(said), str(said.get("action_id", ""))
        await self._taken(self._workspace.click_home(person.id, action, _value(said)))

    async def _shortcut(self, said: Json) -> None:
        person, channel, message = self._message(said)
        callback_id = str(said.get("callback_id", ""))
        pressed = self._workspace.use_shortcut(person.id, channel.id, message.ts, callback_id)
        await self._taken(pressed)

    async def _taken(self, pressed: Delivery | None) -> None:
        """Returns when the app has taken the press, as Slack's spinner on a button does."""
        if pressed is None:
            raise LookupError("the app's manifest switches interactivity off")
        await self._workspace.changes.until(lambda: pressed.acked or pressed.given_up)
        if not pressed.acked:
            raise LookupError(f"{self._workspace.bot.name} did not take the press; try again")

    async def _forward(self, said: Json) -> None:
        """To the direct messages with the app."""
        person, channel, message = self._message(said)
        home = self._workspace.direct(person.id)
        self._workspace.forward(person.id, home.id, channel.id, message.ts, _text(said))

    async def _open(self, said: Json) -> None:
        person = self._speaker(said)
        self._workspace.open_home(person.id, "home" if said.get("tab") == "home" else "messages")

    async def _stop(self, said: Json) -> None:
        person, channel = self._speaker_in(said)
        self._workspace.stop(person.id, channel.id, str(said.get("thread_ts", "")))


def _text(said: Json) -> str:
    return str(said.get("text", "")).strip()[:_LONGEST_TEXT]


def _value(said: Json) -> str | None:
    return str(said["value"]) if said.get("value") is not None else None


def _files(said: Json) -> list[Json]:
    found = said.get("files") or []
    if not isinstance(found, list) or len(found) > _MOST_FILES:
        raise LookupError(f"a message takes up to {_MOST_FILES} files")
    return [file for file in found if isinstance(file, dict)]


def _content(file: Json) -> bytes:
    """What came as base64."""
    try:
        content = base64.b64decode(str(file.get("content") or ""), validate=True)
    except binascii.Error:
        raise LookupError("that file did not arrive whole") from None
    if len(content) > _LARGEST_FILE:
        raise LookupError(f"a file here may have {_LARGEST_FILE // 1024 // 1024} MB")
    return content
