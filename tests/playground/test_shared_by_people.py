"""What people share beside words: files, voice clips, messages of other channels."""

import aiohttp
import pytest

from bot.playground import PlaygroundServer, Workspace
from bot.playground.manifest import Grants
from tests.playground.conftest import Ask
from tests.playground.hearing import Ear

SPOKEN = "Why is checkout down? " * 6


@pytest.fixture
def heard(workspace: Workspace) -> Ear:
    return Ear(workspace)


def test_a_voice_clip_is_told_of_as_slack_tells_of_it(workspace: Workspace, heard: Ear) -> None:
    workspace.say("ann", "incidents", "", files=[workspace.share_clip("why?")])
    event = heard.last()
    [file] = event["files"]

    assert (event["type"], event["subtype"], event["text"]) == ("message", "file_share", "")
    assert (file["subtype"], file["mimetype"]) == ("slack_audio", "audio/mp4")
    assert file["transcription"] == {"status": "processing", "locale": "en-US"}
    assert "vtt" not in file


async def test_a_clips_words_are_there_after_some_looks_and_in_full_behind_an_address(
    workspace: Workspace, ask: Ask, server: PlaygroundServer, http: aiohttp.ClientSession
) -> None:
    clip = workspace.share_clip(SPOKEN.strip(), looks=2)
    workspace.say("ann", "incidents", "", files=[clip])
    looks = [(await ask("files.info", file=clip))["file"] for _ in range(3)]
    headers = {"Authorization": f"Bearer {server.bot_token}"}
    async with (
        http.get(looks[-1]["vtt"], headers=headers) as mine,
        http.get(looks[-1]["vtt"]) as bare,
    ):
        subtitles, stranger = await mine.text(), bare.content_type

    assert [look["transcription"]["status"] for look in looks] == [
        "processing",
        "processing",
        "complete",
    ]
    assert looks[-1]["transcription"]["preview"]["has_more"] is True
    assert SPOKEN.startswith(looks[-1]["transcription"]["preview"]["content"])
    assert subtitles.startswith("WEBVTT\n\n00:00.000 --> 00:01.600\nWhy is checkout down?")
    assert subtitles.count("Why is checkout down?") == 6
    assert stranger == "text/html"


async def test_a_clip_that_cannot_be_made_out_says_so(workspace: Workspace, ask: Ask) -> None:
    clip = workspace.share_clip("", looks=0)
    assert (await ask("files.info", file=clip))["file"]["transcription"]["status"] == "failed"


async def test_a_file_of_a_channel_without_the_app_is_not_found(
    workspace: Workspace, ask: Ask
) -> None:
    file = workspace.share_file("dump.txt", b"x")
    workspace.say("ann", "random", "look", files=[file])
    assert (await ask("files.info", file=file))["error"] == "file_not_found"


async def test_files_need_their_scope(
    workspace: Workspace, ask: Ask, server: PlaygroundServer, http: aiohttp.ClientSession
) -> None:
    file = workspace.share_file("an odd/name & more.txt", b"x")
    found = (await ask("files.info", file=file))["file"]
    workspace.grants = Grants({"oauth_config": {"scopes": {"bot": ["chat:write"]}}})
    headers = {"Authorization": f"Bearer {server.bot_token}"}
    async with http.get(found["url_private_download"], headers=headers) as answer:
        kind = answer.content_type

    assert kind == "text/html"
    assert (await ask("files.info", file=file))["error"] == "missing_scope"


def test_a_forwarded_message_is_an_attachment(workspace: Workspace, heard: Ear) -> None:
    ts = workspace.say("ben", "random", "payments is slow")
    direct = workspace.direct("ann").id
    workspace.forward("ann", direct, "random", ts, "and this?")
    [quoted] = heard.last()["attachments"]

    assert heard.last()["text"] == "and this?"
    assert (quoted["is_share"], quoted["text"]) == (True, "payments is slow")
    assert quoted["author_id"] == workspace.directory.person("ben").id
    assert quoted["message_blocks"][0]["message"]["blocks"][0]["type"] == "rich_text"


def test_there_is_a_group_conversation_with_the_app(workspace: Workspace, heard: Ear) -> None:
    group = workspace.group_direct(["ann", "ben"])
    assert list(workspace.directory.channels.values()).count(group) == 1
    workspace.say("ben", group.id, "what is wrong?")
    assert heard.last()["channel_type"] == "mpim"
