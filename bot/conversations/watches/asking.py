"""Pure: `deployment/web in shop until ready for 30m` read into what is watched and how long."""

import re
from dataclasses import dataclass

from bot.cluster.watches.targets import KINDS, Goal, Kind

EXAMPLE = "`watch deployment/web in shop until ready for 30m`"
USUAL_SECONDS = 3600.0
MOST_SECONDS = 8 * 3600.0
LEAST_SECONDS = 60.0

_KINDS = "pod, deployment, statefulset, daemonset, job, node, pvc or namespace (ns)"
_NAME = r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?"
_ASKED = re.compile(
    rf"(?:the )?(?P<kind>[a-z]{{2,32}})(?:\.[a-z0-9.]+)?(?:/| +)(?P<name>{_NAME})"
    rf"(?P<rest>(?: .*)?)"
)
_PLACE = re.compile(
    rf" +(?:in|-n|--namespace)[ =]+(?:the )?(?:namespace |ns )?(?P<place>{_NAME})(?= |\Z)"
)
_UNTIL = re.compile(r" +(?:until|till|to be) +(?:it(?:'s| is)? +)?(?P<goal>[a-z]+)(?= |\Z)")
_FOR = re.compile(
    r" +for +(?:the next +)?(?P<count>\d{1,4}) *(?P<unit>m|mins?|minutes?|h|hrs?|hours?)(?= |\Z)"
)
_GOALS: dict[str, Goal] = {
    "ready": "ready", "up": "ready", "healthy": "ready", "running": "ready", "bound": "ready",
    "gone": "gone", "deleted": "gone", "removed": "gone",
    "changed": "changed", "changes": "changed", "change": "changed",
    "complete": "complete", "completed": "complete", "completes": "complete", "done": "complete",
    "finished": "complete", "succeeded": "complete",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    kind: Kind
    name: str
    namespace: str
    """Empty where none was named."""
    goal: Goal | None
    seconds: float


def read(text: str) -> Asked | str:
    """What stands behind `watch`; or why it cannot be understood, in sentences."""
    plain = " ".join(text.replace("`", " ").split()).strip(" .!?").lower()
    found = _ASKED.fullmatch(plain)
    if found is None:
        return f"I did not understand what to watch. Say it like this: {EXAMPLE}."
    kind = KINDS.get(found["kind"])
    if kind is None:
        return f"I can watch a {_KINDS}. Say it like this: {EXAMPLE}."
    rest, place = _taken(_PLACE, found["rest"])
    rest, until = _taken(_UNTIL, rest)
    rest, lasting = _taken(_FOR, rest)
    if rest.strip():
        return f"I did not understand “{rest.strip()[:60]}”. Say it like this: {EXAMPLE}."
    goal = _GOALS.get(until["goal"]) if until else None
    if (until and goal is None) or (goal is not None and goal not in kind.goals):
        return _say_goals(kind)
    namespace = place["place"] if place and kind.resource.is_namespaced else ""
    return Asked(kind, found["name"], namespace, goal, _seconds(lasting))


def _taken(wanted: re.Pattern[str], text: str) -> tuple[str, re.Match[str] | None]:
    found = wanted.search(text)
    return (text[: found.start()] + text[found.end() :] if found else text), found


def _seconds(found: re.Match[str] | None) -> float:
    if found is None:
        return USUAL_SECONDS
    each = 3600.0 if found["unit"].startswith("h") else 60.0
    return min(max(each * int(found["count"]), LEAST_SECONDS), MOST_SECONDS)


def _say_goals(kind: Kind) -> str:
    *first, last = (f"`until {goal}`" for goal in kind.goals)
    return (
        f"A {kind.word} can be watched {', '.join(first)} or {last}; without it I say when it gets"
        f" worse. For example: `watch {kind.word}/NAME until {kind.goals[0]}`."
    )
