"""The data of a Secret that lost its kind: `-o jsonpath={.data}`, a column, a cut manifest.

Nothing says what it is but its values, which are base64 of text to the last one.
"""

import re
from collections.abc import Iterator

from bot.redaction.encoded import decode_bytes, is_text
from bot.redaction.spans import Span

_KEY = r"[\w.-]{1,253}"
_BASE64 = r"(?:[A-Za-z0-9+/]{4}){1,}+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?+"
_GO_MAP = re.compile(rf"\bmap\[(?P<pairs>{_KEY}:{_BASE64}(?: {_KEY}:{_BASE64})*+)\]")
_JSON_MAP = re.compile(
    rf"\{{(?P<pairs>\s*+\"{_KEY}\":\s*+\"{_BASE64}\"(?:\s*+,\s*+\"{_KEY}\":\s*+\"{_BASE64}\")*+)\s*+\}}"
)
_YAML_MAP = re.compile(
    rf"^(?P<lead>[ ]*+)data:[ ]*+(?P<pairs>(?:\n(?P=lead)[ ]{{2,4}}{_KEY}:[ ]{_BASE64}(?=\n|\Z))++)"
    r"(?!\n(?P=lead)[ ])",
    re.MULTILINE,
)
_VALUES = re.compile(rf":\s{{0,40}}+\"?(?P<value>{_BASE64})")

# kubectl writes the kind behind the data, people write it before.
_KIND_BEFORE = re.compile(r"kind\W{1,8}ConfigMap")
_KIND_BEHIND = re.compile(r"\W{0,80}kind\W{1,8}(?!Secret)\w")
_CHARS_BEFORE = 400

_SHORTEST_CHARS = 8
"""A word of four letters is base64 too."""


def find_bare_data(text: str) -> Iterator[Span]:
    for pattern, hint in ((_GO_MAP, "map["), (_JSON_MAP, '":'), (_YAML_MAP, "data:")):
        if hint in text:
            for found in pattern.finditer(text):
                is_other = _is_of_another_kind(text, *found.span())
                yield from _find_values(text, *found.span("pairs"), is_other=is_other)


def _is_of_another_kind(text: str, start: int, end: int) -> bool:
    before = _KIND_BEFORE.search(text, max(0, start - _CHARS_BEFORE), start)
    return before is not None or _KIND_BEHIND.match(text, end) is not None


def _find_values(text: str, start: int, end: int, *, is_other: bool) -> list[Span]:
    """Of another kind than Secret, text of several words is no secret."""
    values = [found.span("value") for found in _VALUES.finditer(text, start, end)]
    written = [text[slice(*value)] for value in values]
    if is_other and any(b" " in decode_bytes(each).strip() for each in written):
        return []
    if all(map(_is_encoded_text, written)):
        return [Span(*value, "secret") for value in values]
    return []


def _is_encoded_text(value: str) -> bool:
    plain = decode_bytes(value).decode("utf-8", "replace")
    is_long = len(value) >= _SHORTEST_CHARS or value.endswith("=")
    return is_long and plain.isascii() and is_text(plain)
