"""Which namespaces a question is about; of the cluster it asks no more than whether one answers."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.cluster.api import ClusterApi, NotReadable
from bot.languages.glossing import glossed
from bot.tools.asked import Asked, Intent
from bot.tools.common_words import ORDINARY

_EVERYWHERE = re.compile(
    r"\b(?:all|every|each|any) (?:the )?namespaces?\b|\b(?:whole|entire|the|our) cluster\b"
    r"|\beverywhere\b|\A(?:all|-a)\Z|(?<!\S)-A\b"
)
_MOST_TRIED = 3


@dataclass(frozen=True, slots=True)
class Area:
    namespaces: tuple[str, ...] | None
    """None for all of them."""
    is_stated: bool
    """By the question itself, so that nothing outside of it may stand for what it names."""


@dataclass(frozen=True, slots=True)
class Tried:
    """Words that may be namespaces, where those may not be listed."""

    open: tuple[str, ...] = ()
    """They are there, and may be looked into."""
    closed: tuple[str, ...] = ()
    """They are there or not: nothing of them may be read."""


def stated(asked: Asked) -> tuple[str, ...]:
    in_paths = (named.namespace for named in asked.named if named.namespace)
    return tuple(dict.fromkeys((*asked.namespaces, *in_paths)))


def area_of(
    asked: Asked, text: str, known: Iterable[str] | None, default: str, earlier: tuple[str, ...]
) -> Area:
    """`earlier` are the namespaces that were spoken of before."""
    there = None if known is None else {*known}
    spoken = (*stated(asked), *asked.words, *(each.name for each in asked.named))
    named = tuple(dict.fromkeys(each for each in spoken if there is not None and each in there))
    if there is None:
        named = stated(asked)
    if named:
        return Area(named, is_stated=True)
    if _EVERYWHERE.search(glossed(text, there or ()).strip()):
        return Area(None, is_stated=True)
    is_follow_up = asked.names_nothing and (
        asked.points_back or asked.intent is not Intent.WELLNESS
    )
    if earlier and (is_follow_up or not default):
        return Area(earlier, is_stated=False)
    return Area((default,) if default else None, is_stated=False)


async def tried(api: ClusterApi, asked: Asked) -> Tried:
    """Whether what stands behind `in` is a namespace. Raises ClusterError."""
    said = (each for each in asked.places if each not in ORDINARY and each not in asked.namespaces)
    opened, closed = [], []
    for name in [*said][:_MOST_TRIED]:
        match await _answers(api, name):
            case True:
                opened.append(name)
            case None:
                closed.append(name)
    return Tried(tuple(opened), tuple(closed))


async def _answers(api: ClusterApi, name: str) -> bool | None:
    """None where the pods in it may not be read, so that nothing follows."""
    path = f"/api/v1/namespaces/{name}"
    try:
        pods = await api.get(f"{path}/pods", {"limit": 1})
    except NotReadable as error:
        return None if error.why == "forbidden" else False
    if pods.get("items"):
        return True
    try:
        await api.get(path)
    except NotReadable:
        return False
    return True
