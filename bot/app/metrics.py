"""What Prometheus is given: how long the line is, how large the store is, what models took."""

import time
from collections.abc import Callable

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from bot.conversations import Inbox, Store


class Metrics:
    """Asked for at each scrape; nothing is counted between two of them."""

    def __init__(self, store: Store, inbox: Inbox, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self._inbox = inbox
        self._clock = clock

    async def exposition(self) -> bytes:
        """In Prometheus' text format. Raises StoreError."""
        registry = CollectorRegistry()
        counts, sizes = await self._inbox.counts(), await self._store.sizes()
        now = self._clock()
        oldest = now - counts.oldest_received if counts.oldest_received else 0.0
        _gauge(registry, "kaia_turns_waiting", "Questions in line.", counts.waiting)
        _gauge(registry, "kaia_turns_running", "Questions being answered.", counts.running)
        _gauge(registry, "kaia_oldest_waiting_seconds", "Age of the first in line.", oldest)
        _gauge(registry, "kaia_store_bytes", "Size of the whole store.", sizes.bytes)
        rows = Gauge("kaia_store_rows", "Rows of a table.", ["table"], registry=registry)
        for table, number in sizes.rows.items():
            rows.labels(table).set(number)
        used = await self._store.tokens_on(now)
        _gauge(registry, "kaia_tokens_today", "Tokens models took since 00:00 UTC.", used)
        return generate_latest(registry)


def _gauge(registry: CollectorRegistry, name: str, what: str, value: float) -> None:
    Gauge(name, what, registry=registry).set(value)
