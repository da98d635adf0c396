"""The picture that the README shows is the playground as it is now."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Page

from tests.browser.conftest import Look
from tests.browser.drawing import drawn, texts_of
from tests.browser.picture import SIZE, TITLE, asked

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

PICTURE = Path(__file__).parents[3] / "docs" / "picture.svg"
ANEW = "Draw it anew: python -m tests.browser.picture -o docs/picture.svg"
PART_OF_A_TIME = re.compile(r"\d{4}-\d\d|T\d\d|:\d|\dZ")
TIMES = re.compile(r"\d{4}-\d\d-\d\dT[\d:]+Z|\d\d:\d\dUTC|\d+sago")
HAS_TO_BE_SEEN = (
    "h1, h2, .claim, #banner, #connection, #channels button, .hint, .composer button,"
    " #messages .body, #replies article:last-child .body > p:first-child"
)


def squeezed(text: str) -> str:
    """Without blanks, as fonts differ in where lines break, and without times of the day."""
    return TIMES.sub("@", re.sub(r"\s", "", text))


async def words_on(page: Page) -> str:
    """Placeholders stand in no text."""
    fields = await page.get_by_role("textbox").evaluate_all(
        "all => all.map(one => one.placeholder)"
    )
    return squeezed(await page.locator("body").inner_text() + "".join(fields))


async def seen_on(page: Page) -> list[str]:
    """What no picture of it may lack."""
    seen = "all => all.filter(one => one.checkVisibility()).map(one => one.innerText)"
    found = await page.locator(HAS_TO_BE_SEEN).evaluate_all(seen)
    return [each for each in map(squeezed, found) if each]


async def differences(svg: str, page: Page) -> list[str]:
    lines = texts_of(svg)
    whole, now = squeezed("".join(lines)), await words_on(page)
    # A time of the day may be broken into two lines.
    gone = [line for line in lines if not PART_OF_A_TIME.search(line) and squeezed(line) not in now]
    return gone + [each for each in await seen_on(page) if each not in whole]


async def test_the_picture_says_what_the_page_says(look: Look) -> None:
    page = await look(size=SIZE)
    await asked(page)

    assert await differences(await drawn(page, TITLE), page) == []
    assert await differences(PICTURE.read_text(encoding="utf-8"), page) == [], ANEW
    assert len(await seen_on(page)) > 15


def test_the_picture_is_small_and_holds_nothing_that_runs_or_is_fetched() -> None:
    svg = PICTURE.read_text(encoding="utf-8")

    assert {*re.findall(r"<(\w+)", svg)} == {"svg", "title", "style", "rect", "circle", "text"}
    assert len(svg) < 60_000
    assert "prefers-color-scheme:dark" in svg
    assert not re.search(r"url\(|@import|href|data:|\son\w+=|<!", svg)
