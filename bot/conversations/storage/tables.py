"""The tables, as they stand in the file; it runs no statement."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    false,
    text,
)

from bot.conversations.storage.columns import Packed, PackedJson, Words

SCHEMA_VERSION = 1
"""Of the tables and of what is packed into them. A higher one means that this release cannot live
with what a newer one did: refused, never guessed at. Mere additions do not raise it.
"""


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

calls = Table(
    "calls",
    metadata,
    Column("id", _BIG, primary_key=True),
    Column("thread", Text, nullable=False),
    Column("turn", _BIG, nullable=False),
    Column("said", Text, nullable=False),
    Column("label", Words, nullable=False),
    Column("digest", Text, nullable=False),
    Column("prompt_digest", Text, nullable=False),
    Column("recipe", PackedJson),
    Column("kept", Float, nullable=False),
    Index("calls_thread", "thread", "id"),
    Index("calls_said", "said"),
    Index("calls_kept", "kept"),
)
"""Requests to models. `said` is the identity of the input."""

watches = Table(
    "watches",
    metadata,
    Column("id", Text, primary_key=True),
    Column("thread", Text, nullable=False),
    Column("turn", _BIG, nullable=False),
    Column("status", Text, nullable=False),
    Column("said", PackedJson),
    Column("wish", PackedJson),
    Column("sentence", Words, nullable=False),
    Column("created", Float, nullable=False),
    Column("expires", Float, nullable=False),
    Column("ended", Float),
    Index("watches_thread", "thread"),
)
"""`status` is `open` or `ended`."""

ratings = Table(
    "ratings",
    metadata,
    Column("said", Text, primary_key=True),
    Column("person", Text, primary_key=True),
    Column("thread", Text, nullable=False),
    Column("is_good", Boolean, nullable=False),
    Column("label", Words, nullable=False),
    Column("prompt_digest", Text, nullable=False),
    Column("received", Float, nullable=False),
    Index("ratings_thread", "thread"),
    Index("ratings_received", "received"),
)
"""Whether an answer helped, with the model and the instructions that it came from."""

spending = Table(
    "spending",
    metadata,
    Column("day", Text, primary_key=True),
    Column("tokens", _BIG, nullable=False),
)
"""Of models, by UTC day."""
