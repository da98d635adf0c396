"""Voice clips turned into words by a server with OpenAI's `/v1/audio/transcriptions`.

Local Whisper servers speak it too. It keeps nothing and logs neither sound, words nor key.
"""

import asyncio
import json
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import structlog

from bot.errors import SpeechError
from bot.settings import is_this_machine

log = structlog.get_logger()

MOST_BYTES = 25 * 1024 * 1024
"""What OpenAI takes; a minute of speech has about half a megabyte."""
_SECONDS = 60.0
_MOST_ANSWERED = 1024 * 1024
_AS_TEXT = "Please write what you said as text."


class Speech:
    def __init__(
        self, url: str, model: str, api_key: str = "", *, timeout_seconds: float = _SECONDS
    ) -> None:
        """`url` is the server's, with or without `/v1` at its end. Nothing is connected yet."""
        base = url.rstrip("/").removesuffix("/v1")
        self._address = f"{base}/v1/audio/transcriptions"
        self._model = model
        self._headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._timeout_seconds = timeout_seconds
        self._session: aiohttp.ClientSession | None = None

    async def transcribe(self, audio: bytes, name: str, mimetype: str) -> str:
        """What is said in it. Raises SpeechError, also for silence."""
        if len(audio) > MOST_BYTES:
            raise SpeechError(f"The voice clip has more than 25 MB. {_AS_TEXT}")
        try:
            async with asyncio.timeout(self._timeout_seconds):
                answer = await self._asked(audio, name, mimetype)
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
            log.warning("speech.failed", problem=type(error).__name__)
            raise SpeechError(
                f"The server that turns speech into text did not answer. {_AS_TEXT}"
            ) from error
        if not answer:
            raise SpeechError(f"I could hear no words in the voice clip. {_AS_TEXT}")
        return answer

    async def aclose(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _asked(self, audio: bytes, name: str, mimetype: str) -> str:
        async with self._opened().post(
            self._address,
            data=self._form(audio, name, mimetype),
            headers=self._headers,
            allow_redirects=False,
        ) as answer:
            if answer.status != 200:
                log.warning("speech.refused", status=answer.status)
                raise SpeechError(
                    "The server that turns speech into text refused the voice clip"
                    f" (HTTP {answer.status}). {_AS_TEXT}"
                )
            body = bytearray()
            async for part in answer.content.iter_chunked(64 * 1024):
                body += part
                if len(body) > _MOST_ANSWERED:
                    raise ValueError("too long")
        return _words(json.loads(bytes(body)))

    def _form(self, audio: bytes, name: str, mimetype: str) -> aiohttp.FormData:
        form = aiohttp.FormData()
        form.add_field("model", self._model)
        form.add_field("response_format", "json")
        form.add_field("file", audio, filename=_plain(name), content_type=_kind(mimetype))
        return form

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            # Proxies are meant for elsewhere: none gets what is said to this very machine.
            is_here = is_this_machine(urlsplit(self._address).hostname or "")
            self._session = aiohttp.ClientSession(trust_env=not is_here)
        return self._session


def _words(answered: Any) -> str:
    text = answered.get("text") if isinstance(answered, dict) else None
    if not isinstance(text, str):
        raise ValueError("no text")
    return text.strip()


def _plain(name: str) -> str:
    """Servers tell the format by the name's end; the rest of it is nobody's business."""
    ending = name.rpartition(".")[2] if "." in name else ""
    return f"clip.{ending if ending.isalnum() and len(ending) <= 5 else 'm4a'}"


def _kind(mimetype: str) -> str:
    kind, _, rest = mimetype.partition("/")
    is_plain = kind in {"audio", "video"} and rest.replace("-", "").replace(".", "").isalnum()
    return mimetype if is_plain else "application/octet-stream"
