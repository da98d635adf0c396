"""Brings the tables to the form this release needs, whoever made them; it reads no rows of theirs.

Several processes may start at once, of this release and of others: one upgrades, the rest wait for
it, and who meets a newer form that is still compatible goes on with it.
"""

import asyncio
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Table, inspect, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversations.storage.dialects import is_postgres
from bot.conversations.storage.migrations import FOLDER, HEAD
from bot.conversations.storage.tables import SCHEMA_VERSION, alembic_version, schema
from bot.errors import StoreError

_LOCK = 0x6B616961  # "kaia"
_turns_of_alembic = WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock]()
"""Alembic keeps what it works on in its module: two upgrades in one process would be mixed up."""


async def bring_up(connection: AsyncConnection, name: str) -> None:
    """In a transaction of its own. Raises StoreError where only a newer release may go on."""
    if is_postgres(connection):
        # Others wait here while one upgrades, for as long as that takes.
        await connection.execute(text("set local statement_timeout = '5min'"))
        await connection.execute(text("set local lock_timeout = '5min'"))
        await connection.execute(select(text(f"pg_advisory_xact_lock({_LOCK})")))
        await connection.execute(text("set local lock_timeout = '5s'"))
    async with _turns_of_alembic.setdefault(asyncio.get_running_loop(), asyncio.Lock()):
        await connection.run_sync(_bring_up, name)


def _bring_up(connection: Connection, name: str) -> None:
    _refuse_what_is_too_new(_first_of(connection, schema), name)
    found = _first_of(connection, alembic_version)
    if found != HEAD:
        _upgrade(connection, found)


def _first_of(connection: Connection, table: Table) -> object:
    if not inspect(connection).has_table(table.name):
        return None
    return connection.execute(select(table)).scalar()


def _refuse_what_is_too_new(form: object, name: str) -> None:
    if isinstance(form, int) and form > SCHEMA_VERSION:
        raise StoreError(
            f"{name} was written by a newer Kaia (its form is {form}, this release knows"
            f" {SCHEMA_VERSION}). Start that release again, or let KAIA_STORE name another place."
        )


def _upgrade(connection: Connection, found: object) -> None:
    from alembic import command  # noqa: PLC0415 - 80 ms that only the first start of a release needs
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    steps = {step.revision for step in ScriptDirectory.from_config(config).walk_revisions()}
    if found is None or found in steps:  # otherwise a newer release has been here already
        command.upgrade(config, "head")
