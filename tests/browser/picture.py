"""`python -m tests.browser.picture -o FILE`: a picture of the playground's first answer.

FILE.png is what the browser shows, FILE.svg is drawn from the page, with its text as text; the
README shows docs/picture.svg.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, Page, ViewportSize, expect

from tests.browser.chromium import ChromiumMissing, opened_chromium
from tests.browser.drawing import drawn
from tests.doubles.playground_process import running_playground

SIZE: ViewportSize = {"width": 1040, "height": 740}
TITLE = "Ann asks @kaia why cart is failing, and Kaia answers in the thread."
_SECONDS = 30_000


async def taken(target: Path) -> None:
    """Raises ChromiumMissing."""
    async with opened_answer() as page:
        if target.suffix == ".svg":
            svg = await drawn(page, TITLE)
            await asyncio.to_thread(target.write_text, svg, encoding="utf-8")
        else:
            await page.screenshot(path=target)


@asynccontextmanager
async def opened_answer() -> AsyncIterator[Page]:
    """The page of the recorded shop with the first answer. Raises ChromiumMissing."""
    with tempfile.TemporaryDirectory() as home:
        async with opened_chromium() as chromium, running_playground(Path(home), "--shop") as shop:
            page = await opened(chromium, shop.page_url)
            await asked(page)
            yield page


async def opened(chromium: Browser, url: str) -> Page:
    context = await chromium.new_context(viewport=SIZE, device_scale_factor=2, color_scheme="light")
    page = await context.new_page()
    await page.goto(f"{url}#incidents")
    await page.get_by_text("kaia is connected").wait_for(timeout=_SECONDS)
    return page


async def asked(page: Page) -> None:
    """One click and Enter, until the answer stands there."""
    await page.get_by_role("button", name="@kaia why is cart failing?").click()
    await page.keyboard.press("Enter")
    answer = page.locator("#thread-pane").get_by_role("article").filter(has_text="CONFIRMED")
    await expect(answer.first).to_contain_text("fast-ssd", timeout=_SECONDS)
    await answer.first.evaluate("node => node.scrollIntoView({block: 'start'})")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.browser.picture", description=__doc__)
    parser.add_argument("-o", "--output", type=Path, required=True)
    target = parser.parse_args().output
    try:
        asyncio.run(taken(target))
    except (ChromiumMissing, OSError) as problem:
        print(problem, file=sys.stderr)  # noqa: T201 - a command line's own words
        return 1
    print(f"The picture is in {target}.")  # noqa: T201 - the same
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
