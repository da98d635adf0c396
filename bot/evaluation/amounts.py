"""Pure: shares, money and counts as people read them."""

import math
from collections.abc import Sequence

from bot.evaluation.chance import Share

_LEAST_DOLLARS = 0.000001


def percent(value: float) -> str:
    """0 and 100 % are said of none and all alone."""
    rounded = round(100 * value)
    if rounded == 100 and value < 1:
        return ">99 %"
    if rounded == 0 and value > 0:
        return "<1 %"
    return f"{rounded} %"


def interval(share: Share) -> str:
    return f"{percent(share.low)} to {percent(share.high)}"


def dollars(value: float | None) -> str:
    if value is None:
        return "-"
    if value >= 0.1 or value == 0:
        return f"${value:,.2f}"
    if value < _LEAST_DOLLARS:
        return f"<${_LEAST_DOLLARS:f}"
    digits = 1 - math.floor(math.log10(value))
    return f"${value:.{digits}f}".rstrip("0")


def number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:,.1f}"


def counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"


def at_once(parallel: int) -> str:
    """How many attempts ran beside each other; nothing where that is not known."""
    return f", {parallel} at once" if parallel else ""


def several(texts: Sequence[str], most: int) -> str:
    """The first of them, and how many more there are."""
    more = len(texts) - most
    return ", ".join(texts[:most]) + (f" and {more} more" if more > 0 else "")


def short(text: str, room: int) -> str:
    return text if len(text) <= room else f"{text[: room - 1]}…"
