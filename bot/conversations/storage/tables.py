"""The tables, as they stand in the file; it runs no statement."""

import zlib
from typing import Any

import orjson
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    false,
    text,
)

from bot.conversations.sound import sound_json, sound_text

SCHEMA_VERSION = 1
"""Of the tables and of what is packed into them. A higher one means that this release cannot live
with what a newer one did: refused, never guessed at. Mere additions do not raise it.
"""


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


class Words(TypeDecorator[str]):
    """Short text from outside. Postgres has no place for a NUL character."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        return None if value is None else sound_text(value).replace("\0", "\ufffd")


_BIG = BigInteger().with_variant(Integer(), "sqlite")

metadata = MetaData()
"""What the migrations make; a test compares the two."""

alembic_version = Table("alembic_version", MetaData(), Column("version_num", String(32)))
"""Alembic's own: which migrations have run."""

schema = Table("schema", metadata, Column("version", Integer, nullable=False))

turns = Table(
    "turns",
    metadata,
    Column("seq", _BIG, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("thread", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("status", Text, nullable=False, server_default="waiting"),
    Column("attempt", Integer, nullable=False, server_default="0"),
    Column("crashes", Integer, nullable=False, server_default="0"),
    Column("owner", Text),
    Column("stop", Boolean, nullable=False, server_default=false()),
    Column("received", Float, nullable=False),
    Column("not_before", Float, nullable=False, server_default=text("0")),
    Column("started", Float),
    Column("finished", Float),
    Column("posted_ts", Text),
    Column("payload", Text, nullable=False),
    Column("conclusion", Text),
    sqlite_autoincrement=True,
)


def _index(name: str, *columns: Column[Any], where: str, unique: bool = False) -> None:
    """Of some rows only."""
    only = text(where)
    Index(name, *columns, unique=unique, sqlite_where=only, postgresql_where=only)


_RUNNING = "status = 'running'"
_LIVE = "status in ('waiting','running')"
_index("turns_running", turns.c.thread, where=_RUNNING, unique=True)
_index("turns_live", turns.c.thread, turns.c.seq, where=_LIVE)
_index("turns_finished", turns.c.finished, where="finished is not null")
_index("turns_recent", turns.c.thread, turns.c.received, where="kind = 'talk'")

# In the very words of those indexes: SQLite does not look into a value that is bound.
is_running = text(f"turns.{_RUNNING}")
is_live = text(f"turns.{_LIVE}")

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
    Column("prompt_tokens", _BIG, nullable=False),
    Column("completion_tokens", _BIG, nullable=False),
    Column("created", Float, nullable=False),
    Column("opened", Float, nullable=False),
    Column("updated", Float, nullable=False),
)

entries = Table(
    "entries",
    metadata,
    Column("id", _BIG, primary_key=True),
    Column("thread", Text, nullable=False),
    Column("turn", _BIG, nullable=False),
    Column("speaker", Text, nullable=False),
    Column("text", Packed),
    Column("tool", Words),
    Column("arguments", PackedJson),
    Column("output", Packed),
    Column("model_calls", Integer, nullable=False),
    Column("prompt_tokens", _BIG, nullable=False),
    Column("completion_tokens", _BIG, nullable=False),
    Column("kept", Float, nullable=False, server_default=text("0")),
    Index("entries_thread", "thread", "id"),
    Index("entries_kept", "kept"),
)
"""Those of releases that did not write `kept` have 0 there."""

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
    Column("turn", _BIG, nullable=False),
    Column("tool", Words, nullable=False),
    Column("command", Words, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("exit_code", Integer),
    Column("output", Packed),
    Column("note", Words, nullable=False),
    Column("started", Float, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("bytes", _BIG, nullable=False, server_default=text("0")),
    Column("redactions", Integer, nullable=False, server_default=text("0")),
    Index("receipts_started", "started"),
)

proposals = Table(
    "proposals",
    metadata,
    Column("id", Text, primary_key=True),
    Column("thread", Text, nullable=False),
    Column("turn", _BIG, nullable=False),
    Column("status", Text, nullable=False),
    Column("content", PackedJson),
    Column("created", Float, nullable=False),
    Column("expires", Float, nullable=False),
    Column("decided_by", Text),
    Column("decided_at", Float),
    Column("decided_turn", _BIG),
    Index("proposals_thread", "thread"),
)

spending = Table(
    "spending",
    metadata,
    Column("day", Text, primary_key=True),
    Column("tokens", _BIG, nullable=False),
)
"""Of models, by UTC day."""
