"""Which seat belongs to which store."""

import uuid
from collections.abc import Callable

from bot.conversations.inbox.seat import FileSeat, Seat
from bot.conversations.inbox.seat_postgres import PostgresSeat
from bot.conversations.storage.store import Store
from bot.telemetry.seams import UNMEASURED, Telemetry


def seat_on(store: Store, clock: Callable[[], float], telemetry: Telemetry = UNMEASURED) -> Seat:
    conninfo = store.database.conninfo
    if conninfo is None:
        return FileSeat(store, uuid.uuid4().hex, telemetry)
    return PostgresSeat(conninfo, clock=clock, telemetry=telemetry)
