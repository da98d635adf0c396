"""A real Chromium that looks at the page of a playground to which a small app is connected."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import aiohttp
import pytest
import yaml
from playwright.async_api import Browser, ConsoleMessage, Page, ViewportSize

from bot.playground import PlaygroundServer, Workspace
from tests.browser.app import SmallApp, connected
from tests.browser.chromium import ChromiumMissing, opened_chromium
from tests.slack.conftest import MANIFEST

PHONE: ViewportSize = {"width": 360, "height": 740}
DESK: ViewportSize = {"width": 1280, "height": 860}


def errors_in(said: ConsoleMessage) -> list[str]:
    return [said.text] if said.type == "error" else []


Look = Callable[..., Awaitable[Page]]


@pytest.fixture
def workspace() -> Workspace:
    return Workspace()


@pytest.fixture
async def server(workspace: Workspace) -> AsyncIterator[PlaygroundServer]:
    manifest = yaml.safe_load(MANIFEST.read_text())
    server = PlaygroundServer(workspace, manifest=manifest)
    await server.start()
    yield server
    await server.close()


@pytest.fixture(autouse=True)
async def app(server: PlaygroundServer) -> AsyncIterator[SmallApp]:
    async with aiohttp.ClientSession() as http:
        app = SmallApp(server, http)
        running = asyncio.create_task(app.run(), name="small app")
        await connected(server, running)
        yield app
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    try:
        async with opened_chromium() as browser:
            yield browser
    except ChromiumMissing as missing:
        pytest.skip(str(missing))


@pytest.fixture
async def look(
    chromium: Browser, server: PlaygroundServer, request: pytest.FixtureRequest
) -> AsyncIterator[Look]:
    """Opens the page at a place; what the browser complains of fails the test.

    Where KAIA_SCREENSHOTS names a folder, what was seen last is kept there.
    """
    folder = os.environ.get("KAIA_SCREENSHOTS")
    async with AsyncExitStack() as stack:
        pages: list[Page] = []
        complaints: list[str] = []

        async def look(
            place: str = "incidents", *, size: ViewportSize = DESK, dark: bool = False
        ) -> Page:
            context = await chromium.new_context(
                viewport=size, color_scheme="dark" if dark else "light"
            )
            stack.push_async_callback(context.close)
            page = await context.new_page()
            page.set_default_timeout(8_000)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("console", lambda said: complaints.extend(errors_in(said)))
            await page.goto(f"{server.page_url}#{place}")
            await page.get_by_text("kaia is connected").wait_for()
            pages.append(page)
            return page

        yield look
        for number, page in enumerate(pages if folder else ()):
            await page.screenshot(path=f"{folder}/{request.node.name}-{number}.png")
        assert complaints == []
