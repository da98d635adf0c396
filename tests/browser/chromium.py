"""The Chromium of this machine, as a person's browser would be; none is ever downloaded here."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, async_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome")


class ChromiumMissing(Exception):
    """There is none on PATH; says what to do."""


@asynccontextmanager
async def opened_chromium() -> AsyncIterator[Browser]:
    """Raises ChromiumMissing."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        raise ChromiumMissing("no Chromium on PATH: `sh requirements/browser.sh` gets one")
    # Chromium refuses to run its sandbox as root, as in a container.
    unboxed = ["--no-sandbox"] if os.geteuid() == 0 else []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=unboxed)
        yield browser
        await browser.close()
