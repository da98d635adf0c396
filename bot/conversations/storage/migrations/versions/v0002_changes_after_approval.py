"""Proposals, what a day cost, and how many questions a thread had lately."""

from alembic import op
from sqlalchemy import BigInteger, Column, Float, Integer, LargeBinary, Text, text

revision = "0002"
down_revision = "0001"

_BIG = BigInteger().with_variant(Integer(), "sqlite")
_IS_TALK = text("kind = 'talk'")


def upgrade() -> None:
    op.create_table(
        "proposals",
        Column("id", Text, primary_key=True),
        Column("thread", Text, nullable=False),
        Column("turn", _BIG, nullable=False),
        Column("status", Text, nullable=False),
        Column("content", LargeBinary),
        Column("created", Float, nullable=False),
        Column("expires", Float, nullable=False),
        Column("decided_by", Text),
        Column("decided_at", Float),
        Column("decided_turn", _BIG),
    )
    op.create_index("proposals_thread", "proposals", ["thread"])
    op.create_table(
        "spending",
        Column("day", Text, primary_key=True),
        Column("tokens", _BIG, nullable=False),
    )
    op.create_index(
        "turns_recent",
        "turns",
        ["thread", "received"],
        sqlite_where=_IS_TALK,
        postgresql_where=_IS_TALK,
    )
