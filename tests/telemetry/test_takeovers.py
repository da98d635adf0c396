"""A turn whose process has died is counted where it is taken over, on Postgres too."""

import asyncio

import psycopg

from bot.app.vocabulary import VOCABULARY
from bot.conversations import Inbox, Store
from bot.conversations.records import Ending, Turn
from bot.redaction import Redactor
from bot.telemetry.measured import Measured
from bot.telemetry.meters import Meters
from tests.doubles.conversation_edges import said
from tests.doubles.postgres import Postgres


async def test_a_replica_counts_what_it_takes_over_from_one_that_died(postgres: Postgres) -> None:
    url, meters, began = postgres.url(), Meters("1", "3"), asyncio.Event()

    async def handle(_turn: Turn) -> Ending:
        began.set()
        return Ending("done")

    store = await Store.open(url, exclusive=True)
    telemetry = Measured(meters, VOCABULARY)
    inbox = Inbox(store, handle, Redactor(), telemetry=telemetry)
    await inbox.receive(said("left behind"))
    async with await psycopg.AsyncConnection.connect(url) as connection:
        await connection.execute("update turns set status = 'running', owner = 'gone.1'")
    running = asyncio.create_task(inbox.run())
    async with asyncio.timeout(20):
        await began.wait()
    await inbox.aclose()
    await running
    await store.close()

    assert meters.registry.get_sample_value("kaia_turns_taken_over_total") == 1
    kept = {"kind": "said", "outcome": "done"}
    assert meters.registry.get_sample_value("kaia_intake_seconds_count", kept) == 1
