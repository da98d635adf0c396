"""Calls of models, watches, and whether answers helped."""

from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, Float, Integer, LargeBinary, Text

revision = "0004"
down_revision = "0003"

_BIG = BigInteger().with_variant(Integer(), "sqlite")


def upgrade() -> None:
    _create_calls()
    op.create_table(
        "watches",
        Column("id", Text, primary_key=True),
        Column("thread", Text, nullable=False),
        Column("turn", _BIG, nullable=False),
        Column("status", Text, nullable=False),
        Column("said", LargeBinary),
        Column("wish", LargeBinary),
        Column("sentence", Text, nullable=False),
        Column("created", Float, nullable=False),
        Column("expires", Float, nullable=False),
        Column("ended", Float),
    )
    op.create_index("watches_thread", "watches", ["thread"])
    op.create_table(
        "ratings",
        Column("said", Text, primary_key=True),
        Column("person", Text, primary_key=True),
        Column("thread", Text, nullable=False),
        Column("is_good", Boolean, nullable=False),
        Column("label", Text, nullable=False),
        Column("prompt_digest", Text, nullable=False),
        Column("received", Float, nullable=False),
    )
    op.create_index("ratings_thread", "ratings", ["thread"])
    op.create_index("ratings_received", "ratings", ["received"])


def _create_calls() -> None:
    op.create_table(
        "calls",
        Column("id", _BIG, primary_key=True),
        Column("thread", Text, nullable=False),
        Column("turn", _BIG, nullable=False),
        Column("said", Text, nullable=False),
        Column("label", Text, nullable=False),
        Column("digest", Text, nullable=False),
        Column("prompt_digest", Text, nullable=False),
        Column("recipe", LargeBinary),
        Column("kept", Float, nullable=False),
    )
    op.create_index("calls_thread", "calls", ["thread", "id"])
    op.create_index("calls_said", "calls", ["said"])
    op.create_index("calls_kept", "calls", ["kept"])
