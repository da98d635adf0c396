"""The tables of the first release; and what its earliest files lack of them.

That release had no migrations: its files are taken over as they are.
"""

from alembic import op
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    false,
    inspect,
    text,
)
from sqlalchemy.schema import CreateColumn

revision = "0001"
down_revision = None

_FORM = 1
_BIG = BigInteger().with_variant(Integer(), "sqlite")

_metadata = MetaData()

_schema = Table("schema", _metadata, Column("version", Integer, nullable=False))

_turns = Table(
    "turns",
    _metadata,
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
_is_running = text("status = 'running'")
_is_live = text("status in ('waiting','running')")
_has_ended = text("finished is not null")
Index(
    "turns_running",
    _turns.c.thread,
    unique=True,
    sqlite_where=_is_running,
    postgresql_where=_is_running,
)
Index(
    "turns_live",
    _turns.c.thread,
    _turns.c.seq,
    sqlite_where=_is_live,
    postgresql_where=_is_live,
)
Index("turns_finished", _turns.c.finished, sqlite_where=_has_ended, postgresql_where=_has_ended)

Table(
    "conversations",
    _metadata,
    Column("thread", Text, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("state", LargeBinary),
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
Table(
    "entries",
    _metadata,
    Column("id", _BIG, primary_key=True),
    Column("thread", Text, nullable=False),
    Column("turn", _BIG, nullable=False),
    Column("speaker", Text, nullable=False),
    Column("text", LargeBinary),
    Column("tool", Text),
    Column("arguments", LargeBinary),
    Column("output", LargeBinary),
    Column("model_calls", Integer, nullable=False),
    Column("prompt_tokens", _BIG, nullable=False),
    Column("completion_tokens", _BIG, nullable=False),
    Index("entries_thread", "thread", "id"),
)
Table(
    "notes",
    _metadata,
    Column("thread", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("value", LargeBinary),
    Column("updated", Float, nullable=False),
)
Table(
    "receipts",
    _metadata,
    Column("thread", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("turn", _BIG, nullable=False),
    Column("tool", Text, nullable=False),
    Column("command", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("exit_code", Integer),
    Column("output", LargeBinary),
    Column("note", Text, nullable=False),
    Column("started", Float, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("bytes", _BIG, nullable=False, server_default=text("0")),
    Column("redactions", Integer, nullable=False, server_default=text("0")),
)


def upgrade() -> None:
    connection = op.get_bind()
    _metadata.create_all(connection)
    _add_missing_columns(connection)
    if connection.execute(_schema.select()).first() is None:
        connection.execute(_schema.insert().values(version=_FORM))


def _add_missing_columns(connection: Connection) -> None:
    there = inspect(connection)
    for table in _metadata.sorted_tables:
        known = {column["name"] for column in there.get_columns(table.name)}
        for column in table.columns:
            if column.name not in known:
                clause = CreateColumn(column).compile(dialect=connection.dialect)
                connection.execute(text(f"alter table {table.name} add column {clause}"))
