"""How a target is at one moment, and what of that is kept to compare with later; pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.cluster.objects import age_seconds
from bot.cluster.watches.seen import End, Seen, Trouble
from bot.cluster.watches.targets import Target

_RECENT_SECONDS = 600.0
"""A container that ended badly so lately is in trouble already, even where it runs just now."""
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class State:
    target: Target
    own: Seen | None
    """The object itself; None where it is not there."""
    parts: tuple[Seen, ...] = ()
    """What counts as ready or not: the object, or all workloads and loose pods of a namespace."""
    troubles: tuple[Trouble, ...] = ()
    ends: tuple[End, ...] = ()

    @property
    def is_ready(self) -> bool:
        return self.own is not None and all(each.is_ready for each in self.parts)

    @property
    def words(self) -> str:
        """`1 of 3 ready`."""
        if self.own is None:
            return "not there"
        if self.target.kind != "namespace":
            return self.own.words
        ready = sum(each.is_ready for each in self.parts)
        return f"{ready} of {len(self.parts)} workloads and pods in order"

    @property
    def told(self) -> str:
        """The same with what is wrong."""
        return "; ".join((self.words, *named(self.troubles)))


@dataclass(frozen=True, slots=True)
class Baseline:
    """How it was when somebody asked."""

    uid: str
    mark: str
    words: str
    ready: Mapping[str, int]
    """Part -> how many were ready."""
    troubles: frozenset[str]
    """Keys of what was wrong already."""
    restarts: Mapping[str, int]
    """`End.key` -> how many."""

    def to_json(self) -> dict[str, Any]:
        return {
            "uid": self.uid,
            "mark": self.mark,
            "words": self.words,
            "ready": dict(self.ready),
            "troubles": sorted(self.troubles),
            "restarts": dict(self.restarts),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Baseline":
        return cls(
            kept["uid"],
            kept["mark"],
            kept["words"],
            kept["ready"],
            frozenset(kept["troubles"]),
            kept["restarts"],
        )


def state_of(target: Target, seen: Iterable[Seen]) -> State:
    """`seen`: the object and its pods; of a namespace everything in it."""
    all_seen = sorted(seen, key=lambda each: each.spoken)
    spoken = f"{target.kind}/{target.name}"
    own = next((each for each in all_seen if each.spoken == spoken), None)
    parts: tuple[Seen, ...] = (own,) if own is not None else ()
    if target.kind == "namespace":
        parts = tuple(each for each in all_seen if each is not own and not each.is_owned)
    troubles = {each.key: each for one in reversed(all_seen) for each in one.troubles}
    ends = tuple(end for each in all_seen for end in each.ends)
    ordered = sorted(troubles.values(), key=lambda each: each.words)
    return State(target, own, parts, tuple(ordered), ends)


def baseline_of(state: State, now: datetime) -> Baseline:
    own = state.own
    return Baseline(
        own.uid if own else "",
        own.mark if own else "",
        state.words,
        {each.spoken: each.ready for each in state.parts},
        frozenset((*(t.key for t in state.troubles), *_recent(state.ends, now))),
        {end.key: end.restarts for end in state.ends},
    )


def _recent(ends: Iterable[End], now: datetime) -> Iterator[str]:
    for end in ends:
        age = age_seconds(end.finished, now)
        if end.is_bad and age is not None and age < _RECENT_SECONDS:
            yield end.trouble.key


def named(troubles: Iterable[Trouble]) -> tuple[str, ...]:
    """The first few in words, and how many more there are."""
    words = [each.words for each in troubles]
    more = len(words) - _MOST_NAMED
    return (*words[:_MOST_NAMED], *((f"{more} more like that",) if more > 0 else ()))
