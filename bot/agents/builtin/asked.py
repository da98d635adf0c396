"""What a question is about: the names in it, and those that were spoken of before; pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

_NAME = r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?"
_SPEAKER = re.compile(r"\A[^\n:]{0,100}?\(?[UW][A-Z0-9]{1,20}\)?: ")
_WORD = re.compile(rf"(?<![\w./-]){_NAME}(?![\w-])")
_SURE = r"(?=[`'\"]|\s*(?:\Z|[?!.,;:)\n]|-n\b|\b(?:in|of|at|on|and|or|with)\b))"
"""What may follow a name. "My pod keeps restarting" names no pod."""
_NAMESPACE = (
    re.compile(rf"(?:(?<!\w)-n|--namespace)[ =]({_NAME})"),
    re.compile(rf"\b(?:namespace|ns)[ :/]+[`'\"]?({_NAME}){_SURE}"),
    re.compile(rf"\b(?:in|of) (?:the )?[`'\"]?({_NAME})[`'\"]? namespace\b"),
)
_OBJECT = re.compile(
    r"\b(?:pods?|deploy(?:ment)?|statefulset|sts|daemonset|ds|job|service|svc|app)"
    rf"[ /:]+(?:named |called )?[`'\"]?({_NAME}){_SURE}"
)
_PATH = re.compile(rf"(?<![\w./-])({_NAME})/({_NAME})(?![\w/-])")
_IN_COMMAND = re.compile(rf"(?:-n|--namespace)[ =]({_NAME})")
_POD_IN_COMMAND = (
    re.compile(rf"kubectl logs (?:-\S+ )*(?:pod/)?({_NAME})(?=\s|\Z)"),
    re.compile(rf"\bpods?[ /]({_NAME})(?=\s|\Z)"),
    re.compile(rf"--for[ =]pod/({_NAME})"),
)
_POINTS_BACK = re.compile(
    r"\b(?:it|its|it's|this|that|them|they|these|those|the pod|still|again|why|and|now|then)\b"
)
_KIND_WORDS = "pod pods deploy deployment deployments statefulset daemonset job svc"
_COMMON_WORDS = """
a about after again all an and any app are as at be been before broken but by can check crashing
cluster did do does doing down error errors events everything fail failing fine for from has have
healthy help here how i in is it its last latest log logs look me my named namespace namespaces node
nodes not now of ok on or our out please pod pods previous problem restart restarting running say
service show so some still than thanks that the their them then there these they this to up us was
we well what what's whats when where which who why will with wrong you
"""
_KINDS = frozenset(_KIND_WORDS.split())
_COMMON = frozenset(_COMMON_WORDS.split())


class Intent(Enum):
    WELLNESS = "wellness"
    LOGS = "logs"
    WHERE = "where"


@dataclass(frozen=True, slots=True)
class Asked:
    intent: Intent
    namespaces: tuple[str, ...] = ()
    """Said to be namespaces."""
    pods: tuple[str, ...] = ()
    """Said to be pods, or workloads that have pods."""
    words: tuple[str, ...] = ()
    """Every other word that could be a name."""
    earlier_namespaces: tuple[str, ...] = ()
    """Spoken of before, the latest first."""
    earlier_pods: tuple[str, ...] = ()
    is_follow_up: bool = False
    """Names nothing, and speaks of what was spoken of."""


def read(text: str, *, commands: Sequence[str] = ()) -> Asked:
    """`commands` are those of earlier turns, in their order."""
    text = without_speaker(text).lower()
    namespaces = _unique(name for shape in _NAMESPACE for name in _found(shape, text))
    pods = [*_found(_OBJECT, text)]
    for left, right in _PATH.findall(text):
        if left not in _KINDS:
            namespaces = (*namespaces, left)
        pods.append(right)
    named = tuple(name for name in _unique(pods) if name not in _COMMON | {*namespaces})
    words = (word for word in _found(_WORD, text) if word not in _COMMON)
    intent = _intent(text)
    others = tuple(word for word in _unique(words) if word not in {*namespaces, *named})
    names_nothing = not (namespaces or named or others)
    return Asked(
        intent,
        tuple(name for name in namespaces if name not in _COMMON),
        named,
        others,
        _last_named((_IN_COMMAND,), commands),
        _last_named(_POD_IN_COMMAND, commands),
        names_nothing and (intent is not Intent.WELLNESS or bool(_POINTS_BACK.search(text))),
    )


def without_speaker(text: str) -> str:
    """The engine puts who speaks in front; a name of a person is no name of a pod."""
    return _SPEAKER.sub("", text)


def _intent(text: str) -> Intent:
    if re.search(r"\b(?:which|what) namespaces?\b|\bwhere\b", text):
        return Intent.WHERE
    if re.search(r"\blogs?\b|\blogfiles?\b", text):
        return Intent.LOGS
    return Intent.WELLNESS


def _found(shape: re.Pattern[str], text: str) -> list[str]:
    return list(shape.findall(text))


def _last_named(shapes: Iterable[re.Pattern[str]], commands: Sequence[str]) -> tuple[str, ...]:
    names = [name for line in commands for shape in shapes for name in shape.findall(line)]
    return _unique(reversed(names))


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
