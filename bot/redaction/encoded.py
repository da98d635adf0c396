"""Base64 of text that holds a secret; what decodes to anything else is left alone."""

import base64
import binascii
import re
from collections.abc import Iterator

from bot.redaction.spans import Finder, Span

# Lines of 60 and more are one text, wrapped as `base64` and PEM wrap it.
_RUN = re.compile(
    r"(?<![\w+/=-])(?:"
    r"[\w+/-]{60,}+(?:\n[ \t]{0,40}+[\w+/-]{4,}+={0,2}(?=[ \t]*+(?:\n|\Z)))*+={0,2}"
    r"|[\w+/-]{16,}+={0,2})",
    re.ASCII,
)
_PRINTABLE = re.compile(rb"[\t\n\r -~]+")
_WHITE = re.compile(r"\s+")


def find_encoded(text: str, find: Finder) -> Iterator[Span]:
    """Spans of base64 in whose plain text `find` finds something."""
    for found in _RUN.finditer(text):
        plain = _decode(found[0])
        if plain and any(True for _ in find(plain)):
            yield Span(*found.span(), "base64")


def _decode(run: str) -> str:
    # Most runs are names, paths and digests: nine bytes show that they are not text.
    if not _PRINTABLE.fullmatch(_decode_bytes(run[:12])):
        return ""
    return _decode_bytes(_WHITE.sub("", run)).decode("utf-8", "replace")


def _decode_bytes(run: str) -> bytes:
    whole = run.rstrip("=")
    whole = whole[: len(whole) - (len(whole) % 4 == 1)]
    try:
        return base64.b64decode(whole.translate(_URL_SAFE) + "==")
    except (binascii.Error, ValueError):
        return b""


_URL_SAFE = str.maketrans("-_", "+/")
