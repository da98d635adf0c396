"""What Prometheus is given: what was counted in this process, and what the store says now."""

import asyncio
import time
from collections.abc import Callable, Mapping

import structlog
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from bot.conversations import Inbox, Store
from bot.errors import StoreError
from bot.telemetry.meters import Meters

_STORE_SECONDS = 4.0
"""Less than a scrape may take."""

Checks = Mapping[str, Callable[[], bool]]

_log = structlog.get_logger()


class Metrics:
    """Asked for at each scrape: a few queries, however much is kept."""

    def __init__(
        self,
        meters: Meters,
        parts: Checks,
        asked: tuple[Store, Inbox] | None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`asked` is None while the store is not open yet."""
        self._meters = meters
        self._parts = parts
        self._asked = asked
        self._clock = clock

    async def exposition(self) -> bytes:
        """In Prometheus' text format. Where the store does not answer, its part is left out."""
        registry = CollectorRegistry()
        ready = Gauge("kaia_ready", "Whether a part is well.", ["part"], registry=registry)
        for part, is_ready in self._parts.items():
            ready.labels(part).set(is_ready())
        _gauge(registry, "kaia_store_up", "The store answers.", await self._store_says(registry))
        return generate_latest(self._meters.registry) + generate_latest(registry)

    async def _store_says(self, registry: CollectorRegistry) -> bool:
        if self._asked is None:
            return False
        try:
            async with asyncio.timeout(_STORE_SECONDS):
                await self._ask(*self._asked, registry)
        except (StoreError, TimeoutError) as error:
            _log.warning("metrics.without_store", error=type(error).__name__)
            return False
        return True

    async def _ask(self, store: Store, inbox: Inbox, registry: CollectorRegistry) -> None:
        now = self._clock()
        counts, sizes, used = await inbox.counts(), await store.sizes(), await store.tokens_on(now)
        watches = await store.watches.number_open()
        oldest = now - counts.oldest_received if counts.oldest_received else 0.0
        _gauge(registry, "kaia_turns_waiting", "Questions in line.", counts.waiting)
        _gauge(registry, "kaia_turns_running", "Questions being answered.", counts.running)
        _gauge(registry, "kaia_oldest_waiting_seconds", "Age of the first in line.", oldest)
        _gauge(registry, "kaia_watches_open", "Things watched for somebody.", watches)
        _gauge(registry, "kaia_store_bytes", "Size of the whole store.", sizes.bytes)
        rows = Gauge("kaia_store_rows", "Rows of a table.", ["table"], registry=registry)
        for table, number in sizes.rows.items():
            rows.labels(table).set(number)
        _gauge(registry, "kaia_tokens_today", "Tokens models took since 00:00 UTC.", used)


def _gauge(registry: CollectorRegistry, name: str, what: str, value: float) -> None:
    Gauge(name, what, registry=registry).set(value)
