"""A text that cannot be searched is not shown."""

import sys

from bot.redaction import WITHHELD, Redactor

TEXT = '{"log": "password=hunter2"}'


def _frames() -> int:
    frame, count = sys._getframe(), 0
    while frame.f_back:
        frame, count = frame.f_back, count + 1
    return count


def _redact_with(frames: int) -> str:
    """With room for so many calls within calls, and no more."""
    limit = sys.getrecursionlimit()
    redactor = Redactor()
    sys.setrecursionlimit(_frames() + frames)
    try:
        return redactor.redact(TEXT)
    except RecursionError:
        return ""
    finally:
        sys.setrecursionlimit(limit)


def test_a_search_that_ends_in_an_error_shows_nothing() -> None:
    shown = [_redact_with(frames) for frames in range(10, 70)]

    assert WITHHELD in shown
    assert set(shown) <= {"", WITHHELD, Redactor().redact(TEXT)}


def test_what_is_withheld_stays_as_it_is() -> None:
    assert Redactor(key=b"k").redact(WITHHELD) == WITHHELD
