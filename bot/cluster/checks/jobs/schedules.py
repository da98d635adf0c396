"""When a CronJob was last due, from its five fields; pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_NAMED = {
    "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0", "@daily": "0 0 * * *", "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}  # fmt: skip
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_MOST_DAYS = 366 * 4 + 1
"""As far as a 29th of February can lie back."""


@dataclass(frozen=True, slots=True)
class Schedule:
    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    """0 is Sunday."""
    is_either_day: bool
    """Both kinds of day are restricted: then one of them is enough. Source: crontab(5)."""

    def falls_on(self, day: datetime) -> bool:
        if day.month not in self.months:
            return False
        is_day, is_weekday = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        return is_day or is_weekday if self.is_either_day else is_day and is_weekday

    def before(self, now: datetime, zone: tzinfo = UTC) -> Iterator[datetime]:
        """The moments it was due, the latest first, in UTC."""
        local = now.astimezone(zone)
        for back in range(_MOST_DAYS):
            day = (local - timedelta(days=back)).replace(hour=0, minute=0, second=0, microsecond=0)
            if not self.falls_on(day):
                continue
            for hour in sorted(self.hours, reverse=True):
                for minute in sorted(self.minutes, reverse=True):
                    due = day.replace(hour=hour, minute=minute).astimezone(UTC)
                    if due <= now:
                        yield due


def parsed(written: str) -> Schedule | None:
    """None for what is no schedule of five fields, `@every 5m` among it."""
    fields = _NAMED.get(written.strip(), written).split()
    if len(fields) != 5:
        return None
    sets = (
        _field(fields[0], 0, 59),
        _field(fields[1], 0, 23),
        _field(fields[2], 1, 31),
        _field(fields[3], 1, 12, _MONTHS),
        _field(fields[4], 0, 7, _DAYS),
    )
    minutes, hours, days, months, weekdays = sets
    if not (minutes and hours and days and months and weekdays):
        return None
    is_either = not {fields[2], fields[4]} & {"*", "?"}
    return Schedule(
        minutes, hours, days, months, frozenset(each % 7 for each in weekdays), is_either
    )


def _field(written: str, low: int, high: int, names: tuple[str, ...] = ()) -> frozenset[int]:
    """Empty where it cannot be read."""
    found: set[int] = set()
    for each in written.lower().split(","):
        numbers = _range(each, low, high, names)
        if not numbers:
            return frozenset()
        found.update(numbers)
    return frozenset(found)


def _range(written: str, low: int, high: int, names: tuple[str, ...]) -> range:
    span, _, step = written.partition("/")
    if step and not (step.isdigit() and int(step)):
        return range(0)
    first, dash, last = span.partition("-")
    if first in {"*", "?"}:
        begin, end = low, high
    else:
        begin = _number(first, low, names)
        # `5/15` means from 5 on.
        end = _number(last, low, names) if dash else high if step else begin
    if not low <= begin <= end <= high:
        return range(0)
    return range(begin, end + 1, int(step or 1))


def _number(written: str, low: int, names: tuple[str, ...]) -> int:
    if written in names:
        return names.index(written) + low
    return int(written) if written.isdigit() else -1


def zone_of(name: str) -> tzinfo | None:
    """UTC where none is named; None for one that is not known here."""
    if not name:
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
