"""Pure: what Postgres and its driver complain of, as sentences that hold no password."""

import re

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bot.errors import StoreAway, StoreError

_AWAY = (
    "{name} does not answer. Kaia goes on trying by itself; if this lasts, check that it runs and"
    " that KAIA_STORE names it."
)
_LET_IN = (
    "{name} does not let Kaia in. Check the user and the password in KAIA_STORE, and the server's"
    " pg_hba.conf."
)
_NO_DATABASE = "{name} does not exist. Create that database, or let KAIA_STORE name another."
_NO_PLACE = (
    "{name} has no connection left. Close others or raise its max_connections; Kaia needs nine of"
    " them for each replica."
)
_FULL = "The disk of {name} is full. Free some space there and try again."
_READ_ONLY = (
    "{name} can be read but not written: it is a standby, or was set so. Let KAIA_STORE name the"
    " primary."
)
_MAY_NOT = (
    "The user in KAIA_STORE may not make or write tables in {name}. Make that user the owner of"
    " the database, or grant it create and usage on its schema."
)
_BUSY = "{name} is too busy to keep anything just now. Try again in a moment."
_NO_TLS = (
    "{name} and Kaia cannot agree on TLS. Check sslmode and the certificates that KAIA_STORE names."
)
_BROKEN = "{name} reports an error of its own. See the log of Postgres."

_Row = tuple[str, type[StoreError], str]

_BY_STATE: tuple[_Row, ...] = (
    ("28", StoreError, _LET_IN),
    ("3D", StoreError, _NO_DATABASE),
    ("42501", StoreError, _MAY_NOT),
    ("3F", StoreError, _MAY_NOT),
    ("25006", StoreAway, _READ_ONLY),
    ("53100", StoreAway, _FULL),
    ("53300", StoreAway, _NO_PLACE),
    ("53", StoreAway, _BUSY),
    ("40", StoreAway, _BUSY),
    ("55P03", StoreAway, _BUSY),
    ("57014", StoreAway, _BUSY),
    ("57", StoreAway, _AWAY),
    ("25P03", StoreAway, _AWAY),
    ("08", StoreAway, _AWAY),
    ("58", StoreAway, _BROKEN),
    ("XX", StoreAway, _BROKEN),
)

# While a connection is made the driver hands on no state, only the server's words.
_BY_WORDS: tuple[_Row, ...] = (
    (r"password|pg_hba|authentication|permission denied", StoreError, _LET_IN),
    (r"role .* (does not exist|is not permitted)", StoreError, _LET_IN),
    (r"database .* does not exist", StoreError, _NO_DATABASE),
    (r"too many (clients|connections)|connection slots", StoreAway, _NO_PLACE),
    (r"\bSSL\b|certificate|\bTLS\b", StoreError, _NO_TLS),
    (r"", StoreAway, _AWAY),
)


def complaint(error: Exception, name: str) -> StoreError | None:
    """None where the statement was wrong, and not the machine."""
    if isinstance(error, PoolTimeoutError):
        return StoreAway(_BUSY.format(name=_capital(name)))
    origin = error.orig if isinstance(error, DBAPIError) else error
    if not isinstance(origin, psycopg.Error):
        return None
    found = _meaning(origin)
    return found and found[0](_capital(found[1].format(name=name)))


def _meaning(error: psycopg.Error) -> tuple[type[StoreError], str] | None:
    if error.sqlstate:
        known = (row for row in _BY_STATE if str(error.sqlstate).startswith(row[0]))
    elif isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        known = (row for row in _BY_WORDS if re.search(row[0], str(error)))
    else:
        return None
    row = next(known, None)
    return row and row[1:]


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
