"""What is shared with a question or instead of one: files, voice clips, alerts, shortcuts."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from tests.stories.conftest import OpenStage
from tests.stories.stage import BY_MODEL, Stage

SPOKEN = "why is cart failing?"


@pytest.fixture
async def speech_url() -> AsyncIterator[str]:
    """A server that hears the same in every clip."""

    async def heard(_request: web.Request) -> web.Response:
        return web.json_response({"text": SPOKEN})

    app = web.Application()
    app.router.add_post("/v1/audio/transcriptions", heard)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def test_a_text_file_is_read_with_the_question(by_model: Stage) -> None:
    file = by_model.slack.share_file("cart.log", b"dial tcp db:5432: no such host\n")
    root = by_model.say("ann", "@kaia what does this mean for cart?", files=[file])
    await by_model.answered(root)
    by_model.tells("text_file")
    assert "dial tcp db:5432: no such host" in by_model.sent()


async def test_a_clip_that_slack_transcribes_is_quoted_and_answered(by_model: Stage) -> None:
    root = await by_model.asked("@kaia which pods are not well in shop?")
    clip = by_model.slack.share_clip(SPOKEN)
    by_model.say("ann", "", root, files=[clip])
    await by_model.answered(root, 3)
    by_model.tells("clip_of_slack")
    assert SPOKEN in by_model.sent()


async def test_a_clip_that_only_a_speech_server_hears_is_answered(
    open_stage: OpenStage, speech_url: str
) -> None:
    stage = await open_stage(BY_MODEL | {"KAIA_TRANSCRIPTION_URL": speech_url})
    root = await stage.asked("@kaia which pods are not well in shop?")
    clip = stage.slack.share_clip("", transcription=None)
    stage.say("ann", "", root, files=[clip])
    await stage.answered(root, 3)
    stage.tells("clip_of_a_speech_server")
    assert SPOKEN in stage.sent()


async def test_a_clip_that_nobody_hears_is_asked_for_as_text(by_model: Stage) -> None:
    root = await by_model.asked("@kaia which pods are not well in shop?")
    clip = by_model.slack.share_clip("", transcription=None)
    by_model.say("ann", "", root, files=[clip])
    await by_model.answered(root, 2)
    by_model.tells("clip_unheard")


async def test_a_forwarded_alert_is_part_of_the_question(by_model: Stage) -> None:
    by_model.slack.add_channel("alerts", members=["ann", "alerts"])
    alert = by_model.slack.say_as_app(
        "alerts",
        "alerts",
        "FIRING: cart-0 in shop crash loops",
        attachments=[{"title": "KubePodCrashLooping", "text": "severity: critical"}],
    )
    root = by_model.slack.forward("ann", "incidents", "alerts", alert, "@kaia what is this?")
    await by_model.answered(root)
    by_model.tells("forwarded_alert", "incidents")
    assert "FIRING: cart-0 in shop crash loops" in by_model.sent()
    assert "KubePodCrashLooping" in by_model.sent()


async def test_the_shortcut_investigates_a_message_in_its_thread(by_model: Stage) -> None:
    root = by_model.say("ben", "The cart in shop does not start.")
    by_model.slack.use_shortcut("ann", "incidents", root, "kaia_investigate")
    await by_model.answered(root, 2)
    by_model.tells("shortcut")
    assert "The cart in shop does not start." in by_model.sent()
