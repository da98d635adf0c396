"""What a workspace is made of, as plain records; no rule of Slack's is applied here."""

from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
ChannelKind = Literal["channel", "group", "im", "mpim"]


@dataclass(slots=True)
class Person:
    """Anybody who can speak: a member, a guest, a stranger of another workspace, a bot."""

    id: str
    name: str
    real_name: str
    team_id: str
    is_restricted: bool = False
    """A guest of several channels."""
    is_ultra_restricted: bool = False
    """A guest of one channel."""
    is_stranger: bool = False
    deleted: bool = False
    bot_id: str = ""
    app_id: str = ""

    @property
    def is_bot(self) -> bool:
        return bool(self.bot_id)


@dataclass(slots=True)
class Message:
    """One message; `version` rises with every change that can be seen."""

    ts: str
    channel: str
    user: str
    text: str
    thread_ts: str | None = None
    subtype: str | None = None
    bot_id: str = ""
    app_id: str = ""
    username: str = ""
    team: str = ""
    client_msg_id: str = ""
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    files: list[str] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    edited: Json | None = None
    unfurl_links: bool | None = None
    """As the app asked for it; None where it said nothing, which means yes for links."""
    unfurl_media: bool | None = None
    stream: "Stream | None" = None
    version: int = 0

    @property
    def is_reply(self) -> bool:
        return self.thread_ts is not None and self.thread_ts != self.ts

    @property
    def is_bot(self) -> bool:
        return bool(self.bot_id)


@dataclass(slots=True)
class Stream:
    """A message that is still being written by chat.appendStream."""

    last_append: float
    started: float
    written: int = 0
    mode: Literal["text", "chunks", ""] = ""
    open: bool = True


@dataclass(slots=True)
class Ephemeral:
    """A message only one person sees; it is in no history."""

    ts: str
    channel: str
    user: str
    text: str
    thread_ts: str | None
    blocks: list[Json]


@dataclass(slots=True)
class Channel:
    id: str
    name: str
    kind: ChannelKind
    members: list[str]
    created: int
    is_archived: bool = False
    is_ext_shared: bool = False
    messages: dict[str, Message] = field(default_factory=dict)
    """By timestamp, in the order they were said."""

    @property
    def channel_type(self) -> str:
        return self.kind


@dataclass(slots=True)
class UserGroup:
    """Several people under one handle, as `@oncall`."""

    id: str
    handle: str
    name: str
    members: list[str]
    created: int
    disabled: bool = False


@dataclass(slots=True)
class Status:
    """ "kaia is thinking…" under a thread, until it expires or something is posted."""

    text: str
    expires: float
    loading_messages: tuple[str, ...] = ()


@dataclass(slots=True)
class Session:
    """An agent session of a thread."""

    status: str = "active"
    title: str = ""
    initiator: str = ""


@dataclass(slots=True)
class ReplyAddress:
    """A `response_url`: answers a click without a token, a few times and for a while."""

    user: str
    channel: str
    message_ts: str
    expires: float
    uses: int = 0


@dataclass(slots=True)
class StoredFile:
    id: str
    name: str
    owner: str
    created: int
    length: int
    content: bytes | None = None
    """None until the bytes have been uploaded."""
    mimetype: str = "text/plain"
    title: str = ""
    subtype: str = ""
    channels: list[str] = field(default_factory=list)
    is_complete: bool = False
    transcription: Json | None = None
    ready_after_looks: int = 0
    """How many more files.info calls see the transcription still processing."""
    spoken: str = ""
    """What a voice clip says, for its transcription; empty where it cannot be made out."""


@dataclass(frozen=True, slots=True)
class ApiCall:
    """A Web API call as it was made and answered; `error` is empty where it was ok."""

    method: str
    arguments: Json
    error: str
    at: float
