"""A speech server is asked as OpenAI's is; whatever it answers ends in words or in a sentence."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from structlog.testing import capture_logs

from bot.errors import SpeechError
from bot.speech import MOST_BYTES, Speech

KEY = "sk-canary-speech"


@dataclass
class Server:
    """`/v1/audio/transcriptions`, with an answer set by the test."""

    status: int = 200
    body: bytes = b'{"text": " why is pay down? "}'
    hangs: bool = False
    asked: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""

    async def answer(self, request: web.Request) -> web.Response:
        form = await request.post()
        file = form["file"]
        assert isinstance(file, web.FileField)
        with file.file:
            audio = file.file.read()
        self.asked.append(
            {
                "model": form["model"],
                "name": file.filename,
                "kind": file.content_type,
                "audio": audio,
                "key": request.headers.get("Authorization", ""),
            }
        )
        if self.hangs:
            await asyncio.Event().wait()
        return web.Response(status=self.status, body=self.body)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    server = Server()
    application = web.Application(client_max_size=64 * 1024 * 1024)
    application.router.add_post("/v1/audio/transcriptions", server.answer)
    runner = web.AppRunner(application, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield server
    await runner.cleanup()


async def _heard(server: Server, **more: Any) -> str:
    given = {"audio": b"sound", "name": "audio_message.m4a", "mimetype": "audio/mp4"} | more
    speech = Speech(f"{server.url}/v1/", "whisper-1", KEY, timeout_seconds=0.5)
    try:
        return await speech.transcribe(**given)
    finally:
        await speech.aclose()


async def test_the_words_come_back_and_the_file_went_out_with_model_and_key(
    server: Server,
) -> None:
    assert await _heard(server) == "why is pay down?"

    (asked,) = server.asked
    assert asked == {
        "model": "whisper-1",
        "name": "clip.m4a",
        "kind": "audio/mp4",
        "audio": b"sound",
        "key": f"Bearer {KEY}",
    }


async def test_a_local_server_needs_no_key(server: Server) -> None:
    speech = Speech(server.url, "small")
    await speech.transcribe(b"x", "a", "audio/ogg")
    await speech.aclose()

    assert server.asked[0]["key"] == ""


async def test_a_name_and_a_kind_that_somebody_made_up_do_not_go_into_the_request(
    server: Server,
) -> None:
    await _heard(server, name='x"\r\nX-Evil: 1.\r\n', mimetype="audio/mp4\r\nX-Evil: 1")

    assert (server.asked[0]["name"], server.asked[0]["kind"]) == (
        "clip.m4a",
        "application/octet-stream",
    )


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ({"status": 401}, "refused the voice clip (HTTP 401)"),
        ({"status": 500}, "refused the voice clip (HTTP 500)"),
        ({"status": 302}, "refused the voice clip (HTTP 302)"),
        ({"body": b"<html>"}, "did not answer"),
        ({"body": b"[]"}, "did not answer"),
        ({"body": b'{"text": 3}'}, "did not answer"),
        ({"body": b'{"text": "' + b"x" * 2_000_000 + b'"}'}, "did not answer"),
        ({"body": b'{"text": " "}'}, "could hear no words"),
        ({"hangs": True}, "did not answer"),
    ],
)
async def test_every_other_answer_is_a_sentence_that_asks_for_text(
    server: Server, answer: dict[str, Any], sentence: str
) -> None:
    for name, value in answer.items():
        setattr(server, name, value)

    with capture_logs() as logs, pytest.raises(SpeechError, match="as text") as failed:
        await _heard(server)

    assert sentence in str(failed.value)
    assert KEY not in f"{logs}{failed.value}"


async def test_a_server_that_is_not_there_is_said(server: Server) -> None:
    speech = Speech("http://127.0.0.1:9", "m")

    with pytest.raises(SpeechError, match="did not answer"):
        await speech.transcribe(b"x", "a.m4a", "audio/mp4")
    await speech.aclose()
    assert server.asked == []


async def test_too_long_a_clip_is_not_sent(server: Server) -> None:
    with pytest.raises(SpeechError, match="more than 25 MB"):
        await _heard(server, audio=b"x" * (MOST_BYTES + 1))

    assert server.asked == []
