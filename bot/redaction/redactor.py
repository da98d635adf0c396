"""All finders over one text, and the text with what they found replaced."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.errors import SettingsError
from bot.redaction.encoded import find_encoded
from bot.redaction.manifests import find_secret_data
from bot.redaction.pairs import find_pairs
from bot.redaction.spans import Span, is_glued, is_redacted, replace
from bot.redaction.tokens import find_tokens

_DEEPEST_ENCODING = 2
"""Base64 of base64 is as deep as Helm and people go."""

_MOST_PASSES = 6


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text without secrets, and how many there were."""

    text: str
    count: int


class Redactor:
    """Replaces secrets by `[redacted:KIND]`: the same text always gives the same, and done twice
    it is done once. Expects text that `plaintext.clean` has cleaned; time grows with its length.
    """

    def __init__(self, extra_patterns: Sequence[str] = ()) -> None:
        """Patterns of this house's own; a group named `secret` is what is hidden, else the match.

        Raises SettingsError for a pattern that is none.
        """
        self._extra = tuple(_compile(pattern) for pattern in extra_patterns)

    def redact(self, text: str) -> str:
        return self.redact_counted(text).text

    def redact_counted(self, text: str) -> Redacted:
        count = 0
        # What is glued to a secret is seen better once that is gone.
        for _ in range(_MOST_PASSES):
            text, found = replace(text, self._find(text, _DEEPEST_ENCODING))
            count += found
            if not (found and is_glued(text)):
                break
        return Redacted(text, count)

    def secrets_in(self, text: str) -> frozenset[str]:
        """The secrets themselves, as written and as JSON reads them: to hide them elsewhere."""
        spans = self._find(text, _DEEPEST_ENCODING)
        found = {text[s.start : s.end] for s in spans if not is_redacted(text[s.start : s.end])}
        return frozenset(found | {_unescape(secret) for secret in found})

    def _find(self, text: str, depth: int) -> Iterator[Span]:
        yield from find_tokens(text)
        yield from find_pairs(text)
        yield from find_secret_data(text)
        yield from self._find_extra(text)
        if depth:
            yield from find_encoded(text, lambda plain: self._find(plain, depth - 1))

    def _find_extra(self, text: str) -> Iterable[Span]:
        for pattern in self._extra:
            group = "secret" if "secret" in pattern.groupindex else 0
            for found in pattern.finditer(text):
                yield Span(*found.span(group), "house")


def _unescape(written: str) -> str:
    try:
        return str(json.loads(f'"{written}"'))
    except ValueError:
        return written


def _compile(pattern: str) -> re.Pattern[str]:
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise SettingsError(
            f"The redaction pattern {pattern!r} is not a regular expression: {error}. "
            "Correct it in the file that KAIA_CONFIG names."
        ) from error
    if compiled.fullmatch(""):
        raise SettingsError(
            f"The redaction pattern {pattern!r} matches nothing at all, everywhere. "
            "Correct it in the file that KAIA_CONFIG names."
        )
    return compiled
