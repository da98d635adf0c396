"""What is in a file that somebody shared: its text, or the words of a voice clip.

It asks Slack anew when it is read, keeps nothing, and never raises: what cannot be had is said.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

import structlog

from bot.dialogue import Contents, SharedFile
from bot.errors import DeliveryError
from bot.slack.reading.clips import PAUSES_SECONDS, Clips
from bot.slack.reading.kinds import kind_of
from bot.slack.reading.texts import text_of
from bot.slack.reading.transfers import Transfers
from bot.slack.sending.capabilities import NOT_FOR_US
from bot.slack.sending.outbound import CallRefused, Method, Outbound
from bot.slack.wording.text import code
from bot.speech import Speech

log = structlog.get_logger()

_MOST_BYTES = 256 * 1024
_LONGEST_SECONDS = 120.0
_AS_TEXT = "Please paste the part that matters as text."


class FileReader:
    def __init__(
        self,
        outbound: Outbound,
        speech: Speech | None = None,
        *,
        pauses_seconds: tuple[float, ...] = PAUSES_SECONDS,
    ) -> None:
        """`speech` turns clips into words where Slack has none of its own."""
        self._outbound = outbound
        self._refusal = ""
        """Why Slack will never say what is in a file."""
        self._transfers = Transfers(outbound)
        self._clips = Clips(self._info, self._transfers, speech, pauses_seconds)

    async def contents(self, file: SharedFile) -> Contents:
        try:
            async with asyncio.timeout(_LONGEST_SECONDS):
                return await self._read(file)
        except (DeliveryError, TimeoutError) as error:
            log.warning("slack.file_not_read", file=file.id, problem=str(error))
            return Contents(problem=_not_read(file, error))

    async def _read(self, file: SharedFile) -> Contents:
        info = await self._info(file.id)
        if info.get("mode") == "external" or info.get("is_external"):
            return _problem(file, "is kept outside Slack, where I do not go")
        match kind_of(info):
            case "voice":
                return await self._clips.heard(file, info)
            case "text":
                return await self._text(file, info)
            case _:
                return _problem(file, "is not a text file, so I cannot read it")

    async def _text(self, file: SharedFile, info: Mapping[str, Any]) -> Contents:
        found = await self._transfers.fetch(address_of(info), _MOST_BYTES)
        is_page = found.mimetype == "text/html" and "html" not in str(info.get("mimetype"))
        if is_page:
            # Slack shows its login page to whoever may not have the file.
            return _problem(file, "was not given to me by Slack")
        text = text_of(found.content, is_cut=found.is_cut)
        if text is None:
            return _problem(file, "holds no readable text")
        if not text.strip():
            return _problem(file, "is empty")
        return Contents(text, is_cut=found.is_cut)

    async def _info(self, file: str) -> Mapping[str, Any]:
        """Raises DeliveryError."""
        if self._refusal:
            raise CallRefused(Method.FILE_INFO, self._refusal)
        try:
            answer = await self._outbound.call(Method.FILE_INFO, file=file)
        except CallRefused as refused:
            if refused.code in NOT_FOR_US:
                self._refusal = refused.code
                log.warning(
                    "slack.capability_off",
                    method=Method.FILE_INFO,
                    code=refused.code,
                    needed=refused.needed,
                )
            raise
        info = answer.get("file")
        return info if isinstance(info, Mapping) else {}


def address_of(info: Mapping[str, Any]) -> str:
    return str(info.get("url_private_download") or info.get("url_private") or "")


def _problem(file: SharedFile, what: str) -> Contents:
    return Contents(problem=f"The file {code(file.name)} {what}. {_AS_TEXT}")


def _not_read(file: SharedFile, error: Exception) -> str:
    name = f"the file {code(file.name)}"
    if isinstance(error, CallRefused):
        match error.code:
            case "missing_scope" | "unknown_method":
                return (
                    f"I may not read files here, so I do not know what is in {name}. {_AS_TEXT}"
                    " Whoever runs Kaia can give it the scope files:read."
                )
            case "file_not_found" | "file_deleted":
                return f"Slack no longer has {name}. {_AS_TEXT}"
    return f"I could not get {name} from Slack. {_AS_TEXT}"
