"""What a question is about: the names in it, as far as words alone can tell; pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

T = TypeVar("T")

_NAME = r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?"
_SPEAKER = re.compile(r"\A[^\n:]{0,100}?\(?[UW][A-Z0-9]{1,20}\)?: ")
_WORD = re.compile(rf"(?<![\w./-]){_NAME}(?![\w-])")
_SURE = r"(?=[`'\"]|\s*(?:\Z|[?!.,;:)\n]|-n\b|\b(?:in|of|at|on|and|or|with)\b))"
"""What may follow a name. "My pod keeps restarting" names no pod."""
_NAMESPACE = (
    re.compile(rf"(?:(?<!\w)-n|--namespace)[ =]({_NAME})"),
    re.compile(rf"\b(?:namespace|ns)[ :]+[`'\"]?({_NAME}){_SURE}"),
    re.compile(rf"\b(?:namespace|ns)/({_NAME})"),
    re.compile(rf"\b(?:in|of) (?:the )?[`'\"]?({_NAME})[`'\"]? namespace\b"),
)
_AFTER_KIND = (
    r"\b(pods?|deploy(?:ment)?s?|statefulsets?|sts|daemonsets?|ds|jobs?|cronjobs?|cj|services?|svc"
    r"|ingress(?:es)?|ing|pvcs?|persistentvolumeclaims?|claims?|hpas?|nodes?|configmaps?|cm|app)"
    rf"[ /:]+(?:named |called )?[`'\"]?({_NAME})"
)
_OBJECT = re.compile(_AFTER_KIND + _SURE)
_PERHAPS = re.compile(_AFTER_KIND + r"(?![\w/-])")
"""`is pod cart well`: a name if there is one like it."""
_BEFORE_KIND = re.compile(
    rf"[`'\"]?(?<![\w./-])({_NAME})[`'\"]? "
    r"(pod|deployment|statefulset|daemonset|cronjob|job|service|ingress|pvc|hpa|node)s?\b"
)
_TICKED = re.compile(rf"`({_NAME})`")
_PATH = re.compile(rf"(?<![\w./-])({_NAME})/({_NAME})(?![\w/-])")
_POINTS_BACK = re.compile(
    r"\b(?:it|its|it's|this|that|them|they|these|those|the pod|still|again|why|and|now|then)\b"
)
_KINDS = {
    "po": "Pod", "pod": "Pod", "app": "", "deploy": "Deployment", "deployment": "Deployment",
    "statefulset": "StatefulSet", "sts": "StatefulSet", "daemonset": "DaemonSet", "ds": "DaemonSet",
    "job": "Job", "cronjob": "CronJob", "cj": "CronJob", "service": "Service", "svc": "Service",
    "ingress": "Ingress", "ing": "Ingress", "pvc": "PersistentVolumeClaim",
    "persistentvolumeclaim": "PersistentVolumeClaim", "claim": "PersistentVolumeClaim",
    "hpa": "HorizontalPodAutoscaler", "node": "Node", "configmap": "ConfigMap",
    "cm": "ConfigMap", "replicaset": "ReplicaSet", "rs": "ReplicaSet",
}  # fmt: skip
_COMMON_WORDS = """
a about affected after again ago all also an and another any anything app are as at be been before
broken but by can cause caused causes check cluster come comes could crash crashed crashes
crashing crashloop deploy did do does doesn't doing don't down error errors events every
everything fail failed failing fails fine for from get gets getting go goes going happen happened
happening happens has have healthy help here hour hours how i in is isn't it its just kaia keep
keeps kubectl last latest log logs look many me minutes more morning most my named namespace
namespaces new no node nodes not nothing now of ok old on one or other our out please pod pods
previous problem problems ready reason restart restarted restarting restarts root running say see
service show since so some something start started starting starts still stop stopped stops than
thanks that the their them then there these they this to today traffic two unready up us was we
well what what's whats when where whether which who whole why will with work worked working works
wrong yesterday you
"""
_COMMON = frozenset(_COMMON_WORDS.split())


_WELLNESS = re.compile(
    r"\b(?:wrong|broken?|br(?:eak|oke)|fail\w*|crash\w*|down|restart\w*|errors?|problems?|healthy"
    r"|unhealthy|well|ok|okay|issues?|slow|stuck|pending|unready|not ready|why|cause[sd]?|dies?"
    r"|dead|died|killed|oom\w*|evict\w*|unavailable|unreachable|trouble|going on"
    r"|happen(?:ed|ing)|matter"
    r"|fine|works?|working|triage|hang(?:s|ing)?|timeouts?|50\d)\b"
)


class Intent(Enum):
    WELLNESS = "wellness"
    LOGS = "logs"
    WHERE = "where"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Named:
    """A name that the question gives, with the kind that it says, or nothing."""

    name: str
    kind: str = ""
    namespace: str = ""
    """Where the question says that it is: `shop/cart`."""
    is_sure: bool = False
    """If nothing of that name exists, that is worth saying."""


@dataclass(frozen=True, slots=True)
class Asked:
    intent: Intent
    namespaces: tuple[str, ...] = ()
    """Said to be namespaces."""
    named: tuple[Named, ...] = ()
    """Said to be objects: by a kind before or behind them, by a path, by backticks."""
    words: tuple[str, ...] = ()
    """Every other word that could be a name."""
    points_back: bool = False
    """Speaks of what was spoken of: `it`, `that`, `again`."""

    @property
    def names_nothing(self) -> bool:
        return not (self.namespaces or self.named or self.words)


def read(text: str) -> Asked:
    """Pure, and never sure: a name counts once something of that name exists."""
    text = without_speaker(text).lower()
    namespaces = _unique(name for shape in _NAMESPACE for name in shape.findall(text))
    named = [named for named in _named(text) if named.name not in _COMMON | {*namespaces}]
    taken = {*namespaces, *(each.name for each in named)}
    words = _unique(_WORD.findall(text))
    return Asked(
        _intent(text),
        tuple(name for name in namespaces if name not in _COMMON),
        _unique(named),
        tuple(w for w in words if w not in _COMMON | taken and w not in _KINDS),
        bool(_POINTS_BACK.search(text)),
    )


def _named(text: str) -> Iterator[Named]:
    for left, right in _PATH.findall(text):
        if right.isdigit():  # `1/2 ready`, `Init:0/1`
            continue
        kind = _kind_of(left)
        place = "" if kind is not None else left
        yield Named(right, kind or "", place, is_sure=True)
    for word, name in _OBJECT.findall(text):
        yield Named(name, _kind_of(word) or "", is_sure=True)
    for word, name in _PERHAPS.findall(text):
        yield Named(name, _kind_of(word) or "")
    for name, word in _BEFORE_KIND.findall(text):
        yield Named(name, _kind_of(word) or "")
    for name in _TICKED.findall(text):
        yield Named(name)


def _kind_of(word: str) -> str | None:
    """Empty for a word that says no more than that something runs; None for no kind at all."""
    return next((_KINDS[w] for w in (word, word[:-1], word[:-2]) if w in _KINDS), None)


def without_speaker(text: str) -> str:
    """The engine puts who speaks in front; a name of a person is no name of a pod."""
    return _SPEAKER.sub("", text)


def _intent(text: str) -> Intent:
    if re.search(r"\b(?:which|what) namespaces?\b|\bwhere\b", text):
        return Intent.WHERE
    if re.search(r"(?<![\w-])(?:logs?|logfiles?)(?![\w-])", text):
        return Intent.LOGS
    return Intent.WELLNESS if _WELLNESS.search(text) else Intent.OTHER


def _unique(found: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(found))
