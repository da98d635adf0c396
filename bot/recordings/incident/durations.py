"""How long ago something was, as the server writes it in its tables: `5m`, `3h20m`, `12d`; pure.

Source: apimachinery's duration.HumanDuration.
"""

from datetime import datetime

from bot.cluster.objects import moment

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def ago(written: str, at: datetime) -> str:
    then = moment(written) if written else None
    return between(then, at) if then else "<unknown>"


def between(first: datetime, last: datetime) -> str:
    seconds = int((last - first).total_seconds())
    if seconds < 0:
        return "0s" if seconds >= -1 else "<invalid>"
    if seconds < 2 * _MINUTE:
        return f"{seconds}s"
    if seconds < 3 * _HOUR:
        return _two(seconds, _MINUTE, 10 * _MINUTE, 1, "m", "s")
    if seconds < 48 * _HOUR:
        return _two(seconds, _HOUR, 8 * _HOUR, _MINUTE, "h", "m")
    if seconds < 2 * 365 * _DAY:
        return _two(seconds, _DAY, 8 * _DAY, _HOUR, "d", "h")
    return _two(seconds, 365 * _DAY, 8 * 365 * _DAY, _DAY, "y", "d")


def _two(seconds: int, unit: int, exact_below: int, small: int, sign: str, small_sign: str) -> str:
    """The smaller unit stands beside the larger as long as that is small."""
    whole, rest = divmod(seconds, unit)
    if seconds >= exact_below or not rest // small:
        return f"{whole}{sign}"
    return f"{whole}{sign}{rest // small}{small_sign}"
