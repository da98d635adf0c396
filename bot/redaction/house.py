"""Patterns of this house's own secrets, and the bounds within which they are sought.

Python's regular expressions cannot be stopped once they run. So each is given a line at a time,
cut to 1,000 characters with an overlap of 300, and two seconds of CPU for one text, counted
between the pieces: a pattern that is slow on long lines ends in a text that is withheld, not in
one that is waited for. What may not end even on 1,000 characters, such as `(a+)+b`, is refused
where its look tells; nothing tells them all. A match never spans two lines.
"""

import re
import time
from collections.abc import Iterator, Sequence

from bot.errors import SettingsError
from bot.redaction.spans import Span

_PIECE_CHARS = 1_000
_OVERLAP_CHARS = 300
_MOST_SECONDS = 2.0

_LINE = re.compile(r"[^\n]++")
_ONE_CHAR = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]")
_REPEATED_REPEAT = re.compile(r"\((?:\?:|\?P<\w+>)?[^()|?*+{}][+*]\??\)(?:[+*]|\{\d*,\})(?!\+)")


def compile_pattern(pattern: str) -> re.Pattern[str]:
    """Raises SettingsError for what is no pattern, matches everywhere or may never end."""
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise _refused(pattern, f"is not a regular expression: {error}") from error
    if compiled.fullmatch(""):
        raise _refused(pattern, "matches nothing at all, everywhere")
    if _REPEATED_REPEAT.search(_ONE_CHAR.sub("x", pattern)):
        raise _refused(pattern, "repeats a repetition, which can take longer than anyone waits")
    return compiled


def find_house_secrets(text: str, patterns: Sequence[re.Pattern[str]]) -> Iterator[Span]:
    """Raises TimeoutError where one of them takes more than two seconds of CPU."""
    for pattern in patterns:
        begun = time.thread_time()
        group = "secret" if "secret" in pattern.groupindex else 0
        for piece, at in _cut(text):
            for found in pattern.finditer(piece):
                start, end = found.span(group)
                yield Span(at + start, at + end, "house")
            if time.thread_time() - begun > _MOST_SECONDS:
                raise TimeoutError(f"The redaction pattern {pattern.pattern!r} takes too long.")


def _cut(text: str) -> Iterator[tuple[str, int]]:
    for line in _LINE.finditer(text):
        start, end = line.span()
        while end - start > _PIECE_CHARS:
            yield text[start : start + _PIECE_CHARS], start
            start += _PIECE_CHARS - _OVERLAP_CHARS
        yield text[start:end], start


def _refused(pattern: str, why: str) -> SettingsError:
    return SettingsError(
        f"The redaction pattern {pattern!r} {why}. Correct it in the file that KAIA_CONFIG names."
    )
