"""Words of a question that nothing is called: near misses, and names of what is not there; pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from bot.cluster.findings import Ref
from bot.cluster.likeness import did_you_mean
from bot.tools.asked import Asked
from bot.tools.grounding import Missing, Names, unknown

_LIKE = 0.75
_LEAST_CHARS = 4


@dataclass(frozen=True, slots=True)
class Strangers:
    slips: tuple[Missing, ...] = ()
    """Nearly a name, so that something else was meant than what was looked at."""
    unknown: tuple[Missing, ...] = ()
    """Nothing is called so; what was found may still be what is wanted."""


def strangers(
    asked: Asked, names: Names, found: Iterable[Ref], *, place: str, where: str
) -> Strangers:
    """`found` has findings. `place` is the namespace that the question says: what is merely like a
    word in it never stands before what was found there.
    """
    words = list(unknown(asked, names, place, found))
    slips = () if place else tuple(_slips(asked, names, where))
    slipped = {each.name for each in slips}
    others = (word for word in words if word not in slipped)
    return Strangers(slips, tuple(_unknown(word, asked, names, place, where) for word in others))


def _unknown(word: str, asked: Asked, names: Names, place: str, where: str) -> Missing:
    kind = next((each.kind for each in asked.named if each.name == word and each.kind), "")
    likely = tuple(near for near in names.like(word, "", place) if _is_like(word, near))
    return Missing(kind.lower() or "name", word, where, likely)


def _slips(asked: Asked, names: Names, where: str) -> Iterator[Missing]:
    """Where nothing was found and no namespace was said: `shpo`."""
    told = {each.name for each in asked.named if each.is_sure or each.is_common}
    perhaps = (each.name for each in asked.named if each.name not in told)
    for word in dict.fromkeys((*asked.subjects, *perhaps)):
        if word in told or word in names.namespaces or len(word) < _LEAST_CHARS:
            continue
        near = did_you_mean(word, names.namespaces, most=1) or names.like(word)
        if near and _is_like(word, near[0]):
            yield Missing("name", word, where, near)


def _is_like(word: str, path: str) -> bool:
    return SequenceMatcher(None, word, path.rpartition("/")[2]).ratio() >= _LIKE
