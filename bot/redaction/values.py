"""How far a value reaches that stands behind a name, and whether it can be a secret at all."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from bot.redaction.marks import is_redacted
from bot.redaction.names import is_password


class Place(NamedTuple):
    """Where a value begins, and what its notation is."""

    start: int
    column: int | None
    """Of the name, where it begins its line; the value then ends with the line or its block."""
    opening: str
    """The mark that ends the string which holds the name too, as in `"NAME=value"`; or nothing."""
    separator: str
    """`:`, `=`, … with the white space behind it."""


_QUOTE = re.compile(r"\\*+[\"'`]")
_MARKS = {mark: re.compile(rf"(?<!\\)(\\*+){mark}") for mark in "\"'`"}
_REST_OF_LINE = re.compile(r"[^\n]*")
_BLOCK_MARK = re.compile(r"(?:!\S+[ \t]+)?[|>][+-]?\d?[+-]?[ \t]*(?:[ \t]#.*)?")
_NEXT_ASSIGNMENT = re.compile(r"[ \t][\w.-]++=")
_NEXT_ESCAPED_LINE = re.compile(
    r"(?<!\\)\\++n[ \t]*(?:-[ \t]+)?(?:[\"']?[\w./-]++[\"']?[ \t]*[=:]|\Z)"
)
_ITEM = re.compile(r"[ \t]*(?:-[ \t]+)?(?P<scalar>[^\n]*)")
_HAS_NAME = re.compile(r"[\"']?[\w./-]+[\"']?[ \t]*:(?:[ \t]|$)|[{\[]")

# A value without quotes ends at white space, at a closing bracket or quote that nothing follows,
# and where the next `name=` begins.
_UNQUOTED = re.compile(
    r"(?:[^\s\"'`\\<>,;&)\]}]"
    r"|[,;&](?![\w.-]*+[=:]|\s|\Z)"
    r"|[)\]}](?=[^\s\"'`,;)\]}\\])"
    r"|[\"'`](?=[\w!@#$%^*+/~])"
    r"|<(?!/)|>"
    r"|\\++(?![\"'nrt])"
    r")++"
)

_HARMLESS = re.compile(
    r"(?i:true|false|yes|no|on|off|null|nil|none|undefined|unset|~|redacted|\*+|x{3,}|-+|\.{3}"
    r"|required value.*|<set to the [^>]*>(?:\s+optional: (?:true|false).*)?|<[a-z ]+>"
    r"|\[\]|\{\}|len=\d+|\d+ bytes)"
    r"|\$\(\w+\)|\$\{\w+\}|\$[A-Z_][A-Z0-9_]*|\{\{.*\}\}|\[redacted\]"
)
_OPENS_MAPPING = re.compile(
    r"\{\s*(?:\\*[\"']|[\w.-]+\s*:[\s\"'{]|\}\s*\Z|\Z)|\[\s*(?:\\*[\"']|\{|\]\s*\Z|\Z)"
)
_PORT_OR_VERSION = re.compile(r"\d{1,5}(?:/.*)?|v?\d+(?:\.\d+)+[\w.-]*|latest|sha256:.*")

_PROSE_BEGINS = frozenset({
    "a", "abgelaufen", "an", "and", "authentication", "bad", "base64", "being", "can't", "cannot",
    "changed", "connection", "context", "correct", "could", "denied", "dial", "does", "empty",
    "eof", "error", "expired", "fail", "failed", "falsch", "fine", "for", "forbidden", "from",
    "has", "hash", "in", "incorrect", "invalid", "is", "lookup", "malformed", "mismatch", "missing",
    "mounted", "must", "no", "not", "of", "ok", "only", "or", "permission", "rejected", "required",
    "revoked", "rotated", "rpc", "same", "set", "should", "signature", "still", "stored", "the",
    "timeout", "to", "too", "unable", "unauthorized", "unexpected", "unknown", "unset",
    "unsupported", "used", "user", "validation", "was", "were", "will", "with", "wrong",
})  # fmt: skip
_FIRST_WORD = re.compile(r"[a-z']+(?=[ ])")
_STATUS = re.compile(r"[1-5]\d\d (?:[A-Z][a-z]+\b|OK\b)")
_PLAIN_WORDS = re.compile(r"[A-Z]?[a-z']++(?:[ ,.;:()\"/-]++[A-Za-z']++)*+[ .,;:()!\"'-]*+")


def find_value(text: str, place: Place, name: str) -> list[tuple[int, int]]:
    """The pieces of `text` that are the value; none where it cannot be a secret."""
    quote = _QUOTE.match(text, place.start)
    if quote:
        return _find_quoted(text, place, quote)
    if place.opening:
        return _find_in_string(text, place, name)
    if place.column is not None and ":" in place.separator:
        return _find_in_block(text, place, name)
    return _find_inline(text, place, name)


def find_closing(text: str, start: int, quote: str) -> int:
    """Where a quoted text ends: before its mark on as many backslashes, or with the line."""
    depth = len(quote) - 1
    for found in _MARKS[quote[-1]].finditer(text, start):
        slashes = len(found[1])
        if slashes <= depth if depth else slashes % 2 == 0:
            newline = text.find("\n", start, found.start())
            return found.start() if newline < 0 else newline
    return _end_of_line(text, start)


def is_harmless(value: str) -> bool:
    """Empty, a reference, or a mark."""
    value = value.strip().strip("\"'`").rstrip(",;").strip()
    return not value or _HARMLESS.fullmatch(value) is not None or is_redacted(value)


def opens_mapping(value: str, name: str) -> bool:
    """The beginning of a structure, whose names and values are looked at by themselves.

    A variable of an environment has none: what looks like one is text.
    """
    return not name.isupper() and _OPENS_MAPPING.match(value.lstrip()) is not None


def is_sentence(value: str, name: str, *, begins_line: bool) -> bool:
    """`token: signature is invalid` says something about a token, and is none."""
    if not _PLAIN_WORDS.fullmatch(value):
        return False
    words = value.lower().split()
    if words[0].strip(".,;:()\"'") in _PROSE_BEGINS:
        return True
    return len(words) > 1 and not begins_line and not is_password(name)


def _find_quoted(text: str, place: Place, quote: re.Match[str]) -> list[tuple[int, int]]:
    start, mark = quote.end(), quote[0]
    end = find_closing(text, start, mark)
    while mark == "'" and text.startswith("''", end):  # YAML's way to write one
        end = find_closing(text, end + 2, mark)
    closed = text.startswith(mark, end)
    after = end + len(mark)
    if closed and (glued := _UNQUOTED.match(text, after)) and not place.opening:
        end = glued.end() if text[after] not in ":#" else end
    if not closed and place.column is not None:
        end = _end_of_block(text, end, place.column)
    return _keep(text, start, end)


def _find_in_string(text: str, place: Place, name: str) -> list[tuple[int, int]]:
    """A line of a file that stands in a string ends where the next line begins with a name."""
    end = find_closing(text, place.start, place.opening)
    following = _NEXT_ESCAPED_LINE.search(text, place.start, end)
    end = following.start() if following else end
    value = text[place.start : end]
    if opens_mapping(value, name) or (
        ":" in place.separator and is_sentence(value, name, begins_line=True)
    ):
        return []
    return _keep(text, place.start, end)


def _find_in_block(text: str, place: Place, name: str) -> list[tuple[int, int]]:
    assert place.column is not None  # noqa: S101  # the caller looked; tells the type checker
    end = _end_of_line(text, place.start)
    value = text[place.start : end].rstrip(" \t\r")
    if _BLOCK_MARK.fullmatch(value):
        return _keep(text, end + 1, _end_of_block(text, end, place.column))
    if not value:
        return list(_find_scalars(text, end, place.column))
    if opens_mapping(value, name) or is_redacted(value):
        return []
    block_end = _end_of_block(text, end, place.column)
    if block_end > end:
        return [(place.start, block_end)]
    if is_harmless(value) or is_sentence(value, name, begins_line=True):
        return []
    return [(place.start, place.start + len(value.rstrip(",")))]


def _find_inline(text: str, place: Place, name: str) -> list[tuple[int, int]]:
    rest = _REST_OF_LINE.match(text, place.start, place.start + 400)
    line = rest[0] if rest else ""
    if place.column is not None and name.isupper():
        following = _NEXT_ASSIGNMENT.search(text, place.start, _end_of_line(text, place.start))
        end = following.start() if following else _end_of_line(text, place.start)
        return _keep(text, place.start, end)
    if ":" in place.separator and (
        is_sentence(line.strip(), name, begins_line=False) or _is_answer(line, name)
    ):
        return []
    found = _UNQUOTED.match(text, place.start)
    if (
        not found
        or opens_mapping(found[0], name)
        or (place.separator == ":" and _PORT_OR_VERSION.fullmatch(found[0]))
    ):
        return []
    if place.separator.endswith(" ") and re.match(r"[\w.-]+=", found[0]):
        return []
    return _keep(text, place.start, found.start() + len(found[0].rstrip(".,;)]}") or found[0]))


def _is_answer(line: str, name: str) -> bool:
    """`token: unexpected status: 401`, `…/token: 401 Unauthorized`: what a server said of it."""
    if is_password(name):
        return False
    begun = _FIRST_WORD.match(line)
    says_so = begun is not None and begun[0] in _PROSE_BEGINS and begun.end() < len(line)
    return says_so or _STATUS.match(line) is not None


def _keep(text: str, start: int, end: int) -> list[tuple[int, int]]:
    return [] if is_harmless(text[start:end]) else [(start, end)]


def _end_of_block(text: str, line_end: int, column: int) -> int:
    """Where the lines end that are indented deeper: the rest of a value in YAML and describe."""
    for _, end in _deeper_lines(text, line_end, column):
        line_end = end
    return line_end


def _find_scalars(text: str, line_end: int, column: int) -> Iterator[tuple[int, int]]:
    """Behind an empty value: list items and folded text, until there is a name again."""
    for start, end in _deeper_lines(text, line_end, column):
        found = _ITEM.match(text, start, end)
        if not found or _HAS_NAME.match(found["scalar"]):
            return
        if not (is_harmless(found["scalar"]) or opens_mapping(found["scalar"], "")):
            yield found.start("scalar"), end


def _deeper_lines(text: str, line_end: int, column: int) -> Iterator[tuple[int, int]]:
    while line_end < len(text):
        start = line_end + 1
        line_end = _end_of_line(text, start)
        line = text[start:line_end]
        indent = len(line) - len(line.lstrip(" \t"))
        if line.strip():
            if indent <= column and not (indent == column and line.lstrip().startswith("- ")):
                return
            yield start + indent, line_end


def _end_of_line(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end
