"""A shared file is read when its turn comes: bounded, from Slack alone, and never with a crash."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from structlog.testing import capture_logs

from bot.dialogue import Contents, SharedFile
from bot.playground.faults import FaultKind
from bot.playground.manifest import Grants
from bot.playground.server import PlaygroundServer
from bot.playground.workspace import Workspace
from bot.slack.reading.files import FileReader
from bot.slack.reading.kinds import shared_file, shared_files
from bot.slack.reading.texts import spoken, text_of
from bot.slack.reading.transfers import is_slacks
from bot.slack.sending.outbound import Outbound
from bot.speech import Speech

SLACK = "https://slack.com/api/"
VTT = """WEBVTT

NOTE made by a machine

1
00:00:00.000 --> 00:00:02.000 align:start
<v Ann>why is pay

2
00:02.000 --> 00:04.000
down &amp; out?
"""


@pytest.fixture
def reader(outbound: Outbound) -> FileReader:
    return FileReader(outbound, pauses_seconds=(0.01,) * 5)


def _shared(slack: Workspace, name: str, content: bytes, **more: Any) -> SharedFile:
    file = slack.share_file(name, content, **more)
    return SharedFile(file, name, "text")


def _clip(slack: Workspace, **more: Any) -> SharedFile:
    file = slack.share_file("a.m4a", b"sound", mimetype="audio/mp4", subtype="slack_audio", **more)
    return SharedFile(file, "a.m4a", "voice")


class TestText:
    async def test_it_is_downloaded_and_cleaned(self, reader: FileReader, slack: Workspace) -> None:
        file = _shared(slack, "pod.yaml", "kind: Pod\r\nname: \x1b[2Jpäy\u202e\n".encode())

        assert await reader.contents(file) == Contents("kind: Pod\nname: päy\n")

    async def test_of_a_long_one_the_beginning_is_read(
        self, reader: FileReader, slack: Workspace
    ) -> None:
        found = await reader.contents(_shared(slack, "x.log", b"a" + "é".encode() * 300_000))

        assert found.is_cut
        assert len(found.text.encode()) <= 256 * 1024
        assert found.text.endswith("é")

    @pytest.mark.parametrize(
        ("content", "more", "sentence"),
        [
            (b"\x7fELF\0\0\0", {}, "holds no readable text"),
            (b"\xff\xd8\xff\xe0" * 20, {}, "holds no readable text"),
            (b" \n", {}, "is empty"),
            (b"PNG", {"mimetype": "image/png"}, "is not a text file"),
        ],
    )
    async def test_what_is_no_text_is_said(
        self,
        reader: FileReader,
        slack: Workspace,
        content: bytes,
        more: dict[str, Any],
        sentence: str,
    ) -> None:
        found = await reader.contents(_shared(slack, "core", content, **more))

        assert found.text == ""
        assert sentence in found.problem
        assert "as text" in found.problem

    @pytest.mark.parametrize("kind", ["ratelimited", "server_error", "hang", "drop", "error"])
    async def test_whatever_slack_does_there_is_a_sentence(
        self, reader: FileReader, slack: Workspace, kind: FaultKind
    ) -> None:
        file = _shared(slack, "a.txt", b"a")
        # aiohttp itself asks once more where a connection was cut.
        slack.faults.add("files.info", kind, times=2, code="file_not_found")

        found = await reader.contents(file)

        assert found.text == ""
        assert "`a.txt`" in found.problem

    async def test_without_the_scope_it_is_named(
        self, reader: FileReader, slack: Workspace, manifest: dict[str, Any]
    ) -> None:
        manifest["oauth_config"]["scopes"]["bot"].remove("files:read")
        slack.grants = Grants(manifest)

        assert "files:read" in (await reader.contents(_shared(slack, "a.txt", b"a"))).problem

    async def test_a_name_closes_no_code_and_pings_nobody(self, reader: FileReader) -> None:
        file = SharedFile("F0GONE", "`x` <!channel>", "text")

        problem = (await reader.contents(file)).problem

        assert problem.count("`") == 2

    def test_bytes_in_other_encodings_are_read(self) -> None:
        assert text_of("\ufeffä".encode("utf-16-le"), is_cut=False) == "ä"
        assert text_of("\ufeffä".encode(), is_cut=False) == "ä"
        assert text_of(b"caf\xe9 is a word in Latin-1", is_cut=False) == (
            "caf\ufffd is a word in Latin-1"
        )


class TestVoice:
    async def test_slacks_own_transcription_is_waited_for(
        self, reader: FileReader, slack: Workspace
    ) -> None:
        going_on = {"status": "processing"}
        for words in ("why is pay down?", "why is pay down? " * 40 + "Tell me."):
            clip = _clip(slack, transcription=going_on, ready_after_looks=3, spoken=words)

            assert await reader.contents(clip) == Contents(words)

    async def test_what_never_comes_is_asked_for_as_text(
        self, reader: FileReader, slack: Workspace
    ) -> None:
        going_on = {"status": "processing"}
        for transcription in (None, going_on, {"status": "failed"}):
            clip = _clip(slack, transcription=transcription, ready_after_looks=99)
            found = await reader.contents(clip)

            assert found.text == ""
            assert "write what you said as text" in found.problem

    async def test_a_speech_server_hears_what_slack_does_not(
        self, outbound: Outbound, slack: Workspace, listener: "Listener"
    ) -> None:
        speech = Speech(listener.url, "small")
        reader = FileReader(outbound, speech, pauses_seconds=())

        found = await reader.contents(_clip(slack))
        await speech.aclose()

        assert found == Contents("restart it")
        assert listener.heard == [b"sound"]

    async def test_a_speech_server_that_fails_is_a_sentence(
        self, outbound: Outbound, slack: Workspace
    ) -> None:
        speech = Speech("http://127.0.0.1:9", "small")
        found = await FileReader(outbound, speech, pauses_seconds=()).contents(_clip(slack))
        await speech.aclose()

        assert "did not answer" in found.problem

    def test_subtitles_are_read_as_what_was_said(self) -> None:
        assert spoken(VTT) == "why is pay down & out?"


class Elsewhere:
    """A Slack of its own whose file answers are set by the test."""

    def __init__(self) -> None:
        self.url = ""
        self.file: dict[str, Any] = {}
        self.location = ""
        self.tokens: list[str] = []

    async def info(self, request: web.Request) -> web.Response:
        del request
        return web.json_response({"ok": True, "file": self.file})

    async def subtitles(self, request: web.Request) -> web.Response:
        self.tokens.append(request.headers.get("Authorization", ""))
        return web.Response(text=VTT, content_type="text/vtt")

    async def login(self, request: web.Request) -> web.Response:
        del request
        return web.Response(text="<html>Sign in</html>", content_type="text/html")

    async def moved(self, request: web.Request) -> web.Response:
        del request
        return web.Response(status=302, headers={"Location": self.location})


class Listener(Elsewhere):
    def __init__(self) -> None:
        super().__init__()
        self.heard: list[bytes] = []

    async def transcribe(self, request: web.Request) -> web.Response:
        file = (await request.post())["file"]
        assert isinstance(file, web.FileField)
        self.heard.append(file.file.read())
        return web.Response(text=json.dumps({"text": "restart it"}))


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    listener = Listener()
    application = web.Application()
    application.add_routes(
        [
            web.get("/api/files.info", listener.info),
            web.get("/vtt", listener.subtitles),
            web.get("/login", listener.login),
            web.get("/moved", listener.moved),
            web.post("/v1/audio/transcriptions", listener.transcribe),
        ]
    )
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    listener.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield listener
    await runner.cleanup()


class TestAddresses:
    @pytest.fixture
    def there(self, outbound: Outbound, listener: Listener) -> FileReader:
        outbound.client.base_url = f"{listener.url}/api/"
        return FileReader(outbound, pauses_seconds=())

    async def test_the_whole_of_a_long_clip_is_read_from_its_subtitles(
        self, there: FileReader, listener: Listener, server: PlaygroundServer
    ) -> None:
        preview = {"content": "why is", "has_more": True}
        done = {"status": "complete", "preview": preview}
        listener.file = {"subtype": "slack_audio", "transcription": done}
        clip = SharedFile("F1", "a.m4a", "voice")
        listener.file["vtt"] = f"{listener.url}/vtt"
        assert await there.contents(clip) == Contents("why is pay down & out?")
        assert listener.tokens == [f"Bearer {server.bot_token}"]

        listener.file["vtt"] = "https://evil.example/vtt"
        assert await there.contents(clip) == Contents("why is", is_cut=True)

    @pytest.mark.parametrize("way", ["address", "redirect"])
    async def test_the_token_goes_to_nobody_else(
        self, there: FileReader, listener: Listener, way: str
    ) -> None:
        elsewhere = listener.url.replace("127.0.0.1", "localhost") + "/vtt"
        listener.location = elsewhere
        address = elsewhere if way == "address" else f"{listener.url}/moved"
        listener.file = {"mimetype": "text/plain", "url_private": address}

        with capture_logs() as logs:
            found = await there.contents(SharedFile("F1", "a.txt", "text"))

        assert found.problem
        assert listener.tokens == []
        assert "not_of_slack" in str(logs)

    async def test_slacks_login_page_is_not_taken_for_the_file(
        self, there: FileReader, listener: Listener
    ) -> None:
        listener.file = {"mimetype": "text/plain", "url_private": f"{listener.url}/login"}

        found = await there.contents(SharedFile("F1", "a.txt", "text"))

        assert "was not given to me by Slack" in found.problem

    @pytest.mark.parametrize(
        "file",
        [{"mode": "external", "mimetype": "text/plain"}, {}, {"mimetype": "text/plain"}],
    )
    async def test_a_file_that_slack_does_not_hold_is_left_alone(
        self, there: FileReader, listener: Listener, file: dict[str, Any]
    ) -> None:
        listener.file = file

        assert (await there.contents(SharedFile("F1", "a.txt", "text"))).problem

    @pytest.mark.parametrize(
        ("address", "api", "expected"),
        [
            ("https://files.slack.com/files-pri/T1-F1/a.txt", SLACK, True),
            ("https://acme.slack.com/files/a.txt", SLACK, True),
            ("https://hooks.slack.com/actions/1", SLACK, True),
            ("https://slack.com/files", SLACK, True),
            ("https://files.slack.com/x", "https://acme.slack.com/api/", True),
            ("http://files.slack.com/x", SLACK, False),
            ("https://files.slack.com:8443/x", SLACK, False),
            ("https://me@files.slack.com/x", SLACK, False),
            ("https://files.slack.com@evil.example/x", SLACK, False),
            ("https://evilslack.com/x", SLACK, False),
            ("https://files.slack.com.evil.example/x", SLACK, False),
            ("ftp://files.slack.com/x", SLACK, False),
            ("", SLACK, False),
            ("https://files.slack.com:x/", SLACK, False),
            ("http://127.0.0.1:9/x", "http://127.0.0.1:80/api/", True),
            ("http://127.0.0.2:9/x", "http://127.0.0.1:80/api/", False),
            ("https://files.slack.com/x", "http://127.0.0.1:80/api/", False),
            ("https://files.chat.acme.org/x", "https://chat.acme.org/api/", True),
            ("http://chat.acme.org/x", "https://chat.acme.org/api/", False),
        ],
    )
    def test_an_address_is_slacks_or_it_is_not(
        self, address: str, api: str, *, expected: bool
    ) -> None:
        assert is_slacks(address, api) is expected


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ({"mimetype": "text/x-log"}, "text"),
        ({"mimetype": "application/json"}, "text"),
        ({"mimetype": "application/octet-stream", "filetype": "yaml"}, "text"),
        ({"mimetype": "application/octet-stream", "name": "kubelet.LOG"}, "text"),
        ({"file_access": "check_file_info"}, "text"),
        ({"mimetype": "video/mp4", "subtype": "slack_audio"}, "voice"),
        ({"mimetype": "audio/webm"}, "voice"),
        ({"mimetype": "video/mp4"}, "other"),
        ({"mimetype": "image/svg+xml", "name": "a.xml"}, "other"),
        ({"mimetype": "application/zip", "filetype": "zip"}, "other"),
    ],
)
def test_a_kind_is_what_slack_says_of_it(file: dict[str, Any], kind: str) -> None:
    assert shared_file({"id": "F1", **file}).kind == kind


def test_names_are_cleaned_and_odd_lists_are_read_past() -> None:
    odd = {"files": [3, {"name": "no id"}, {"id": "F1", "mode": "tombstone"}, {"id": "F2"}]}
    (nameless,) = shared_files(odd)
    assert (nameless.name, nameless.bytes) == ("a file without a name", 0)

    named = {"id": "F3", "name": "a\n\x1b[2Jb\u202e" + "x" * 99, "size": "big"}
    assert shared_file(named).name == "a b" + "x" * 77
    assert shared_files({"files": "x"}) == ()
    assert len(shared_files({"files": [{"id": str(n)} for n in range(99)]})) == 10
