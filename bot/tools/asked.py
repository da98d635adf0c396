"""What a question is about: the names in it, as far as words alone can tell; pure."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from bot.languages.glossing import glossed
from bot.tools.common_words import COMMON, ORDINARY, SUBRESOURCES
from bot.tools.subjects import subjects
from bot.tools.wishes import WELLNESS, Intent, Wish, intent_of, wishes_of

__all__ = ["Asked", "Intent", "Named", "Wish", "read", "without_speaker"]

T = TypeVar("T")

_NAME = r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?"
_SPEAKER = re.compile(r"\A[^\n:]{0,100}?\(?[UW][A-Z0-9]{1,20}\)?: ")
_WORD = re.compile(rf"(?<![\w./-]){_NAME}(?![\w-])")
_SURE = r"(?=[`'\"]|\s*(?:\Z|[?!.,;:)\n]|-n\b|\b(?:in|of|at|on|and|or|with)\b))"
"""What may follow a name. "My pod keeps restarting" names no pod."""
_KNOWN_WORD = rf"(?:{_SURE}|(?=\s+(?:{'|'.join(sorted(ORDINARY))})\b))"
"""The same where the question came from another language: its words are in another order."""
_OR_HOW = rf"(?:{_SURE}|(?=\s+(?:ok|okay|healthy|unhealthy|well|fine|broken|down|up|all right)\b))"
_EXPLICIT = re.compile(rf"(?:(?:(?<!\w)-n|--namespace)[ =]|\b(?:namespace|ns)/)({_NAME})")
_SPOKEN = (
    re.compile(rf"\b(?:namespace|ns)[ :]+[`'\"]?({_NAME}){_OR_HOW}"),
    re.compile(rf"\b(?:in|of) (?:the )?[`'\"]?({_NAME})[`'\"]? namespace\b"),
)
_GLOSSED_SPOKEN = re.compile(rf"\b(?:namespace|ns)[ :]+[`'\"]?({_NAME}){_KNOWN_WORD}")
_PLACE = re.compile(rf"\b(?:in|of|namespace|ns) [`'\"]?({_NAME})[`'\"]?(?![\w/-])")
"""Whatever the word is: what of these is a namespace counts as one."""
_INSIDE = re.compile(rf"\bin [`'\"]?({_NAME})(?![\w/-])")
_NAMESPACE_WORDS = frozenset({"ns", "namespace", "namespaces"})
_KAIA = "kaia"
"""Also what her own namespace is called."""
_AFTER_KIND = (
    r"\b(pods?|deploy(?:ment)?s?|statefulsets?|sts|daemonsets?|ds|jobs?|cronjobs?|cj|services?|svc"
    r"|ingress(?:es)?|ing|pvcs?|persistentvolumeclaims?|claims?|hpas?|nodes?|configmaps?|cm|app)"
    rf"[ /:]+(?:named |called )?[`'\"]?({_NAME})"
)
_OBJECT = re.compile(_AFTER_KIND + _SURE)
_GLOSSED_OBJECT = re.compile(_AFTER_KIND + _KNOWN_WORD)
_PERHAPS = re.compile(_AFTER_KIND + r"(?![\w/-])")
"""`is pod cart well`: a name if there is one like it."""
_BEFORE_KIND = re.compile(
    rf"[`'\"]?(?<![\w./-])({_NAME})[`'\"]? "
    r"(pod|deployment|statefulset|daemonset|cronjob|job|service|ingress|pvc|hpa|node)s?\b"
)
_TICKED = re.compile(rf"`({_NAME})`")
_PATH = re.compile(rf"(?<![\w./-])({_NAME})/({_NAME})(?![\w/-])")
_SECRET_NAME = re.compile(rf"\bsecrets?[ /:]+(?:named |called )?[`'\"]?({_NAME})")
_LIST_OF = re.compile(
    r"\b(?:(?:list|show|name|count)\b[^.;?!\n]{0,20}?|(?:which|what|how many)(?: \w+)?) "
    r"(?P<kind>pods|deployments|statefulsets|daemonsets|jobs|cronjobs|services|ingresses|pvcs|hpas|nodes)\b"
)
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
_DONE_TO = re.compile(r"\w{3,}(?:ed|ing)")
"""`pods evicted`: what is done to them is no name."""


@dataclass(frozen=True, slots=True)
class Named:
    """A name that the question gives, with the kind that it says, or nothing."""

    name: str
    kind: str = ""
    namespace: str = ""
    """Where the question says that it is: `shop/cart`."""
    is_sure: bool = False
    """If nothing of that name exists, that is worth saying."""
    is_common: bool = False
    """A word of every day: it counts only where one of that kind has exactly that name."""


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
    subjects: tuple[str, ...] = ()
    """Those of all of them that stand where a name stands: `is X ok`."""
    places: tuple[str, ...] = ()
    """What stands behind `in`, whether it is a namespace or not."""
    wishes: frozenset[Wish] = frozenset()
    kinds: tuple[str, ...] = ()
    """Those it wants to have counted or listed."""

    @property
    def names_nothing(self) -> bool:
        is_named = any(not each.is_common for each in self.named)
        return not (self.namespaces or is_named or self.words)


def read(text: str, known: Collection[str] = ()) -> Asked:
    """Pure, and never sure: a name counts once something of that name exists.

    `known` are the namespaces that there are, as far as they may be listed.
    """
    own = without_speaker(text)
    said = glossed(own, known)
    is_glossed = said != own
    text = said.lower()
    namespaces = _namespaces(text, known, is_glossed)
    secrets = {*_SECRET_NAME.findall(text)}
    ruled_out = secrets | {*namespaces}
    said_to_be = (each for each in _named(text, is_glossed) if each.name not in secrets)
    named = [each for each in said_to_be if each.is_sure or each.name not in namespaces]
    taken = {*ruled_out, *(each.name for each in named if not each.is_common)}
    words = (word for word in _WORD.findall(text) if word not in COMMON | taken)
    return Asked(
        intent=intent_of(_without(namespaces, text)),
        namespaces=namespaces,
        named=_unique(named),
        words=_unique(word for word in words if word not in _KINDS),
        points_back=bool(_POINTS_BACK.search(text)),
        subjects=_unique(
            word for word in subjects(said) if not (word in ruled_out or _kind_of(word) is not None)
        ),
        places=_unique(each for each in _INSIDE.findall(text) if not _is_common(each)),
        wishes=wishes_of(text),
        kinds=_unique(filter(None, (_kind_of(each["kind"]) for each in _LIST_OF.finditer(text)))),
    )


def _namespaces(text: str, known: Collection[str], is_glossed: bool) -> tuple[str, ...]:
    shapes = (*_SPOKEN, _GLOSSED_SPOKEN) if is_glossed else _SPOKEN
    spoken = (name for shape in shapes for name in shape.findall(text))
    placed = (name for name in _PLACE.findall(text) if name in known)
    plainly = (name for name in spoken if name in known or not _is_common(name))
    return _unique((*_EXPLICIT.findall(text), *plainly, *placed))


def _is_common(name: str) -> bool:
    return name in COMMON and name != _KAIA


def _without(namespaces: Iterable[str], text: str) -> str:
    """Without the names of places: one may be called `logs`."""
    for name in namespaces:
        text = re.sub(rf"(?<![\w-]){re.escape(name)}(?![\w-])", " ", text, count=1)
    return text


def _named(text: str, is_glossed: bool) -> Iterator[Named]:
    yield from _in_paths(text)
    for word, name in (_GLOSSED_OBJECT if is_glossed else _OBJECT).findall(text):
        is_common = _says_how(name)
        yield Named(name, _kind_of(word) or "", is_sure=not is_common, is_common=is_common)
    for word, name in _PERHAPS.findall(text):
        yield Named(name, _kind_of(word) or "", is_common=_says_how(name))
    for name, word in _BEFORE_KIND.findall(text):
        yield Named(name, _kind_of(word) or "", is_common=name in ORDINARY)
    for name in _TICKED.findall(text):
        yield Named(name)


def _says_how(name: str) -> bool:
    """Behind a kind: `pods evicted`, `pod is`."""
    return _is_common(name) or bool(WELLNESS.fullmatch(name) or _DONE_TO.fullmatch(name))


def _in_paths(text: str) -> Iterator[Named]:
    for left, right in _PATH.findall(text):
        kind = _kind_of(left)
        if right.isdigit() or left in _NAMESPACE_WORDS:  # `1/2 ready`, `Init:0/1`
            continue
        if kind is not None:
            is_common = _kind_of(right) is not None or (
                right in SUBRESOURCES and left.endswith("s")
            )
            yield Named(right, kind, is_sure=not is_common, is_common=is_common)
        elif not (_is_common(left) or right in COMMON):
            yield Named(right, "", left, is_sure=True)


def _kind_of(word: str) -> str | None:
    """Empty for a word that says no more than that something runs; None for no kind at all."""
    return next((_KINDS[w] for w in (word, word[:-1], word[:-2]) if w in _KINDS), None)


def without_speaker(text: str) -> str:
    """The engine puts who speaks in front; a name of a person is no name of a pod."""
    return _SPEAKER.sub("", text)


def _unique(found: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(found))
