"""From a page that was just opened to the first answers, with nothing configured."""

import time

import pytest
from playwright.async_api import Locator, Page, ViewportSize, expect

from tests.browser.conftest import DESK, Look
from tests.browser.kaia.test_kaia_in_a_browser import tab_to
from tests.browser.test_page_in_a_browser import overflow
from tests.doubles.playground_process import Playground

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

PHONE: ViewportSize = {"width": 375, "height": 812}
QUESTIONS = ("why is cart failing?", "what is not well in shop?", "is everything well in office?")
CLICKS = """
window.clicks = 0;
addEventListener("click", (event) => { if (event.isTrusted) window.clicks += 1; }, true);
"""
ANSWER_WITHIN_SECONDS = 20


def proposals(page: Page) -> Locator:
    return page.get_by_role("group", name="Choose a question to begin with")


def banner(page: Page) -> Locator:
    return page.get_by_role("note")


async def test_one_click_and_enter_lead_to_the_first_answer(look: Look) -> None:
    page = await look()
    await page.evaluate(CLICKS)
    begun = time.monotonic()
    await proposals(page).get_by_role("button", name=f"@kaia {QUESTIONS[0]}").click()
    await page.keyboard.press("Enter")
    answer = page.locator("#thread-pane").get_by_role("article").filter(has_text="CONFIRMED")
    await expect(answer.first).to_contain_text("fast-ssd", timeout=ANSWER_WITHIN_SECONDS * 1000)

    assert await page.evaluate("window.clicks") == 1
    assert time.monotonic() - begun < ANSWER_WITHIN_SECONDS
    await expect(answer.first).to_contain_text("shop (recorded)")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
async def test_the_page_says_that_this_is_no_cluster_of_theirs(
    look: Look, server: Playground, size: ViewportSize
) -> None:
    page = await look(size=size)

    await expect(banner(page)).to_contain_text("A recorded shop, not your cluster")
    assert await overflow(page) <= 0
    assert await proposals(page).get_by_role("button").all_inner_texts() == [
        f"@kaia {question}" for question in QUESTIONS
    ]
    for chip in await proposals(page).get_by_role("button").all():
        await expect(chip).to_be_in_viewport()
    assert "a recorded shop, not your cluster" in "\n".join(server.lines[:3])


async def test_a_proposed_question_is_asked_by_keyboard_alone(look: Look) -> None:
    page = await look()
    await tab_to(page, proposals(page).get_by_role("button", name=QUESTIONS[2]))
    await page.keyboard.press("Enter")
    composer = page.get_by_role("textbox", name="Message", exact=True)
    await expect(composer).to_be_focused()
    await expect(composer).to_have_value(f"@kaia {QUESTIONS[2]}")
    await page.keyboard.press("Enter")
    answer = page.locator("#thread-pane").get_by_role("article").filter(has_text="CONFIRMED")
    await expect(answer.first).to_contain_text("healthy", timeout=ANSWER_WITHIN_SECONDS * 1000)
    await expect(proposals(page)).to_have_count(0)
