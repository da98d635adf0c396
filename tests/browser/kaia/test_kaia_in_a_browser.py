"""Kaia as people see her in the page, from the first mention to the file of the close-out."""

import pytest
from playwright.async_api import Locator, Page, ViewportSize, expect

from tests.browser.conftest import DESK, Look
from tests.browser.test_page_in_a_browser import overflow
from tests.stories.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

PHONE: ViewportSize = {"width": 375, "height": 812}
QUESTION = "why is cart failing?"
MOST_TABS = 120


async def say(page: Page, text: str, box: str = "Message") -> None:
    await page.get_by_role("textbox", name=box, exact=True).fill(text)
    await page.keyboard.press("Enter")


async def ask(page: Page) -> Locator:
    """Gives the thread back, in which no answer is yet."""
    await say(page, f"@kaia {QUESTION}")
    thread = page.locator("#thread-pane")
    if (page.viewport_size or DESK)["width"] <= 1000:
        said = page.locator("#messages article", has_text=QUESTION)
        await said.get_by_role("button", name="repl").click()
    return thread


def answer(thread: Locator) -> Locator:
    return thread.get_by_role("article").filter(has_text="CONFIRMED").first


async def tab_to(page: Page, wanted: Locator) -> None:
    """By keyboard alone."""
    for _ in range(MOST_TABS):
        if await wanted.evaluate("node => node === document.activeElement"):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} is not reached with {MOST_TABS} presses of Tab")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
async def test_a_conversation_from_the_mention_to_the_file_of_its_close_out(
    look: Look, stage: Stage, size: ViewportSize
) -> None:
    stage.ollama.may_answer.clear()
    page = await look(size=size)
    thread = await ask(page)
    await expect(thread.locator(".status")).to_contain_text("kaia ")
    await expect(thread.get_by_role("button", name="Stop")).to_be_visible()

    stage.ollama.may_answer.set()
    first = answer(thread)
    await expect(first).to_contain_text("it cannot reach its database [1]")
    await expect(thread.locator(".status")).to_have_count(0)
    await expect(thread.get_by_role("button", name="Stop")).to_be_hidden()
    ran = first.get_by_text("kubectl get events")
    await expect(ran).to_be_hidden()
    await first.locator("details.folded > summary").click()
    await expect(ran).to_be_visible()
    helpful = first.locator("button:text-is('Helpful')")
    await helpful.click()
    await expect(helpful).to_have_attribute("aria-pressed", "true")
    widths = [await overflow(page)]

    await say(page, "and is web well?", "Reply")
    await expect(thread.get_by_role("article").filter(has_text="INCONCLUSIVE")).to_be_visible()
    await say(page, "Thanks!", "Reply")
    closed = thread.get_by_role("article").filter(has_text="This conversation is closed")
    await expect(
        closed.get_by_role("button", name="Post this summary to the channel")
    ).to_be_visible()
    file = thread.get_by_role("link", name="Download incident-")
    async with page.expect_download() as download:
        await file.click()
    ticket = (await (await download.value).path()).read_text()
    assert "in #incidents" in ticket
    assert "## Timeline (UTC)" in ticket
    widths.append(await overflow(page))
    assert all(width <= 0 for width in widths), widths
    assert stage.slack.problems == []


async def test_all_of_it_by_keyboard_alone(look: Look) -> None:
    page = await look()
    await tab_to(page, page.get_by_role("textbox", name="Message", exact=True))
    await page.keyboard.type(f"@kaia {QUESTION}")
    await page.keyboard.press("Enter")
    thread = page.locator("#thread-pane")
    first = answer(thread)
    await expect(first).to_contain_text("it cannot reach its database [1]")

    await tab_to(page, first.locator("details.folded > summary"))
    await page.keyboard.press("Enter")
    await expect(first.get_by_text("kubectl get events")).to_be_visible()
    helpful = first.locator("button:text-is('Helpful')")
    await tab_to(page, helpful)
    await page.keyboard.press("Space")
    await expect(helpful).to_have_attribute("aria-pressed", "true")
    await tab_to(page, thread.get_by_role("textbox", name="Reply", exact=True))
    await page.keyboard.type("Thanks!")
    await page.keyboard.press("Enter")
    button = thread.get_by_role("button", name="Post this summary to the channel")
    await expect(button).to_be_visible()
    await tab_to(page, button)
    await page.keyboard.press("Enter")
    await expect(page.locator("#messages").get_by_text("Replied in a thread")).to_be_visible()


async def test_stop_ends_a_turn_and_leaves_no_sign_of_work(look: Look, stage: Stage) -> None:
    stage.ollama.may_answer.clear()
    page = await look()
    thread = await ask(page)
    await thread.get_by_role("button", name="Stop").click()

    await expect(thread.get_by_role("article").filter(has_text="topped")).to_be_visible()
    await expect(thread.locator(".status")).to_have_count(0)
    await expect(thread.get_by_role("button", name="Stop")).to_be_hidden()
    stage.ollama.may_answer.set()
    await stage.settled()
    await expect(thread.get_by_text("it cannot reach its database")).to_have_count(0)


async def test_who_joins_late_sees_a_brief_that_others_do_not(look: Look, stage: Stage) -> None:
    root = await stage.asked()
    for count, text in enumerate(("and web?", "what does the log of cart say?"), 2):
        stage.say("ann", text, root)
        await stage.answered(root, count)
    page = await look()
    ben = next(
        label
        for label in await page.get_by_label("You are").locator("option").all_inner_texts()
        if label.startswith("Ben")
    )
    await page.get_by_label("You are").select_option(label=ben)
    await page.locator("#messages article").get_by_role("button", name="5 replies").click()
    await say(page, "is it the database?", "Reply")
    brief = page.locator("#thread-pane article.whisper")
    await expect(brief).to_contain_text("Only visible to you")
    await expect(brief).to_contain_text("You join a conversation that ann began")

    await page.get_by_label("You are").select_option(label="Ann")
    await expect(brief).to_have_count(0)


async def test_the_home_tab_says_how_kaia_is_and_what_one_has_asked(
    look: Look, stage: Stage
) -> None:
    await stage.asked()
    page = await look(size=PHONE)
    await page.get_by_label("Channels").get_by_role("button", name="kaia", exact=True).click()
    await page.get_by_role("tab", name="Home").click()
    home = page.get_by_role("tabpanel", name="Home")
    await expect(home).to_contain_text("staging")
    await expect(home).to_contain_text(QUESTION)
    assert await overflow(page) <= 0
