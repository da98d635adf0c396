"""Which seat belongs to which store."""

import uuid
from collections.abc import Callable

from bot.conversations.inbox.seat import FileSeat, Seat
from bot.conversations.inbox.seat_postgres import PostgresSeat
from bot.conversations.storage.store import Store


def seat_on(store: Store, clock: Callable[[], float]) -> Seat:
    conninfo = store.database.conninfo
    if conninfo is None:
        return FileSeat(store, uuid.uuid4().hex)
    return PostgresSeat(conninfo, clock=clock)
