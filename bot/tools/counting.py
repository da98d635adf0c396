"""How many there are and what they are called, for questions that ask just that; pure."""

from collections import Counter
from collections.abc import Iterable

from bot.cluster.objects import name_of
from bot.cluster.resources import PLURALS
from bot.cluster.scene import PodRow, Scene

_MOST_NAMES = 20


def pods_by_state(scene: Scene) -> dict[str, int]:
    """`{"Running": 5, "CrashLoopBackOff": 1}`, the most frequent first."""
    return dict(Counter(state_word(row) for row in scene.rows).most_common())


def state_word(row: PodRow) -> str:
    is_unready = row.status == "Running" and row.ready < row.containers
    return "Running, not ready" if is_unready else row.status


def names_of(scene: Scene, kinds: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Kind -> the first names, as many as may be told; none of what could not be read."""
    return {kind: found for kind in kinds if (found := _names(scene, kind)) is not None}


def _names(scene: Scene, kind: str) -> tuple[str, ...] | None:
    plural = PLURALS[kind]
    if kind == "Pod":
        rows = sorted(row.name for row in scene.rows)
        return tuple(rows[:_MOST_NAMES]) if plural in scene.lists else None
    if any(unread == plural for unread, _ in scene.unread_plurals) or plural not in scene.lists:
        return None
    return tuple(sorted(map(name_of, scene.all(plural)))[:_MOST_NAMES])
