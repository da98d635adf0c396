"""`kaia forget`: deletes what is kept of one conversation, beside a Kaia that may be running."""

import typer

from bot.app.threads import opened_thread
from bot.settings import Settings


async def run_forget(settings: Settings, thread: str) -> int:
    """Raises SettingsError, StoreError."""
    async with opened_thread(settings, thread) as found:
        for each in found.threads:
            await found.store.forget_thread(each)
            typer.echo(f"Forgotten: the conversation in {found.channel}:{found.root}.")
    return 0
