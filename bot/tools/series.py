"""Restarts over time as a figure: what was counted at each look, and a step at each last restart
that Kubernetes gives the time of. Pure; between two points nothing is made up.

Looks count by pod; whose pods they are is known only when it is drawn. What has happened stays so:
a pod that is deleted, or whose number falls, takes nothing back.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from types import MappingProxyType

from bot.dialogue import Figure
from bot.tools.restarting import Owned, Restart, Sample

MOST_LINES = 6
MOST_POINTS = 20
"""More of either Slack does not draw."""
_MINUTE = 60
_NOBODY: Mapping[str, Owned] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class _Point:
    at: float
    counts: Mapping[str, int]


def restarts_over_time(
    samples: Iterable[Sample],
    restarts: Iterable[Restart],
    places: Sequence[str],
    owners: Mapping[str, Owned] = _NOBODY,
) -> Figure | None:
    """Of the namespaces `places`, the most restarted meanwhile first. None with fewer than two
    samples of them, at times that differ, or where nothing was restarted. `owners` are of the pods
    that are there now; of any other nobody knows the workload.
    """
    seen = _of_minutes(each for each in samples if each.covers(places))
    if len(seen) < 2:
        return None
    looks = _by_workload(seen, places, owners)
    lines = _lines(looks)
    if not lines:
        return None
    points = _points(looks, restarts, lines)[-MOST_POINTS:]
    labelled = list(zip(_labels([point.at for point in points]), points, strict=True))
    is_one = len(places) == 1
    series = (
        (_name(line, is_one), tuple((at, point.counts[line]) for at, point in labelled))
        for line in lines
    )
    return Figure("Restarts over time", "restarts", tuple(series), is_over_time=True)


def _of_minutes(samples: Iterable[Sample]) -> list[Sample]:
    """Of each minute the last."""
    by_minute = {int(each.at // _MINUTE): each for each in sorted(samples, key=lambda one: one.at)}
    return list(by_minute.values())


def _by_workload(
    seen: Sequence[Sample], places: Sequence[str], owners: Mapping[str, Owned]
) -> list[_Point]:
    """Of pods whose number is known at every look; others may have any before."""
    names = {name for each in seen for name in each.counts if name.partition("/")[0] in places}
    counted: list[Counter[str]] = [Counter() for _ in seen]
    for name in names:
        if all(each.is_whole or name in each.counts for each in seen):
            pod = owners.get(name, Owned(name, 0.0))
            for counts, number in zip(counted, _grown(seen, name, pod.created), strict=True):
                counts[pod.workload] += number
    return [_Point(each.at, counts) for each, counts in zip(seen, counted, strict=True)]


def _grown(seen: Sequence[Sample], name: str, created: float) -> list[int]:
    """Of this pod, and of one of the same name before it was created. A number that falls is of a
    pod whose containers were made anew: it counts again once it is higher than it was.
    """
    before = accumulate((each.counts.get(name, 0) * (each.at < created) for each in seen), max)
    since = accumulate((each.counts.get(name, 0) * (each.at >= created) for each in seen), max)
    return [one + other for one, other in zip(before, since, strict=True)]


def _lines(looks: Sequence[_Point]) -> list[str]:
    first, last = looks[0].counts, looks[-1].counts
    rank = {name: (number - first[name], number) for name, number in last.items()}
    return sorted(rank, key=lambda name: (*(-number for number in rank[name]), name))[:MOST_LINES]


def _points(
    looks: Sequence[_Point], restarts: Iterable[Restart], lines: Sequence[str]
) -> list[_Point]:
    latest: dict[str, float] = {}
    for each in restarts:
        latest[each.workload] = max(each.at.timestamp(), latest.get(each.workload, 0.0))
    points: list[_Point] = []
    for before, after in zip([None, *looks], looks, strict=False):
        if before is not None:
            points += _steps(before, after, latest, points[-1].counts)
        points.append(_Point(after.at, {line: after.counts[line] for line in lines}))
    return points


def _steps(
    before: _Point, after: _Point, latest: Mapping[str, float], counts: Mapping[str, int]
) -> list[_Point]:
    """At the last restart of a workload it has the number that the next look sees."""
    steps: list[_Point] = []
    for at, line in sorted((latest[line], line) for line in counts if line in latest):
        minutes = {int(each.at // _MINUTE) for each in (before, after)}
        if before.at < at < after.at and int(at // _MINUTE) not in minutes:
            counts = {**counts, line: after.counts[line]}
            if steps and int(steps[-1].at // _MINUTE) == int(at // _MINUTE):
                steps.pop()
            steps.append(_Point(at, counts))
    return steps


def _labels(moments: Sequence[float]) -> list[str]:
    """In UTC; with the day where it is not the same for all."""
    times = [datetime.fromtimestamp(at, UTC) for at in moments]
    is_one_day = len({at.date() for at in times}) == 1
    return [f"{at:%H:%M}" if is_one_day else f"{at:%m-%d %H:%M}" for at in times]


def _name(line: str, is_one: bool) -> str:
    return line.partition("/")[2] if is_one else line
