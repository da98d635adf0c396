"""What stands where a secret stood: `[redacted:KIND]`, with a tag that equal secrets share."""

import hmac
import json
import re
from urllib.parse import unquote

KINDS = (
    "authorization", "base64", "cookie", "credential", "hash", "house", "jwt", "key", "password",
    "private-key", "random", "secret", "token", "webhook",
)  # fmt: skip

_TAG_BYTES = 2
"""Few on purpose: enough to tell the secrets of one conversation apart, too few to confirm a
guess. Of a list of a million passwords, fifteen have the tag of the right one."""

# Only marks that are ours: a value dressed as one is a value like any other. What a tag can carry
# in from outside is four hexadecimal digits, which is no secret.
MARK = re.compile(rf"\[redacted:(?:{'|'.join(KINDS)})(?:-[0-9a-f]{{{2 * _TAG_BYTES}}})?\]")
_ONLY_MARKS = re.compile(rf"(?:{MARK.pattern}[\s,;.:)}}\]\"'\\]*+)+")

_MOST_LAYERS = 5
_LINE_ENDS = re.compile(r"[ \t\r]*\n[ \t]*")
_SCHEME = re.compile(r"(?i)(?:bearer|basic|token|digest|negotiate|apikey|bot)[ \t]+(?=\S)")
_ESCAPED_BYTE = re.compile(r"%[0-9A-Fa-f]{2}")


def is_redacted(value: str) -> bool:
    """Nothing but marks is left of it."""
    return _ONLY_MARKS.fullmatch(value) is not None


def mark(kind: str, written: str, key: bytes) -> str:
    """The mark for a secret as it is written; without a key it has no tag."""
    if not key:
        return f"[redacted:{kind}]"
    tag = hmac.digest(key, _bare(written).encode("utf-8", "replace"), "sha256")[:_TAG_BYTES]
    return f"[redacted:{kind}-{tag.hex()}]"


def _bare(written: str) -> str:
    """The secret without what YAML, JSON, a URL, a header or the end of a line adds to it."""
    bare = _LINE_ENDS.sub("", written)
    for _ in range(_MOST_LAYERS):
        before = bare
        bare = _unescape(bare.strip().rstrip(",;").strip("\"'`")).replace("''", "'")
        bare = _SCHEME.sub("", bare, count=1) if _SCHEME.match(bare) else bare
        if bare == before:
            break
    return bare


def _unescape(text: str) -> str:
    if _ESCAPED_BYTE.search(text):
        return unquote(text)
    if "\\" not in text:
        return text
    try:
        return str(json.loads(f'"{text}"', strict=False))
    except ValueError:
        return text
