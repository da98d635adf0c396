"""The end of a log is read, however long its lines are, and never half a line."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web

from bot.cluster.api import ClusterApi, opened_api
from bot.cluster.asking import Asker
from bot.cluster.needs import LogOf
from bot.cluster.scene import Scene
from tests.doubles.tiny_cluster import TinyCluster

CART = LogOf("shop", "cart", "app")


class LogServer:
    """As the kubelet does: the last lines, and of these the first bytes."""

    def __init__(self) -> None:
        self.log = ""
        self.asked: list[int] = []

    async def answer(self, request: web.Request) -> web.Response:
        lines = int(request.query["tailLines"])
        self.asked.append(lines)
        tail = "".join(self.log.splitlines(keepends=True)[-lines:])
        return web.Response(body=tail.encode()[: int(request.query["limitBytes"])])


@pytest.fixture
async def server() -> AsyncIterator[tuple[LogServer, str]]:
    served = LogServer()
    app = web.Application()
    app.add_routes([web.get("/{rest:.*}", served.answer)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    try:
        yield served, f"http://{host}:{port}"
    finally:
        await runner.cleanup()


@pytest.fixture
async def api(server: tuple[LogServer, str], tmp_path: Path) -> AsyncIterator[ClusterApi]:
    async with opened_api(TinyCluster(url=server[1]).access(tmp_path), {}) as opened:
        yield opened


async def lines_read(api: ClusterApi) -> tuple[str, ...]:
    scene = Scene(datetime(2026, 1, 1, tzinfo=UTC), ("shop",))
    await Asker(api, str).answer(scene, [CART])
    return scene.logs[CART]


@pytest.mark.parametrize(
    ("length", "asked"), [(10, [60]), (8_000, [60]), (30_000, [60, 7]), (200_000, [60, 7, 1])]
)
async def test_the_final_error_is_read_however_long_the_lines_before_it_are(
    api: ClusterApi, server: tuple[LogServer, str], length: int, asked: list[int]
) -> None:
    served, _ = server
    served.log = "".join(f"{'é' * (length // 2)} {n}\n" for n in range(70)) + "FATAL bad license\n"

    found = await lines_read(api)

    assert found[-1] == "FATAL bad license"
    assert served.asked == asked
    assert sum(len(each.encode()) for each in found) <= 65_536
    assert all(len(each) > length // 2 for each in found[:-1])


async def test_a_last_line_that_is_longer_than_all_that_is_read_is_left_out(
    api: ClusterApi, server: tuple[LogServer, str]
) -> None:
    served, _ = server
    served.log = "starting\n" + "password=" * 200_000 + "\n"

    assert await lines_read(api) == ()


async def test_one_line_that_is_too_long_hides_none_of_the_others(
    api: ClusterApi, server: tuple[LogServer, str]
) -> None:
    served, _ = server
    served.log = f"FATAL bad license\n{'x' * 100_000}\nbye"

    assert await lines_read(api) == ("FATAL bad license", "bye")
