"""Base64 as text; whatever decodes to anything else is no text, and nothing is judged here."""

import base64
import binascii
import re

_PRINTABLE = re.compile(rb"[\t\n\r -~]+")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd]")
_FIRST_CHARS = 12
_URL_SAFE = str.maketrans("-_", "+/")


def decode(run: str) -> str:
    """The plain text of base64, or nothing where it does not begin as text does."""
    # Most runs are names, paths and digests: nine bytes show that they are not text.
    if not _PRINTABLE.fullmatch(decode_bytes(run[:_FIRST_CHARS])):
        return ""
    return decode_bytes(run).decode("utf-8", "replace")


def is_text(plain: str) -> bool:
    """All of it can be read: no byte of it is what a key or a compressed file has."""
    return bool(plain) and not _UNPRINTABLE.search(plain)


def decode_bytes(run: str) -> bytes:
    """Of base64 in either alphabet, cut or not; nothing where it is none."""
    whole = run.rstrip("=")
    whole = whole[: len(whole) - (len(whole) % 4 == 1)]
    try:
        return base64.b64decode(whole.translate(_URL_SAFE) + "==")
    except (binascii.Error, ValueError):
        return b""
