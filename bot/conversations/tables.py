"""The tables, as they stand in the file; it runs no statement."""

import zlib
from typing import Any

import orjson
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Dialect,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    inspect,
    text,
)
from sqlalchemy.schema import CreateColumn

from bot.conversations.sound import sound_json

SCHEMA_VERSION = 1
"""Of the tables and of what is packed into them. A newer file is refused, never guessed at."""


class Packed(TypeDecorator[str]):
    """Text that is long and alike, compressed: what kubectl prints shrinks to a fifth."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> bytes | None:
        return zlib.compress(value.encode("utf-8", "replace")) if value else None

    def process_result_value(self, value: bytes | None, _dialect: Dialect) -> str:
        return zlib.decompress(value).decode() if value else ""


class PackedJson(TypeDecorator[Any]):
    """Any JSON, compressed."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, _dialect: Dialect) -> bytes | None:
        return None if value is None else zlib.compress(sound_json(value))

    def process_result_value(self, value: bytes | None, _dialect: Dialect) -> Any:
        return None if value is None else orjson.loads(zlib.decompress(value))


metadata = MetaData()

schema = Table("schema", metadata, Column("version", Integer, nullable=False))

turns = Table(
    "turns",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("thread", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("status", Text, nullable=False, server_default="waiting"),
    Column("attempt", Integer, nullable=False, server_default="0"),
    Column("crashes", Integer, nullable=False, server_default="0"),
    Column("owner", Text),
    Column("stop", Boolean, nullable=False, server_default=text("0")),
    Column("received", Float, nullable=False),
    Column("not_before", Float, nullable=False, server_default=text("0")),
    Column("started", Float),
    Column("finished", Float),
    Column("posted_ts", Text),
    Column("payload", Text, nullable=False),
    Column("conclusion", Text),
    sqlite_autoincrement=True,
)
_is_live = text("status in ('waiting','running')")
Index("turns_running", turns.c.thread, unique=True, sqlite_where=text("status = 'running'"))
Index("turns_live", turns.c.thread, turns.c.seq, sqlite_where=_is_live)
Index("turns_finished", turns.c.finished, sqlite_where=text("finished is not null"))

conversations = Table(
    "conversations",
    metadata,
    Column("thread", Text, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("state", PackedJson),
    Column("schema_version", Integer, nullable=False),
    Column("next_receipt", Integer, nullable=False),
    Column("turns", Integer, nullable=False),
    Column("questions", Integer, nullable=False),
    Column("model_calls", Integer, nullable=False),
    Column("prompt_tokens", Integer, nullable=False),
    Column("completion_tokens", Integer, nullable=False),
    Column("created", Float, nullable=False),
    Column("opened", Float, nullable=False),
    Column("updated", Float, nullable=False),
)

entries = Table(
    "entries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("thread", Text, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("speaker", Text, nullable=False),
    Column("text", Packed),
    Column("tool", Text),
    Column("arguments", PackedJson),
    Column("output", Packed),
    Column("model_calls", Integer, nullable=False),
    Column("prompt_tokens", Integer, nullable=False),
    Column("completion_tokens", Integer, nullable=False),
    Index("entries_thread", "thread", "id"),
)

notes = Table(
    "notes",
    metadata,
    Column("thread", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("value", PackedJson),
    Column("updated", Float, nullable=False),
)
"""Small things kept with a conversation: what it is about, how the cluster was. Those of no
conversation have an empty thread."""

receipts = Table(
    "receipts",
    metadata,
    Column("thread", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("turn", Integer, nullable=False),
    Column("tool", Text, nullable=False),
    Column("command", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("exit_code", Integer),
    Column("output", Packed),
    Column("note", Text, nullable=False),
    Column("started", Float, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("bytes", Integer, nullable=False, server_default=text("0")),
    Column("redactions", Integer, nullable=False, server_default=text("0")),
)


def add_missing_columns(connection: Connection) -> None:
    """What an earlier release did not know yet. Columns are only ever added, each with a default,
    so that this release and the one before it can write the same file.
    """
    there = inspect(connection)
    for table in metadata.sorted_tables:
        known = {column["name"] for column in there.get_columns(table.name)}
        for column in table.columns:
            if column.name not in known:
                clause = CreateColumn(column).compile(dialect=connection.dialect)
                connection.execute(text(f"alter table {table.name} add column {clause}"))
