"""The page as a person uses it: talks, folds, presses, uploads; at a desk and on a phone."""

from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from bot.playground import Workspace
from tests.browser.app import PNG, SmallApp
from tests.browser.conftest import PHONE, Look

pytestmark = pytest.mark.browser

QUESTION = "@kaia why is checkout not ready?"


async def ask(page: Page, text: str = QUESTION) -> Locator:
    """Says it in the channel and gives the thread back, once the answer is in it."""
    await page.get_by_role("textbox", name="Message", exact=True).fill(text)
    await page.keyboard.press("Enter")
    thread = page.locator("#thread-pane")
    if (page.viewport_size or {"width": 0})["width"] <= 1000:
        said = page.locator("#messages article", has_text=text.removeprefix("@kaia "))
        await said.get_by_role("button", name="repl").click()
    await thread.get_by_text("checkout is not ready.").wait_for()
    return thread


async def overflow(page: Page) -> int:
    width: int = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return width


async def test_a_mention_is_answered_in_its_thread(look: Look, workspace: Workspace) -> None:
    page = await look()
    thread = await ask(page)

    await expect(thread.get_by_role("table", name="Pods by restarts")).to_contain_text("12")
    await expect(thread.get_by_role("rowheader", name="14:10")).to_be_visible()
    assert f"<@{workspace.bot.id}>" in workspace.messages("incidents")[0].text


async def test_evidence_is_folded_until_somebody_opens_it(look: Look) -> None:
    page = await look()
    thread = await ask(page)
    evidence = thread.get_by_text("Two pods wait for their image.")
    await expect(evidence).to_be_hidden()

    await thread.get_by_text("Evidence", exact=True).focus()
    await page.keyboard.press("Enter")
    await expect(evidence).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(evidence).to_be_hidden()


async def test_a_rating_is_pressed_and_stays_marked(look: Look, app: SmallApp) -> None:
    page = await look()
    thread = await ask(page)
    bad = thread.get_by_role("group", name="Rate this answer").get_by_role("button", name="Bad")
    await bad.click()

    await expect(bad).to_have_attribute("aria-pressed", "true")
    assert [action["value"] for action in app.pressed("kaia_rating")] == ["bad:1"]
    assert app.pressed("kaia_rating")[0]["type"] == "feedback_buttons"


async def test_an_ephemeral_message_is_seen_by_its_person_only(look: Look) -> None:
    page = await look()
    thread = await ask(page)
    word = thread.get_by_text("A word to you alone")
    await expect(word).to_be_visible()
    await expect(thread.get_by_text("Only visible to you")).to_be_visible()

    await page.get_by_label("You are").select_option(label="Ben (@oncall, S0ONCALL)")
    await expect(word).to_have_count(0)
    await expect(thread.get_by_text("checkout is not ready.")).to_be_visible()


async def test_the_home_tab_shows_what_was_published_and_its_buttons_reach_the_app(
    look: Look, app: SmallApp
) -> None:
    page = await look()
    await page.get_by_label("Channels").get_by_role("button", name="kaia", exact=True).click()
    await page.get_by_role("tab", name="Home").click()
    home = page.get_by_role("tabpanel", name="Home")
    await expect(home.get_by_role("heading", name="Kaia is well")).to_be_visible()
    await home.get_by_role("button", name="Look again").click()
    await expect(home.get_by_role("button", name="Look again")).to_be_enabled()

    assert len(app.pressed("kaia_again")) == 1
    await page.keyboard.press("Tab")
    await page.get_by_role("tab", name="Home").press("ArrowRight")
    await expect(page.get_by_role("log", name="Messages")).to_be_visible()


async def test_a_suggested_prompt_is_said_when_it_is_pressed(
    look: Look, app: SmallApp, workspace: Workspace
) -> None:
    direct = workspace.direct("ann").id
    prompts = [{"title": "What fails?", "message": "Which pods fail?"}]
    await app.call("assistant.threads.setSuggestedPrompts", channel_id=direct, prompts=prompts)
    page = await look(direct)
    await page.get_by_role("button", name="What fails?").click()

    await expect(page.locator("#messages").get_by_text("Which pods fail?")).to_be_visible()


async def test_files_are_uploaded_read_and_seen(
    look: Look, workspace: Workspace, tmp_path: Path
) -> None:
    (tmp_path / "events.log").write_text("OOMKilled\n")
    (tmp_path / "graph.png").write_bytes(PNG)
    page = await look()
    chosen = [tmp_path / "events.log", tmp_path / "graph.png"]
    await page.locator("#composer input[type=file]").set_input_files(chosen)
    await page.get_by_role("textbox", name="Message", exact=True).fill("look at these")
    await page.get_by_role("button", name="Send").click()

    messages = page.locator("#messages")
    await expect(messages.get_by_role("link", name="events.log", exact=True)).to_be_visible()
    picture = messages.get_by_role("img", name="Picture: graph.png")
    await expect(picture).to_be_visible()
    assert await picture.evaluate("node => node.naturalWidth") == 1
    async with page.expect_download() as download:
        await messages.get_by_role("link", name="Download events.log").click()
    assert (await (await download.value).path()).read_text() == "OOMKilled\n"
    [message] = workspace.messages("incidents")
    assert (message.subtype, message.text) == ("file_share", "look at these")


