"""The look's JSON as the wording reads it: total, so that no odd text can break an answer; pure."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.languages import Phrases, speaking

_CERTAINTIES = frozenset({"confirmed", "likely", "possible"})
_SEVERITIES = frozenset({"critical", "warning", "info"})


@dataclass(frozen=True, slots=True)
class Missing:
    kind: str
    name: str
    where: str
    likely: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    about: str
    """`Deployment shop/checkout`."""
    severity: str
    certainty: str
    reason: str
    cause: str
    since: str
    evidence: tuple[str, ...]
    pods: tuple[str, ...]
    affects: tuple[str, ...]
    next: tuple[str, ...]

    @property
    def is_fault(self) -> bool:
        return self.severity != "info"


@dataclass(frozen=True, slots=True)
class Facts:
    intent: str
    scope: str
    """Empty where nothing was looked into."""
    is_healthy: bool
    asked: Mapping[str, str]
    """What the question names -> how it is."""
    missing: tuple[Missing, ...]
    findings: tuple[Found, ...]
    left_out: int
    gaps: tuple[str, ...]
    """`pods in shop (forbidden)`."""
    unknown: tuple[Missing, ...] = ()
    """Words that nothing is called, which may be no names at all."""
    asks_for: tuple[str, ...] = ()
    """`restarts`, `secrets`, `changes`."""
    pods: Mapping[str, int] = field(default_factory=dict)
    """How many are in each state."""
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Kind -> names, where those are wanted."""
    language: str = ""
    """The question's, where it is not English."""

    @property
    def say(self) -> Phrases:
        return speaking(self.language)


def parse(text: str) -> Facts | None:
    """None where it is no JSON object; whatever in it is not as expected counts as not there."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return _facts(found) if isinstance(found, dict) else None


def _facts(found: Mapping[str, Any]) -> Facts:
    asked = found.get("asked_about")
    counts, names = _object(found, "pods"), _object(found, "names")
    return Facts(
        intent=_text(found, "intent"),
        scope=_text(found, "scope"),
        is_healthy=found.get("healthy") is True,
        asked={ref: flat(state) for ref, state in asked.items() if isinstance(state, str)}
        if isinstance(asked, dict)
        else {},
        missing=tuple(map(_missing, _objects(found, "not_found"))),
        findings=tuple(map(_found, _objects(found, "findings"))),
        left_out=_count(found, "findings_left_out"),
        gaps=tuple(_gap(each) for each in _objects(found, "not_read")),
        unknown=tuple(map(_missing, _objects(found, "nothing_is_called"))),
        asks_for=_texts(found, "asks_for"),
        pods={flat(key): _count(counts, key) for key in counts},
        names={flat(key): _texts(names, key) for key in names},
        language=_text(found, "language"),
    )


def _missing(each: Mapping[str, Any]) -> Missing:
    kind, name = _text(each, "kind") or "object", _text(each, "name")
    return Missing(kind, name, _text(each, "where"), _texts(each, "did_you_mean"))


def _found(each: Mapping[str, Any]) -> Found:
    """What has no severity is a fault, and what has no certainty is only possible."""
    severity, certainty = _text(each, "severity"), _text(each, "certainty")
    return Found(
        about=_text(each, "object") or "an object without a name",
        severity=severity if severity in _SEVERITIES else "warning",
        certainty=certainty if certainty in _CERTAINTIES else "possible",
        reason=_text(each, "reason") or "not well",
        cause=_text(each, "cause") or "no cause is given.",
        since=_text(each, "since"),
        evidence=_texts(each, "evidence"),
        pods=_texts(each, "pods"),
        affects=_texts(each, "affects"),
        next=_texts(each, "next"),
    )


def _gap(each: Mapping[str, Any]) -> str:
    return f"{_text(each, 'what')} ({_text(each, 'why')})"


def _text(found: Mapping[str, Any], key: str) -> str:
    value = found.get(key)
    return flat(value) if isinstance(value, str) else ""


def _texts(found: Mapping[str, Any], key: str) -> tuple[str, ...]:
    values = found.get(key)
    return tuple(_strings(values)) if isinstance(values, list) else ()


def _strings(values: list[Any]) -> Iterator[str]:
    yield from (flat(value) for value in values if isinstance(value, str))


def _objects(found: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    values = found.get(key)
    return [each for each in values if isinstance(each, dict)] if isinstance(values, list) else []


def _object(found: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = found.get(key)
    return value if isinstance(value, dict) else {}


def _count(found: Mapping[str, Any], key: str) -> int:
    value = found.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def flat(text: str) -> str:
    """One line that opens no code block: what the cluster says is quoted, and forms nothing."""
    return " ".join(text.replace("```", "'''").split())
