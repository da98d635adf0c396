"""A wish as it is kept in its row, and as people read it; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.cluster.watches.endings import ending, expired
from bot.cluster.watches.states import Baseline, State
from bot.cluster.watches.targets import Goal, Target
from bot.conversations.spans import spoken_seconds

_WHEN = {
    "ready": "until it is ready",
    "gone": "until it is gone",
    "changed": "until it changes",
    "complete": "until it is complete",
    "worse": "for trouble",
}


@dataclass(frozen=True, slots=True)
class Wish:
    target: Target
    goal: Goal
    before: Baseline

    def to_json(self) -> dict[str, Any]:
        return {
            "target": self.target.to_json(),
            "goal": self.goal,
            "before": self.before.to_json(),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Wish":
        before = Baseline.from_json(kept["before"])
        return cls(Target.from_json(kept["target"]), kept["goal"], before)

    @property
    def sentence(self) -> str:
        """`deployment/web in shop until it is ready`."""
        return f"{self.target.spoken} {_WHEN[self.goal]}"

    def ending(self, now: State, seconds: float) -> str:
        return ending(self.goal, self.before, now, spoken_seconds(seconds) if seconds else "")

    def expired(self, now: State, seconds: float) -> str:
        return expired(self.before, now, spoken_seconds(seconds))


def blind(wish: Wish, why: str) -> str:
    """What is said when the time is up and nothing can be seen."""
    return f"My time for watching {wish.target.spoken} is up, and I cannot see how it is now: {why}"


def clock_minute(moment: float) -> str:
    return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%d %H:%M} UTC"
