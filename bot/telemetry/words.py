"""Which words a label or an attribute may hold: a list known at start, and `other` for the rest.

An id, a name or a text that got here by mistake is counted under `other`, and shown nowhere.
"""

import asyncio
from collections.abc import Collection, Mapping
from typing import Final

from bot.telemetry.seams import Activity, Happening

OTHER: Final = "other"

Vocabulary = Mapping[Activity | Happening, Collection[str]]

OUTCOMES: Final[Mapping[Activity, frozenset[str]]] = {
    "ack": frozenset({"done", "not_acked", "lost", "failed", "cancelled"}),
    "intake": frozenset({"done", "known", "store_away", "failed", "cancelled"}),
    "turn": frozenset({"done", "failed", "stopped", "waiting", "store_away", "cancelled"}),
    "model": frozenset({
        "done", "busy", "missing", "refused", "silent", "timed_out", "unreachable",
        "failed", "cancelled",
    }),
    "kubectl": frozenset({"done", "nonzero", "killed", "failed", "cancelled"}),
    "slack": frozenset({
        "done", "dropped", "limited", "refused", "unclear", "failed", "cancelled",
    }),
}  # fmt: skip

_OF_ERRORS: Final = {
    "CallDropped": "dropped",
    "CallLimited": "limited",
    "CallRefused": "refused",
    "CallUnclear": "unclear",
    "ModelBusy": "busy",
    "ModelMissing": "missing",
    "ModelRefused": "refused",
    "ModelSaidNothing": "silent",
    "ModelTimedOut": "timed_out",
    "ModelUnreachable": "unreachable",
    "ModelWithoutTools": "refused",
    "StoreError": "store_away",
}
"""By the name of the class, since some of them live in rooms above this one."""


def outcome_of(error: BaseException) -> str:
    if isinstance(error, asyncio.CancelledError):
        return "cancelled"
    names = (kind.__name__ for kind in type(error).__mro__)
    return next((_OF_ERRORS[name] for name in names if name in _OF_ERRORS), "failed")


def known(word: str, words: Collection[str]) -> str:
    return word if word in words else OTHER
