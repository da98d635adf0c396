"""Two addresses for Kubernetes' probes, one for Prometheus, and nothing else."""

from collections.abc import AsyncIterator
from functools import partial

import aiohttp
import pytest

from bot.errors import SettingsError, StoreAway
from bot.web import HealthServer


class Health:
    """A server whose parts are well or not, as the test says."""

    def __init__(self) -> None:
        self.is_alive = True
        self.ready = {"slack": True, "store": True}
        self.server = HealthServer(
            host="127.0.0.1",
            port=0,
            is_alive=lambda: self.is_alive,
            readiness={name: partial(self.ready.__getitem__, name) for name in self.ready},
            metrics=self.measure,
        )

    async def measure(self) -> bytes:
        if not self.ready["store"]:
            raise StoreAway("The store does not answer.")
        return b"kaia_turns_waiting 3.0\n"

    async def ask(self, path: str, method: str = "GET") -> tuple[int, str]:
        url = f"http://127.0.0.1:{self.server.port}{path}"
        async with aiohttp.ClientSession() as session, session.request(method, url) as response:
            return response.status, await response.text()


@pytest.fixture
async def health() -> AsyncIterator[Health]:
    health = Health()
    await health.server.start()
    yield health
    await health.server.close()


async def test_it_is_alive_while_the_verdict_says_so(health: Health) -> None:
    assert await health.ask("/healthz") == (200, '{"alive": true}')

    health.is_alive = False

    assert await health.ask("/healthz") == (503, '{"alive": false}')


async def test_it_is_ready_when_every_part_is_and_names_those_that_are_not(health: Health) -> None:
    assert await health.ask("/readyz") == (200, '{"ready": true, "not_ready": []}')

    health.ready["slack"] = False

    assert await health.ask("/readyz") == (503, '{"ready": false, "not_ready": ["slack"]}')


async def test_what_is_not_ready_is_alive_all_the_same(health: Health) -> None:
    health.ready.update(slack=False, store=False)

    assert (await health.ask("/healthz"))[0] == 200


@pytest.mark.parametrize("path", ["/", "/metrics/x", "/healthz/", "/readyz/x", "/../etc/passwd"])
async def test_there_is_nothing_else(health: Health, path: str) -> None:
    assert (await health.ask(path))[0] == 404


async def test_it_takes_no_orders(health: Health) -> None:
    assert (await health.ask("/readyz", "POST"))[0] == 405
    assert (await health.ask("/readyz", "HEAD"))[0] == 200


async def test_a_taken_port_is_said_with_the_setting_that_chooses_another(health: Health) -> None:
    second = HealthServer(
        host="127.0.0.1",
        port=health.server.port,
        is_alive=lambda: True,
        readiness={},
        metrics=health.measure,
    )

    with pytest.raises(SettingsError, match="KAIA_HTTP_PORT"):
        await second.start()


async def test_metrics_are_for_prometheus(health: Health) -> None:
    assert await health.ask("/metrics") == (200, "kaia_turns_waiting 3.0\n")

    health.ready["store"] = False

    assert await health.ask("/metrics") == (503, "The store does not answer.\n")
