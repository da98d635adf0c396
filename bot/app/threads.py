"""A conversation that somebody names at a command line, found beside a Kaia that may be running."""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.conversations import Store
from bot.conversations.storage.sqlite import PREFIX, sqlite_path
from bot.errors import KaiaError, SettingsError, StoreError
from bot.settings import Settings, store_of_kaia

_LINK = re.compile(
    r"https://[^/\s]+/archives/(?P<channel>[A-Z0-9]+)/p(?P<seconds>\d+)(?P<digits>\d{6})"
    r"(?:\?(?:.*&)?thread_ts=(?P<root>\d+\.\d+))?.*"
)
_NAMED = re.compile(r"(?:[A-Z0-9]+:)?(?P<channel>[A-Z0-9]+):(?P<root>\d+\.\d+)")


@dataclass(frozen=True, slots=True)
class Found:
    store: Store
    channel: str
    root: str
    """Timestamp of the thread's root message."""
    threads: Sequence[str]
    """Their ids, at least one: a channel's id may be one in several workspaces."""


def thread_named(text: str) -> tuple[str, str]:
    """(channel, timestamp of the root) of a Slack link or `[TEAM:]CHANNEL:TS`.

    Raises SettingsError.
    """
    text = text.strip().strip("<>")
    if found := _LINK.fullmatch(text):
        root = found["root"] or f"{found['seconds']}.{found['digits']}"
        return found["channel"], root
    if found := _NAMED.fullmatch(text):
        return found["channel"], found["root"]
    raise SettingsError(
        "That names no thread. Give the link that Slack copies for one of its messages (Copy link),"
        " or CHANNEL:TS, such as C0123ABCD:1764200000.000100."
    )


def _check_is_there(url: str) -> None:
    """A file is made by who answers, and not by who looks something up. Raises StoreError."""
    if url.startswith(PREFIX) and not (file := sqlite_path(url)).exists():
        raise StoreError(
            f"There is no {file}, so nothing is kept there. Check that KAIA_STORE names the store"
            " of the Kaia that was asked."
        )


@asynccontextmanager
async def opened_thread(settings: Settings, named: str) -> AsyncIterator[Found]:
    """Raises SettingsError, StoreError, and KaiaError where nothing is kept of it."""
    channel, root = thread_named(named)
    url = store_of_kaia(settings)
    _check_is_there(url)
    store = await Store.open(url, exclusive=False)
    try:
        threads = await store.threads_named(channel, root)
        if not threads:
            raise KaiaError(
                f"Nothing is kept of {channel}:{root}. Check the link, and that KAIA_STORE names"
                " the store of the Kaia that was asked there."
            )
        yield Found(store, channel, root, threads)
    finally:
        await store.close()
