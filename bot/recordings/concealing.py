"""Objects, tables and logs of one recording without secrets, still valid as what they are.

What is a secret is the redaction's to say. Here it is also hidden where nothing names it: a
password that one object gives away is a password in every log of the recording.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from bot.plaintext import clean
from bot.recordings.files import Json
from bot.recordings.log_lines import Line, hidden, lines_in
from bot.redaction import WITHHELD, Redactor
from bot.redaction.marks import is_redacted, mark

_SHORTEST_CHARS = 6
_CLASSES = (
    re.compile("[a-z]"),
    re.compile("[A-Z]"),
    re.compile("[0-9]"),
    re.compile("[^a-zA-Z0-9]"),
)


class Concealer:
    """One for a recording, so that equal secrets have equal marks, wherever they stand."""

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self._secrets: set[str] = set()
        self._ordinary: set[str] = set()
        self._known: re.Pattern[str] | None = None
        self.count = 0

    def learn(self, found: Json) -> None:
        """What is secret in this object is hidden in all that is concealed afterwards."""
        metadata = found.get("metadata") or {}
        named = (metadata.get("name"), metadata.get("namespace"), found.get("kind"))
        labels = (metadata.get("labels") or {}).values()
        self._ordinary.update(str(each) for each in (*named, *labels, *_images(found)) if each)
        try:
            self._secrets |= self._redactor.secrets_in(_as_kubectl_prints(_cleaned(found)))
        except (LookupError, RecursionError, ValueError, re.error):
            return  # such an object is withheld whole
        self._known = None

    def object(self, found: Json) -> Json | None:
        """The same with marks in place of secrets; None where it cannot be searched."""
        plain = _cleaned(found)
        redacted = self._redactor.redact_counted(_as_kubectl_prints(plain))
        if redacted.failure is not None:
            return None
        self.count += redacted.count
        concealed = _parsed(redacted.text)
        if concealed is None or not _has_shape(plain, concealed):
            concealed = self._by_leaves(plain)
        concealed = self._leaf_by_leaf(concealed)
        return concealed if isinstance(concealed, dict) else None

    def named(self, found: Json) -> Json | None:
        """The same. By name and namespace it is found again: they are no place for a secret."""
        shown, metadata = self.object(found), found["metadata"]
        if shown is not None:
            kept = {key: metadata[key] for key in ("name", "namespace") if key in metadata}
            shown["metadata"] |= kept
        return shown

    def log(self, stamped: str) -> str:
        """Lines after their times."""
        lines = list(lines_in(stamped))
        try:
            shown, count = hidden(lines, self._redactor)
        except (LookupError, RecursionError, ValueError, re.error):
            return str(Line(lines[-1].time, WITHHELD))
        self.count += count
        return self.text("".join(map(str, shown)))

    def text(self, text: str) -> str:
        redacted = self._redactor.redact_counted(self._without(clean(text), self._pattern_known()))
        self.count += redacted.count
        return redacted.text

    def _by_leaves(self, found: Json) -> Json:
        """Where the whole does not stay JSON, as with a number for a password."""
        secrets = _pattern(self._redactor.secrets_in(_as_kubectl_prints(found)))

        def conceal(key: str, value: Any) -> Any:
            if value is None or isinstance(value, bool):
                return value
            hidden = self._without(str(value), secrets)
            shown = _parsed(self._redactor.redact(_as_kubectl_prints({key: hidden})))
            if shown is None or {*shown} != {key}:
                return WITHHELD
            return value if shown[key] == str(value) else shown[key]

        concealed: Json = _mapped(found, conceal)
        return concealed

    def _leaf_by_leaf(self, found: Any) -> Any:
        """Once more over each text as it is meant, without the quoting of JSON around it."""
        known = self._pattern_known()

        def conceal(_: str, value: Any) -> Any:
            if not isinstance(value, str):
                return value
            shown = self._without(value, known)
            return self._redactor.redact(shown) if "\n" in shown else shown

        return _mapped(found, conceal)

    def _without(self, text: str, secrets: re.Pattern[str] | None) -> str:
        if secrets is None:
            return text
        text, count = secrets.subn(lambda it: mark("secret", it[0], self._redactor.key), text)
        self.count += count
        return text

    def _pattern_known(self) -> re.Pattern[str] | None:
        """Of all that was learnt, what is no part of a name that the cluster shows anyway."""
        if self._known is None:
            names = "\n".join(self._ordinary)
            telling = (each for each in self._secrets if _is_telling(each))
            self._known = _pattern(each for each in telling if each not in names)
        return self._known


def _is_telling(secret: str) -> bool:
    """`postgres` is a password to some and a word to others; `Hunter-22` is no word."""
    return sum(1 for each in _CLASSES if each.search(secret)) > 1


def _pattern(secrets: Iterable[str]) -> re.Pattern[str] | None:
    """The longest first, so that no part of one is left."""
    found = {each for each in secrets if len(each) >= _SHORTEST_CHARS and not is_redacted(each)}
    if not found:
        return None
    listed = sorted(found, key=lambda each: (-len(each), each))
    return re.compile("|".join(map(re.escape, listed)))


def _as_kubectl_prints(found: Json) -> str:
    """Indented: what tells a secret is measured on that form."""
    return json.dumps(found, indent=4, ensure_ascii=False)


def _parsed(text: str) -> Json | None:
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    return found if isinstance(found, dict) else None


def _has_shape(before: Any, after: Any) -> bool:
    """Nothing but texts differs."""
    if isinstance(before, dict) and isinstance(after, dict):
        return before.keys() == after.keys() and all(
            _has_shape(value, after[key]) for key, value in before.items()
        )
    if isinstance(before, list) and isinstance(after, list):
        return len(before) == len(after) and all(map(_has_shape, before, after))
    return (isinstance(before, str) and isinstance(after, str)) or before == after


def _cleaned(found: Any) -> Any:
    return _mapped(found, lambda _, value: clean(value) if isinstance(value, str) else value)


def _mapped(found: Any, change: Any, key: str = "") -> Any:
    """The same with every leaf changed; `change` takes the name it stands under, and the leaf."""
    if isinstance(found, dict):
        return {name: _mapped(value, change, name) for name, value in found.items()}
    if isinstance(found, list):
        return [_mapped(value, change, key) for value in found]
    return change(key, found)


def _images(found: Any) -> Iterator[str]:
    if isinstance(found, dict):
        if isinstance(image := found.get("image"), str):
            yield image
        for value in found.values():
            yield from _images(value)
    elif isinstance(found, list):
        for value in found:
            yield from _images(value)
