"""The page of an evaluation as a person uses it: at a desk, on a phone, by keyboard alone."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from bot.evaluation.page import written
from bot.evaluation.results import Exchange, Problem
from tests.browser.conftest import DESK, errors_in
from tests.evaluation.runs import PRICE, attempt, attempts, command, run

pytestmark = pytest.mark.browser

PHONE = {"width": 375, "height": 740}
HOSTILE = "<script>hacked = 1</script><img src=x onerror='hacked = 1'>"
Open = Callable[..., Awaitable[Page]]


@pytest.fixture(autouse=True)
def app() -> None:
    """This page needs no playground behind it."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """An evaluation with a bit of everything, beside another one."""
    leak = Problem("canary", "A planted secret (kT9-…) is in the text of answer 1.")
    said = Exchange("why?", answer=HOSTILE, commands=(command(1, f"{HOSTILE}\n{'x' * 900}"),))
    tried = run(
        attempts("cart", 3, 3),
        attempts("images", 1, 3),
        [attempt("a-very-long-name-" * 5, each, leak, exchanges=(said,)) for each in (1, 2, 3)],
        price=PRICE,
    )
    other = run(attempts("cart", 2, 3), attempts("images", 3, 3), model="builtin")
    file = tmp_path / "index.html"
    file.write_text(written(tried, [other]))
    return file


@pytest.fixture
def broken_into(file: Path) -> str:
    return file.read_text().replace("<main>", f"<main>{HOSTILE}", 1)


@pytest.fixture
async def opened(chromium: Browser, file: Path) -> AsyncIterator[Open]:
    """What the browser complains of, and whatever the page asks for, fails the test."""
    async with AsyncExitStack() as stack:
        wrong: list[str] = []

        async def opened(place: str = "", **more: Any) -> Page:
            context = await chromium.new_context(**{"viewport": DESK, **more})
            stack.push_async_callback(context.close)
            page = await context.new_page()
            page.set_default_timeout(8_000)
            page.on("pageerror", lambda error: wrong.append(str(error)))
            page.on("console", lambda said: wrong.extend(errors_in(said)))
            address = f"{file.as_uri()}{place}"
            await page.goto(address)
            page.on("request", lambda asked: wrong.append(asked.url))
            return page

        yield opened
        assert wrong == []


def names(page: Page) -> Any:
    return page.locator("table.cases tbody tr:visible a")


async def test_the_worst_scenario_comes_first_and_its_link_opens_what_went_wrong(
    opened: Open,
) -> None:
    page = await opened()
    await expect(names(page)).to_have_count(3)
    await expect(names(page).first).to_contain_text("a-very-long-name")
    await page.get_by_role("table", name="Scenarios").get_by_role("link", name="images").click()

    article = page.locator("#transcripts article", has_text="images is broken")
    await expect(article).to_be_in_viewport()
    await expect(article.get_by_text("The answer does not say “64Mi”.").first).to_be_visible()
    await expect(article.locator("details.attempt[open]")).to_have_count(1)
    await expect(article.locator("details.attempt.passed[open]")).to_have_count(0)


async def test_scenarios_are_filtered_by_name_by_passing_and_by_problem(opened: Open) -> None:
    page = await opened()
    count = page.get_by_role("status")
    await page.get_by_label("Name").fill("IMA")
    await expect(names(page)).to_have_text(["images"])
    await expect(count).to_have_text("1 of 3 scenarios")
    await expect(page.locator("#transcripts article:visible")).to_have_count(1)

    await page.get_by_label("Name").fill("")
    await page.get_by_label("Passed").select_option("Always passed")
    await expect(names(page)).to_have_text(["cart"])
    await page.get_by_label("Passed").select_option("Not always passed")
    await expect(names(page)).to_have_count(2)
    await page.get_by_label("Problem").select_option("missing fact")
    await expect(names(page)).to_have_text(["images"])


async def test_a_link_from_a_comparison_leads_to_what_was_filtered_away(opened: Open) -> None:
    page = await opened()
    await page.get_by_label("Name").fill("nothing has this name")
    await expect(names(page)).to_have_count(0)
    await page.locator("#comparisons").get_by_role("link", name="cart").click()

    await expect(names(page)).to_have_count(3)
    await expect(
        page.locator("#transcripts article", has_text="cart is broken")
    ).to_be_in_viewport()


async def test_it_is_used_by_keyboard_alone(opened: Open) -> None:
    page = await opened()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="To the scenarios")).to_be_in_viewport()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await expect(page.get_by_label("Name")).to_be_focused()
    head = page.locator("table.cases th").nth(1)
    await head.get_by_role("button", name="Passed").focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")

    await expect(head).to_have_attribute("aria-sort", "descending")
    await expect(names(page).first).to_have_text("cart")
    article = page.locator("#transcripts article", has_text="cart is broken")
    await article.locator("summary").first.focus()
    await page.keyboard.press("Enter")
    await expect(article.get_by_text("The container ends with").first).to_be_visible()


async def test_a_place_in_its_address_is_opened(opened: Open) -> None:
    page = await opened("#scenario-2")

    await expect(page.locator("#scenario-2 details.attempt.failed").first).to_have_attribute(
        "open", ""
    )


async def test_without_script_everything_can_be_read(opened: Open) -> None:
    page = await opened(java_script_enabled=False)
    await expect(page.get_by_label("Name")).to_be_hidden()
    await expect(names(page)).to_have_count(3)
    await page.locator("#transcripts .attempt.failed > summary").first.click()
    await expect(page.get_by_text("A planted secret").nth(1)).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_phone_shows_it_without_scrolling_sideways(opened: Open, scheme: str) -> None:
    page = await opened(viewport=PHONE, color_scheme=scheme)
    await page.locator("#transcripts summary").first.click()
    await page.locator("#transcripts .command summary").first.click()
    width = await page.evaluate("document.documentElement.scrollWidth - innerWidth")

    assert width <= 0
    ground = await page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == ("rgb(246, 245, 241)" if scheme == "light" else "rgb(18, 24, 27)")


async def test_hostile_text_stays_text(opened: Open) -> None:
    page = await opened()
    await page.locator("#transcripts summary").first.click()

    await expect(page.get_by_text(HOSTILE).first).to_be_visible()
    assert await page.evaluate("typeof hacked") == "undefined"


async def test_a_script_that_got_in_all_the_same_would_not_run(
    chromium: Browser, broken_into: str
) -> None:
    page = await chromium.new_page()
    await page.route(
        "**/*", lambda route: route.fulfill(body=broken_into, content_type="text/html")
    )
    await page.goto("http://evaluation.example/")

    await expect(names(page)).to_have_count(3)
    assert await page.evaluate("typeof hacked") == "undefined"


async def test_on_paper_there_are_tables_and_no_controls(opened: Open) -> None:
    page = await opened()
    await page.emulate_media(media="print")

    await expect(page.get_by_label("Name")).to_be_hidden()
    await expect(page.get_by_role("table", name="Models and their runs")).to_be_visible()
    await expect(names(page)).to_have_count(3)
