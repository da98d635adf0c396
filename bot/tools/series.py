"""Restarts over time as a figure: what was counted at each look, and a step at each last restart
that Kubernetes gives the time of. Pure; between two points nothing is made up.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.dialogue import Figure
from bot.tools.restarting import Restart, Sample

MOST_LINES = 6
MOST_POINTS = 20
"""More of either Slack does not draw."""
_MINUTE = 60


@dataclass(frozen=True, slots=True)
class _Point:
    at: float
    counts: Mapping[str, int]


def restarts_over_time(
    samples: Iterable[Sample], restarts: Iterable[Restart], places: Sequence[str]
) -> Figure | None:
    """Of the namespaces `places`, the most restarted meanwhile first. None with fewer than two
    samples of them, at times that differ, or where nothing was restarted.
    """
    seen = _of_minutes(each for each in samples if each.covers(places))
    if len(seen) < 2:
        return None
    lines = _lines(seen, places)
    if not lines:
        return None
    points = _points(seen, restarts, lines)[-MOST_POINTS:]
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


def _lines(seen: Sequence[Sample], places: Sequence[str]) -> list[str]:
    """Workloads whose number is known at every look."""
    names = {name for each in seen for name in each.counts if name.partition("/")[0] in places}
    known = [name for name in names if all(each.is_whole or name in each.counts for each in seen)]
    first, last = seen[0].counts, seen[-1].counts
    rank = {name: (last.get(name, 0) - first.get(name, 0), last.get(name, 0)) for name in known}
    return sorted(known, key=lambda name: (*(-number for number in rank[name]), name))[:MOST_LINES]


def _points(
    seen: Sequence[Sample], restarts: Iterable[Restart], lines: Sequence[str]
) -> list[_Point]:
    latest: dict[str, float] = {}
    for each in restarts:
        latest[each.workload] = max(each.at.timestamp(), latest.get(each.workload, 0.0))
    points: list[_Point] = []
    for before, after in zip([None, *seen], seen, strict=False):
        if before is not None:
            points += _steps(before, after, latest, points[-1].counts)
        points.append(_Point(after.at, {line: after.counts.get(line, 0) for line in lines}))
    return points


def _steps(
    before: Sample, after: Sample, latest: Mapping[str, float], counts: Mapping[str, int]
) -> list[_Point]:
    """At the last restart of a workload it has the number that the next look sees."""
    steps: list[_Point] = []
    for at, line in sorted((latest[line], line) for line in counts if line in latest):
        minutes = {int(each.at // _MINUTE) for each in (before, after)}
        if before.at < at < after.at and int(at // _MINUTE) not in minutes:
            counts = {**counts, line: after.counts.get(line, 0)}
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
