"""The yardstick: a Bolt app that inserts one row into a SQLite file and then acks, nothing else."""

import asyncio
import os
import sys

import aiosqlite
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient


async def main(path: str) -> None:
    async with aiosqlite.connect(path, isolation_level=None) as database:
        await database.execute("pragma journal_mode=wal")
        await database.execute("pragma synchronous=full")
        await database.execute("create table events(id text primary key, payload text)")
        client = AsyncWebClient(
            token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"]
        )
        app = AsyncApp(client=client, process_before_response=True)

        async def keep(event: dict[str, str]) -> None:
            await database.execute(
                "insert or ignore into events values (?, ?)", (event["ts"], event["text"])
            )

        app.event("message")(keep)
        app.event("app_mention")(keep)
        handler = AsyncSocketModeHandler(app, os.environ["SLACK_APP_TOKEN"])
        await handler.start_async()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