async def test_a_voice_clip_says_what_the_person_wrote_for_it(
    look: Look, workspace: Workspace, tmp_path: Path
) -> None:
    (tmp_path / "clip.mp3").write_bytes(b"sound")
    page = await look()
    await page.locator("#composer input[type=file]").set_input_files(tmp_path / "clip.mp3")
    await page.get_by_role("textbox", name="What the voice clip says").fill("why is checkout down")
    await page.get_by_role("button", name="Send").click()

    await expect(page.get_by_text("“why is checkout down”")).to_be_visible()
    [file] = workspace.files.values()
    assert (file.subtype, file.spoken) == ("slack_audio", "why is checkout down")


async def test_the_shortcut_in_a_messages_menu_reaches_the_app(
    look: Look, app: SmallApp, workspace: Workspace
) -> None:
    ts = workspace.say("ben", "incidents", "checkout looks odd")
    page = await look()
    await page.locator("summary[aria-label*='Ben']").focus()
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Investigate with Kaia").click()

    await expect(page.get_by_role("button", name="1 reply")).to_be_visible()
    [pressed] = [one for one in app.heard if one["type"] == "message_action"]
    assert pressed["callback_id"] == "kaia_investigate"
    assert workspace.thread("incidents", ts)[-1].text == "I am looking at this message."


async def test_a_reply_can_be_sent_to_the_channel_too(look: Look, workspace: Workspace) -> None:
    page = await look()
    thread = await ask(page)
    await thread.get_by_role("textbox", name="Reply", exact=True).fill("it is the image")
    await thread.get_by_label("Also send to the channel").check()
    await thread.get_by_role("button", name="Reply").click()

    await expect(page.locator("#messages").get_by_text("Replied in a thread")).to_be_visible()
    assert workspace.messages("incidents")[-1].subtype == "thread_broadcast"


async def test_a_message_is_forwarded_to_the_app(look: Look, workspace: Workspace) -> None:
    workspace.say("ben", "incidents", "payments is slow")
    page = await look()
    await page.locator("summary[aria-label*='Ben']").click()
    await page.get_by_role("button", name="Forward to kaia").click()
    await page.get_by_label("Channels").get_by_role("button", name="kaia", exact=True).click()

    quote = page.locator("#messages .attached")
    await expect(quote).to_contain_text("payments is slow")
    await expect(quote).to_contain_text("Posted in #incidents")


async def test_the_thread_shows_how_its_session_stands(
    look: Look, app: SmallApp, workspace: Workspace
) -> None:
    page = await look()
    thread = await ask(page)
    [root, *_] = workspace.messages("incidents")
    place = {"channel_id": root.channel, "thread_ts": root.ts}
    await app.call("agents.sessions.setStatus", **place, status="processing", title="Checkout")
    await app.call("assistant.threads.setStatus", **place, status="is reading events, 12 s")

    await expect(thread.get_by_role("heading", name="Checkout")).to_be_visible()
    await expect(thread.get_by_text("kaia is reading events, 12 s")).to_be_visible()
    await thread.get_by_role("button", name="Stop").click()
    await workspace.wait_for(
        lambda _: any(p.get("event", {}).get("type") == "agent_session_stopped" for p in app.heard)
    )


@pytest.mark.parametrize("dark", [False, True])
async def test_a_phone_shows_all_of_it_without_scrolling_sideways(
    look: Look, workspace: Workspace, dark: bool
) -> None:
    name = "a-very-long-file-name-without-a-single-space-in-it-" * 2 + ".log"
    file = workspace.share_file(name, b"x")
    workspace.say("ann", "incidents", "x" * 200, files=[file])
    page = await look(size=PHONE, dark=dark)
    widths = [await overflow(page)]
    thread = await ask(page)
    await thread.get_by_text("Evidence", exact=True).click()
    widths.append(await overflow(page))
    await thread.locator("summary[aria-label*='Kaia']").first.click()
    widths.append(await overflow(page))

    assert all(width <= 0 for width in widths), widths
    box = await thread.get_by_role("button", name="Reply").bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= PHONE["width"]


async def test_new_messages_are_read_out(look: Look, workspace: Workspace) -> None:
    page = await look()
    log = page.get_by_role("log", name="Messages")
    await expect(log).to_have_attribute("aria-live", "polite")
    workspace.say("ben", "incidents", "hello from afar")

    await expect(log.get_by_role("article", name="Ben")).to_contain_text("hello from afar")
