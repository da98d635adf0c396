"""A text too long for a message, shared in its thread as a file: an addition that may fail.

Its message waits for it, and so it is not waited for long. It never shares one twice: whether an
unclear sharing was done is for its caller to look up.
"""

import asyncio

import structlog

from bot.dialogue import Attachment, Thread
from bot.errors import DeliveryError
from bot.plaintext import clean
from bot.slack.sending.capabilities import NEVER, has_hung
from bot.slack.sending.outbound import CallRefused, CallUnclear, Method, Outbound
from bot.slack.sending.resting import Resting
from bot.slack.wording.text import file_name, safe_file

log = structlog.get_logger()

_NEVER = NEVER | {"file_uploads_disabled", "restricted_action"}
_FIRST_SECONDS = 2.5
"""For the address, which Slack knows without any work."""
_STEP_SECONDS = 5.0
"""For either of the two steps after it."""
_UPLOAD = "uploads of files"


class Files:
    def __init__(self, outbound: Outbound, resting: Resting | None = None) -> None:
        self._outbound = outbound
        self._resting = resting or Resting()
        self._is_off = False

    async def share(self, attachment: Attachment, thread: Thread) -> bool:
        """Whether it is in the thread. Raises CallUnclear where it may be, and nothing else."""
        name = file_name(attachment.name)
        if attachment.content:
            return await self.share_bytes(name, attachment.content, thread)
        words = safe_file if name.endswith(".md") else clean
        return await self.share_bytes(name, words(attachment.text).encode(), thread)

    async def share_bytes(
        self, name: str, content: bytes, thread: Thread, *, shows: str = ""
    ) -> bool:
        """The same of what is no text; `shows` says for screen readers what is to be seen."""
        if self._is_off or not content or not self._resting.may_try(_UPLOAD):
            return False
        file = await self._uploaded(name, content, shows)
        if not file or not await self._completed(file, name, thread):
            return False
        self._resting.answered(_UPLOAD)
        return True

    async def _uploaded(self, name: str, content: bytes, shows: str) -> str:
        """The id of a file that nobody sees yet; empty where there is none."""
        try:
            given = await self._outbound.call(
                Method.GET_UPLOAD_ADDRESS,
                timeout_seconds=_FIRST_SECONDS,
                filename=name,
                length=len(content),
                alt_txt=shows or None,
            )
            async with asyncio.timeout(_STEP_SECONDS):
                await self._outbound.upload(str(given.get("upload_url") or ""), content)
        except TimeoutError:
            self._resting.unanswered(_UPLOAD)
            log.warning("slack.file_not_attached", problem="its upload took too long")
            return ""
        except DeliveryError as error:
            self._failed(error)
            return ""
        return str(given.get("file_id") or "")

    async def _completed(self, file: str, name: str, thread: Thread) -> bool:
        try:
            await self._outbound.call(
                Method.COMPLETE_UPLOAD,
                timeout_seconds=_STEP_SECONDS,
                files=[{"id": file, "title": name}],
                channel_id=thread.channel,
                thread_ts=thread.ts,
            )
        except CallUnclear as error:
            self._failed(error)
            raise
        except DeliveryError as error:
            self._failed(error)
            return False
        return True

    def _failed(self, error: DeliveryError) -> None:
        if has_hung(error):
            self._resting.unanswered(_UPLOAD)
        if isinstance(error, CallRefused) and error.code in _NEVER:
            self._is_off = True
            log.warning("slack.files_off", code=error.code, needed=error.needed)
        else:
            log.warning("slack.file_not_attached", problem=str(error))
