"""Pure: moments, spans and numbers as people read them, always in UTC."""

from datetime import UTC, datetime


def spoken_seconds(seconds: float) -> str:
    """42 s, 7 min, 3 h 20 min, 2 d 4 h."""
    whole = max(0, int(seconds))
    minutes, hours, days = whole // 60, whole // 3600, whole // 86_400
    if whole < 60:
        return f"{whole} s"
    if hours < 1:
        return f"{minutes} min"
    if days < 1:
        return f"{hours} h {minutes % 60} min"
    return f"{days} d {hours % 24} h"


def span(begun: float, ended: float) -> str:
    """`2026-11-27 06:10 to 06:40 UTC (30 min)`."""
    first, last = datetime.fromtimestamp(begun, UTC), datetime.fromtimestamp(ended, UTC)
    until = f"{last:%H:%M}" if first.date() == last.date() else f"{last:%Y-%m-%d %H:%M}"
    return f"{first:%Y-%m-%d %H:%M} to {until} UTC ({spoken_seconds(ended - begun)})"


def day(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d}"


def moment(at: float) -> str:
    """`2026-11-27 06:10:03 UTC`."""
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M:%S} UTC"


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")
