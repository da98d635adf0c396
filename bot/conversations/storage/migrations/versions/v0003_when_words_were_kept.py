"""When a line of a transcript was kept, so that the old ones of a long conversation can go."""

from alembic import op
from sqlalchemy import Column, Float, text

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("entries", Column("kept", Float, nullable=False, server_default=text("0")))
    op.create_index("entries_kept", "entries", ["kept"])
    op.create_index("receipts_started", "receipts", ["started"])
