"""What is said in a voice clip: by Slack's own transcription, else by a speech server, else not."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog

from bot.dialogue import Contents, SharedFile
from bot.errors import DeliveryError, SpeechError
from bot.plaintext import clean
from bot.slack.reading.texts import spoken, text_of
from bot.slack.reading.transfers import Transfers
from bot.speech import MOST_BYTES, Speech

log = structlog.get_logger()

PAUSES_SECONDS = (2.0, 2.0, 4.0, 6.0, 6.0)
"""Slack takes up to about twenty seconds for its transcription."""
_PAUSES_WITHOUT_SIGN = 2
_MOST_SUBTITLES = 512 * 1024
_NO_SPEECH = (
    "I cannot listen to this voice clip: Slack has no transcription of it, and no speech server is"
    " set up here. Please write what you said as text."
)
_NOT_DOWNLOADED = "I could not get the voice clip from Slack. Please write what you said as text."

Info = Callable[[str], Awaitable[Mapping[str, Any]]]


class Clips:
    def __init__(
        self,
        info: Info,
        transfers: Transfers,
        speech: Speech | None,
        pauses_seconds: tuple[float, ...],
    ) -> None:
        """`info`: what Slack says of a file now. Raises DeliveryError."""
        self._info = info
        self._transfers = transfers
        self._speech = speech
        self._pauses_seconds = pauses_seconds

    async def heard(self, file: SharedFile, info: Mapping[str, Any]) -> Contents:
        """Raises DeliveryError where Slack cannot be asked."""
        info = await self._transcribed(file, info)
        preview = _part(_part(info, "transcription"), "preview")
        text = clean(str(preview.get("content") or "")).strip()
        if _status(info) == "complete" and text:
            if not preview.get("has_more"):
                return Contents(text)
            whole = await self._subtitles(file, info)
            return Contents(whole or text, is_cut=not whole)
        return await self._by_server(file, info)

    async def _transcribed(self, file: SharedFile, info: Mapping[str, Any]) -> Mapping[str, Any]:
        """What Slack says of the clip once it has its words, or will not have them."""
        for count, pause in enumerate(self._pauses_seconds):
            is_hoped = info.get("subtype") == "slack_audio" and count < _PAUSES_WITHOUT_SIGN
            if _status(info) != "processing" and not (_status(info) == "" and is_hoped):
                break
            await asyncio.sleep(pause)
            info = await self._info(file.id)
        return info

    async def _subtitles(self, file: SharedFile, info: Mapping[str, Any]) -> str:
        """The whole text, of which Slack has shown the beginning; nothing where it fails."""
        try:
            found = await self._transfers.fetch(str(info.get("vtt") or ""), _MOST_SUBTITLES)
        except DeliveryError as error:
            log.warning("slack.subtitles_not_read", file=file.id, problem=str(error))
            return ""
        return spoken(text_of(found.content, is_cut=found.is_cut) or "")

    async def _by_server(self, file: SharedFile, info: Mapping[str, Any]) -> Contents:
        if self._speech is None:
            return Contents(problem=_NO_SPEECH)
        address = str(info.get("url_private_download") or info.get("url_private") or "")
        try:
            # One byte more than is allowed shows that it is too much.
            found = await self._transfers.fetch(address, MOST_BYTES + 1)
            words = await self._speech.transcribe(
                found.content, file.name, str(info.get("mimetype") or "")
            )
        except SpeechError as error:
            return Contents(problem=str(error))
        except DeliveryError as error:
            log.warning("slack.file_not_read", file=file.id, problem=str(error))
            return Contents(problem=_NOT_DOWNLOADED)
        return Contents(clean(words))


def _status(info: Mapping[str, Any]) -> str:
    return str(_part(info, "transcription").get("status") or "")


def _part(found: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = found.get(name)
    return part if isinstance(part, Mapping) else {}
