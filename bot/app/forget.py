"""`kaia forget`: deletes what is kept of one conversation, beside a Kaia that may be running."""

import re

import typer

from bot.conversations import Store
from bot.errors import KaiaError, SettingsError
from bot.settings import Settings, store_of_kaia

_LINK = re.compile(
    r"https://[^/\s]+/archives/(?P<channel>[A-Z0-9]+)/p(?P<seconds>\d+)(?P<digits>\d{6})"
    r"(?:\?(?:.*&)?thread_ts=(?P<root>\d+\.\d+))?.*"
)
_NAMED = re.compile(r"(?:[A-Z0-9]+:)?(?P<channel>[A-Z0-9]+):(?P<root>\d+\.\d+)")


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


async def run_forget(settings: Settings, thread: str) -> int:
    """Raises SettingsError, StoreError."""
    channel, root = thread_named(thread)
    store = await Store.open(store_of_kaia(settings), exclusive=False)
    try:
        found = await store.threads_named(channel, root)
        if not found:
            raise KaiaError(
                f"Nothing is kept of {channel}:{root}. Check the link, and that KAIA_STORE names"
                " the store of the Kaia that was asked there."
            )
        for each in found:
            await store.forget_thread(each)
            typer.echo(f"Forgotten: the conversation in {channel}:{root}.")
    finally:
        await store.close()
    return 0
