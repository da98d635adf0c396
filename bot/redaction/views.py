"""The same text as it was before it was wrapped, quoted or encoded; it judges nothing.

A secret that is broken over two lines, or written as `%22password%22%3A%22…`, is seen in a view
and hidden where it stands.
"""

import bisect
import functools
import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote, unquote_plus

from bot.redaction.look_alikes import find_in_look_alikes
from bot.redaction.spans import Finder, Span

_WIDTHS = (64, 76)
"""Where what wraps does so: PEM and openssl at 64 columns, MIME and base64 at 76."""

_LINE = re.compile(r"[^\n]++")
_PERCENT_LINE = re.compile(r"[^\n%]*+%[^\n]*+")
_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_PERCENT_OR_PLUS = re.compile(r"(?:%[0-9A-Fa-f]{2})+|\++")
_FOLDED_VALUE = re.compile(
    r"(?<![^\s&=\"'<>])[^\s&=\"'<>%]*+(?:%(?!0A)[^\s&=\"'<>%]*+)*+%0A[^\s&=\"'<>]*+"
)
_STRING = re.compile(r"\"(?P<inside>(?:[^\"\\\n]|\\.)*+)")
_ESCAPE = re.compile(r"\\[nrt\"'\\/]")
_MEANT = {"n": "\n", "r": "\r", "t": "\t"}
_ENCODED = re.compile(r"\\u00[0-7][0-9a-fA-F]|&(?:quot|apos|lt|gt|amp|#\d{2,3}|#x[0-9a-fA-F]{2});")


@dataclass(slots=True)
class View:
    """A text put together from pieces of another, and where each piece stands there."""

    pieces: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    places: list[tuple[int, int]] = field(default_factory=list)
    chars: int = 0

    def add(self, piece: str, start: int, end: int) -> None:
        if piece:
            self.pieces.append(piece)
            self.starts.append(self.chars)
            self.places.append((start, end))
            self.chars += len(piece)

    def search(self, find: Finder) -> Iterator[Span]:
        for span in find("".join(self.pieces)):
            if span.start < span.end:
                yield Span(self._start(span.start), self._end(span.end), span.kind)

    def _start(self, index: int) -> int:
        piece = bisect.bisect_right(self.starts, index) - 1
        start, end = self.places[piece]
        is_as_written = len(self.pieces[piece]) == end - start
        return start + index - self.starts[piece] if is_as_written else start

    def _end(self, index: int) -> int:
        piece = bisect.bisect_left(self.starts, index) - 1
        start, end = self.places[piece]
        is_as_written = len(self.pieces[piece]) == end - start
        return start + index - self.starts[piece] if is_as_written else end


def find_in_views(text: str, find: Finder) -> Iterator[Span]:
    """What `find` finds in wrapped, quoted or encoded text, where it stands in `text`."""
    yield from _find_wrapped(text, find)
    yield from find_in_look_alikes(text, find)
    if "\\n" in text:
        for string in _STRING.finditer(text):
            if "\\n" in string["inside"]:
                yield from _read(text, string.span("inside"), _ESCAPE, _unescape).search(find)
    if "%" in text:
        for line in _PERCENT_LINE.finditer(text):
            yield from _find_escaped(text, line, find)
    if ("\\u00" in text or "&" in text) and _ENCODED.search(text):
        for line in _LINE.finditer(text):
            if _ENCODED.search(text, *line.span()):
                yield from _read(text, line.span(), _ENCODED, _decode).search(find)


def _find_escaped(text: str, line: re.Match[str], find: Finder) -> Iterator[Span]:
    if _PERCENT.search(text, *line.span()):
        yield from _read(text, line.span(), _PERCENT, unquote).search(find)
        for value in _FOLDED_VALUE.finditer(text, *line.span()):
            yield from _read(text, value.span(), _PERCENT, unquote).search(find)
        if "+" in line[0]:  # a space, as forms write it
            yield from _read(text, line.span(), _PERCENT_OR_PLUS, unquote_plus).search(find)


def _decode(encoded: str) -> str:
    """As JSON written by Go has it, or HTML."""
    return html.unescape(encoded) if encoded[0] == "&" else chr(int(encoded[-2:], base=16))


def _unescape(escape: str) -> str:
    return _MEANT.get(escape[1], escape[1])


def _read(
    text: str, span: tuple[int, int], escape: re.Pattern[str], mean: Callable[[str], str]
) -> View:
    """That piece of the text, with each escape as what it means."""
    view, (at, end) = View(), span
    for escaped in escape.finditer(text, at, end):
        view.add(text[at : escaped.start()], at, escaped.start())
        view.add(mean(escaped[0]), *escaped.span())
        at = escaped.end()
    view.add(text[at:end], at, end)
    return view


def _find_wrapped(text: str, find: Finder) -> Iterator[Span]:
    lines = text.split("\n")
    longest = max(map(len, lines))
    if longest >= min(_WIDTHS):
        yield from _find_joined(lines, _indent_of_wrapped, find)
    indents = (len(line) - len(line.lstrip(" \t")) for line in lines if line.strip())
    for indent in {0, min(indents, default=0)}:
        # Where no line is longer, one may also have been broken beside a space.
        if longest - indent in _WIDTHS:
            measure = functools.partial(_indent_of_longest, chars=longest, indent=indent)
            yield from _find_joined(lines, measure, find)


def _indent_of_longest(line: str, _: str, *, chars: int, indent: int) -> int | None:
    return indent if len(line) == chars else None


def _indent_of_wrapped(line: str, following: str) -> int | None:
    """How far both are indented, if the first was broken amid a word to make the second."""
    indent = len(following) - len(following.lstrip(" \t"))
    is_full = len(line) - indent in _WIDTHS and not line[:indent].strip()
    return indent if is_full and line[-1].strip() and following.strip() else None


def _find_joined(
    lines: list[str], measure: Callable[[str, str], int | None], find: Finder
) -> Iterator[Span]:
    """In full lines that follow each other, and the one after them, put together."""
    view, joined, at = View(), None, 0
    for number, line in enumerate(lines):
        is_last = number + 1 == len(lines)
        indent = None
        if len(line) >= min(_WIDTHS) and not is_last:
            indent = measure(line, lines[number + 1])
        if joined is not None:
            view.add(line[joined:], at + joined, at + len(line))
            if indent != joined:
                yield from view.search(find)
                view, joined = View(), None
        if joined is None and indent is not None:
            view.add(line[indent:], at + indent, at + len(line))
            joined = indent
        at += len(line) + 1
