"""Opens the store that this process holds, at once or as soon as it answers."""

import asyncio

import structlog

from bot.conversations.storage.store import Store
from bot.errors import StoreAway

_AGAIN_SECONDS = 2.0

_log = structlog.get_logger()


async def opened(url: str) -> Store:
    """Raises StoreError."""
    return await Store.open(url, exclusive=True)


async def opened_patiently(url: str) -> Store:
    """Waits for a store that does not answer yet; what a person has to mend is raised."""
    while True:
        try:
            return await opened(url)
        except StoreAway as error:
            _log.warning("store.away", reason=str(error), again_in_seconds=_AGAIN_SECONDS)
            await asyncio.sleep(_AGAIN_SECONDS)
