"""Runs of characters that name nothing: base64 of what holds a secret, and what looks random.

Never hidden for its looks alone: hexadecimal of any length, identifiers and generated names of
Kubernetes, certificates and public keys, and base64 that is text without a secret.
"""

import functools
import re
from collections.abc import Iterator

from bot.redaction.encoded import decode, decode_bytes, is_text
from bot.redaction.public_keys import find_public_keys
from bot.redaction.randomness import WINDOW_CHARS, random_part
from bot.redaction.spans import Finder, Span

# Lines of 60 and more are one text, wrapped as `base64` and PEM wrap it.
_RUN = re.compile(
    r"(?<![\w+/-])(?:"
    r"[\w+/-]{60,}+(?:\n[ \t]{0,40}+[\w+/-]{4,}+={0,2}(?=[ \t]*+(?:\n|\Z)))*+={0,2}"
    r"|[\w+/-]{16,}+={0,2})",
    re.ASCII,
)
_WHITE = re.compile(r"\s+")
_ESCAPE = re.compile(r"[nrt]|u[0-9a-fA-F]{4}")

# What looks random in a name, and is none of a secret's business: each stands between separators.
_KNOWN = re.compile(
    r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}|[0-9a-f]{32,}"  # an UUID, a digest
    r"|(?<![A-Za-z0-9])(?:"
    r"(?:0x|sha|[gIip])?[0-9a-f]{6,}|0x[0-9A-Fa-f]+|[0-9A-F]{6,}"  # a commit, an address
    r"|0[0-7][0-9A-HJKMNP-TV-Z]{24}"  # an ULID, of which Prometheus makes its blocks
    r"|(?<=-)[a-z0-9]{4,10}-[a-z0-9]{5}|(?<=-)[bcdf-hj-np-tv-z2-9]{5,10}"  # of a pod
    r"|(?<=-)[A-Z0-9]{12,14}"  # of what CloudFormation made
    r"|\d{4}-?\d\d-?\d\dT\d\d[-]?\d\d[-]?\d\dZ?"  # a time
    r"|TLS_[A-Z0-9_]+|__?Z[KNST][A-Za-z0-9_]+"  # a cipher suite, a name of C++ or Rust
    r")(?![A-Za-z0-9])"
)


def find_in_runs(text: str, find: Finder | None) -> Iterator[Span]:
    """Spans of base64 in whose plain text `find` finds something, and of what looks random."""
    public = list(find_public_keys(text))
    for found in _RUN.finditer(text):
        start, end = found.span()
        if start and text[start - 1] == "\\" and (escape := _ESCAPE.match(text, start)):
            start = escape.end()
        while public and public[0][1] <= start:
            public.pop(0)
        if public and public[0][0] <= start:
            start = public[0][1]
        yield from _judge(text, start, end, find)


def _judge(text: str, start: int, end: int, find: Finder | None) -> Iterator[Span]:
    run = text[start:end]
    joined = _WHITE.sub("", run) if "\n" in run else run
    plain = decode(joined) if find else ""
    if find and plain and any(True for _ in find(plain)):
        yield Span(start, end, "base64")
    elif len(joined) >= WINDOW_CHARS and not is_text(plain):
        part = _random_part(joined) if len(joined) <= _LONGEST_NAME else _look_at(joined)
        if part and not (find and _is_harmless_text(joined, find)):
            first, last = (0, len(run)) if joined is not run else part
            yield Span(start + first, start + last, "random")


def _is_harmless_text(run: str, find: Finder) -> bool:
    """Base64 of text that begins with a letter which is not ASCII."""
    plain = decode_bytes(run).decode("utf-8", "replace")
    return is_text(plain) and not any(True for _ in find(plain))


_LONGEST_NAME = 300
_WORD = re.compile(r"[A-Z]?[a-z]*|v\d[a-z\d]{0,6}")


def _look_at(run: str) -> tuple[int, int] | None:
    """Where the random part is, without the words of a path on either side of it."""
    part = random_part(_KNOWN.sub(lambda known: "-" * len(known[0]), run))
    if not part:
        return None
    start = run.rfind("/", 0, part[0]) + 1
    end = run.find("/", part[1])
    chunks = run[start : len(run) if end < 0 else end].split("/")
    random = [not _WORD.fullmatch(chunk) for chunk in chunks]
    if not any(random):
        return None
    first, last = random.index(True), len(random) - random[::-1].index(True)
    start += sum(len(chunk) + 1 for chunk in chunks[:first])
    return start, start + len("/".join(chunks[first:last]))


_random_part = functools.lru_cache(maxsize=4096)(_look_at)
"""The names of a cluster come again and again."""
