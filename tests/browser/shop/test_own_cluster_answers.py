"""The page of somebody whose cluster comes up while the recorded shop is shown."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.conftest import DESK, Look
from tests.browser.shop.test_shop_in_a_browser import PHONE, banner
from tests.browser.test_page_in_a_browser import overflow
from tests.doubles.kube_api import serve_kube_api
from tests.doubles.playground_process import Playground, running_playground

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


CONTEXT = "arn:aws:eks:eu-central-1:000000000000:cluster/" + "production" * 6
CONTRAST = """
(node) => {
  const light = (colour) => colour.match(/[0-9.]+/g).slice(0, 3).map((part) => part / 255)
    .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
  const style = getComputedStyle(node);
  const [less, more] = [light(style.color), light(style.backgroundColor)].sort((a, b) => a - b);
  return (more + 0.05) / (less + 0.05);
}
"""
"""Of the words to their ground, as WCAG 2 has it: 4.5 is asked of text."""


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Playground]:
    config = str(tmp_path / "config")
    async with running_playground(tmp_path, KUBECONFIG=config) as playground:
        yield playground


@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
async def test_the_banner_says_to_start_again(look: Look, tmp_path: Path, is_dark: bool) -> None:
    desk, phone = await look(size=DESK, dark=is_dark), await look(size=PHONE, dark=is_dark)
    async with serve_kube_api() as api:
        api.write_kubeconfig(tmp_path / "config", context=CONTEXT)
        for page in (desk, phone):
            await expect(banner(page)).to_contain_text(
                f"Your cluster answers now (context {CONTEXT})", timeout=40_000
            )
            await expect(banner(page)).to_contain_text("start again")
            assert await overflow(page) <= 0
            assert await banner(page).evaluate(CONTRAST) >= 4.5
