"""All finders over one text, and the text with what they found replaced."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from bot.redaction.arguments import find_in_arguments
from bot.redaction.bare_data import find_bare_data
from bot.redaction.columns import find_columns
from bot.redaction.house import compile_pattern, find_house_secrets
from bot.redaction.manifests import find_secret_data
from bot.redaction.marks import is_redacted
from bot.redaction.pairs import find_pairs
from bot.redaction.runs import find_in_runs
from bot.redaction.spans import Span, replace
from bot.redaction.spread import find_spread
from bot.redaction.tokens import find_tokens
from bot.redaction.views import find_in_views

WITHHELD = "[withheld: this text could not be searched for secrets]"

_DEEPEST_LAYER = 4
"""Base64 of base64 is as deep as Helm goes; people add JSON, a URL and a wrapped line to it."""

_MOST_PASSES = 12

# What a search can end in. An error of any other kind is raised, and no text is shown then either.
_FAILURES = (LookupError, MemoryError, RecursionError, TimeoutError, ValueError, re.error)


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text without secrets, and how many there were."""

    text: str
    count: int
    failure: Exception | None = None
    """Why the text is withheld, for the log; it may quote the text, and is not for people."""


class Redactor:
    """Replaces secrets by `[redacted:KIND]`: the same text always gives the same, and done twice
    it is done once. Expects text that `plaintext.clean` has cleaned; time grows with its length.
    """

    def __init__(self, extra_patterns: Sequence[str] = (), key: bytes = b"") -> None:
        """Patterns of this house's own; a group named `secret` is what is hidden, else the match.

        With a key the marks are `[redacted:KIND-TAG]`, and equal secrets have equal tags.
        Raises SettingsError for a pattern that is none.
        """
        self._extra = tuple(compile_pattern(pattern) for pattern in extra_patterns)
        self._key = key

    def keyed(self, key: bytes) -> Self:
        """The same for one conversation, whose key nobody else has."""
        keyed = type(self)(key=key)
        keyed._extra = self._extra
        return keyed

    @property
    def key(self) -> bytes:
        """Of the conversation; empty where there is none, and then marks have no tags."""
        return self._key

    def redact(self, text: str) -> str:
        """Text that cannot be searched is not shown; `redact_counted` says why."""
        return self.redact_counted(text).text

    def redact_counted(self, text: str) -> Redacted:
        try:
            return self._replace_all(text)
        except _FAILURES as failure:
            return Redacted(WITHHELD, 0, failure)

    def secrets_in(self, text: str) -> frozenset[str]:
        """The secrets themselves, as written and as JSON reads them: to hide them elsewhere.

        Raises what `redact` withholds a text for.
        """
        spans = self._find(text, _DEEPEST_LAYER)
        found = {text[s.start : s.end] for s in spans if not is_redacted(text[s.start : s.end])}
        return frozenset(found | {_unescape(secret) for secret in found})

    def spans_in(self, text: str) -> list[Span]:
        """Where they stand, for a text that is searched whole and hidden in pieces.

        Raises what `redact` withholds a text for.
        """
        return list(self._find(text, _DEEPEST_LAYER))

    def _replace_all(self, text: str) -> Redacted:
        """Until nothing is found: what touches a secret is seen better once that is gone."""
        count = 0
        for _ in range(_MOST_PASSES):
            text, found = replace(text, self._find(text, _DEEPEST_LAYER), self._key)
            if not found:
                return Redacted(text, count)
            count += found
        raise ValueError("The text shows another secret whenever one is replaced.")

    def _find(self, text: str, depth: int) -> Iterator[Span]:
        yield from find_tokens(text)
        yield from find_pairs(text)
        yield from find_spread(text)
        yield from find_secret_data(text)
        yield from find_bare_data(text)
        yield from find_columns(text)
        if self._extra:
            yield from find_house_secrets(text, self._extra)
        if depth:
            yield from find_in_runs(text, lambda inner: self._find(inner, depth - 1))
            yield from find_in_views(text, lambda inner: self._find(inner, depth - 1))
            yield from find_in_arguments(text, lambda inner: self._find(inner, 0))
        else:
            yield from find_in_runs(text, None)


def _unescape(written: str) -> str:
    try:
        return str(json.loads(f'"{written}"'))
    except ValueError:
        return written
