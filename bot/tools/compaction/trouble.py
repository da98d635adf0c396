"""What a line of output is about: how bad it looks, when it was, what it repeats; pure."""

import re

TIMESTAMP = re.compile(
    r"\[?\d{4}-\d\d-\d\d[T ][\d:.,]+(?:Z|[+-]\d\d:?\d\d)?\]?\s*|[EWIF]\d{4} [\d:.]+\s+"
)
_WORST = (
    "panic", "fatal", "exception", "traceback", "segfault", "segmentation", "oom", "out of memory",
    "crashloop", "critical", "evicted", "core dumped",
)  # fmt: skip
_BAD = (
    "error", "fail", "denied", "refused", "forbidden", "unauthorized", "not found", "timeout",
    "time out", "timed out", "timed-out", "time-out", "unable", "cannot", "can't", "backoff",
    "back-off", "unhealthy", "killed", "invalid", "no such", "unreachable", "exceeded", "x509",
)  # fmt: skip
_ODD = ("warn", "retry", "pending", "unschedul", "notready", "not ready")
_ERR = re.compile(r"err\b")
_NONE_OF = re.compile(r"\b0/[1-9]\d*\b")

# 4xx and 5xx that stand alone keep their first digit: a failed request repeats no good one.
_VARYING = re.compile(r"(?!(?<![\w./-])[45]\d\d(?![\w./-]))(?:[0-9a-f]{6,}|\d+)")


def severity_of(line: str) -> int | None:
    """0 is worst, 2 is odd; None where nothing looks like trouble."""
    lowered = line.lower()
    if any(word in lowered for word in _WORST):
        return 0
    if any(word in lowered for word in _BAD) or ("err" in lowered and _ERR.search(lowered)):
        return 1
    if any(word in lowered for word in _ODD) or ("0/" in lowered and _NONE_OF.search(lowered)):
        return 2
    return None


def kind_of(line: str) -> str:
    """The line without the numbers and ids in which it may differ from its like."""
    return _VARYING.sub("#", line)


def untimed(line: str) -> str:
    """The line without the time it begins with."""
    return TIMESTAMP.sub("", line, count=1) if TIMESTAMP.match(line) else line


def time_of(line: str) -> str:
    """The time it begins with, or nothing."""
    found = TIMESTAMP.match(line)
    return found[0].strip() if found else ""
