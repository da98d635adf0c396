"""`python -m tests.browser.picture -o FILE.png`: a picture of the playground's first answer."""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from playwright.async_api import Browser, Page, expect

from tests.browser.chromium import ChromiumMissing, opened_chromium
from tests.doubles.playground_process import running_playground

_SECONDS = 30_000


async def taken(target: Path) -> None:
    """Raises ChromiumMissing."""
    with tempfile.TemporaryDirectory() as home:
        async with opened_chromium() as chromium, running_playground(Path(home), "--shop") as shop:
            page = await _opened(chromium, shop.page_url)
            await _ask(page)
            await page.screenshot(path=target)


async def _opened(chromium: Browser, url: str) -> Page:
    context = await chromium.new_context(
        viewport={"width": 1280, "height": 860}, device_scale_factor=2, color_scheme="light"
    )
    page = await context.new_page()
    await page.goto(f"{url}#incidents")
    await page.get_by_text("kaia is connected").wait_for(timeout=_SECONDS)
    return page


async def _ask(page: Page) -> None:
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
