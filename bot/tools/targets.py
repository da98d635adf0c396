"""What a change is about: one object of an exact type, by its name; pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.tools.commandline import Request
from bot.tools.verbs import Operands


def _spelled(kind: str, plural: str, short: str, group: str = "") -> dict[str, str]:
    words = [kind, plural, short]
    if group:
        words += [f"{word}.{more}" for word in (kind, plural) for more in (group, f"v1.{group}")]
    return dict.fromkeys(words, kind)


KINDS = (
    _spelled("deployment", "deployments", "deploy", "apps")
    | _spelled("statefulset", "statefulsets", "sts", "apps")
    | _spelled("daemonset", "daemonsets", "ds", "apps")
    | _spelled("replicaset", "replicasets", "rs", "apps")
    | _spelled("pod", "pods", "po")
    | _spelled("node", "nodes", "no")
)
"""Each spelling -> the one that runs. Types of the same name in other groups are not here."""

# Narrower than names of RBAC objects, which are read and never changed.
_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")
_CONTAINER = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_HOST = r"[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_PART = r"[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*"
_DIGEST = r"sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}"
_IMAGE = (
    rf"({_HOST}(\.{_HOST})*(:[0-9]{{1,5}})?/)?{_PART}(/{_PART})*"
    rf"(:[A-Za-z0-9_][A-Za-z0-9_.-]{{0,127}})?(@({_DIGEST}))?"
)
"""A reference in the grammar of the OCI distribution specification."""
_PAIR = re.compile(rf"(?P<container>{_CONTAINER})=(?P<image>{_IMAGE})")
_LONGEST_PAIR = 600


@dataclass(frozen=True, slots=True)
class Target:
    """The one object that a change names."""

    kind: str
    """As in `KINDS`; a type that is not there stands as it was written."""
    name: str
    images: tuple[tuple[str, str], ...] = ()
    """Container and image, for `set image`."""

    @property
    def written(self) -> str:
        return f"{self.kind}/{self.name}"

    @property
    def words(self) -> tuple[str, ...]:
        """The operands in their one form."""
        return (self.written, *(f"{container}={image}" for container, image in self.images))


def target_of(request: Request) -> Target | None:
    """None where the operands are anything but one object, and images where the verb takes them."""
    words = [word for word in request.operands if "=" not in word]
    pairs = [word for word in request.operands if "=" in word]
    takes_images = request.verb.operands is Operands.IMAGES
    if takes_images != bool(pairs) or [*words, *pairs] != [*request.operands]:
        return None
    named = _named(words, "node" if request.verb.operands is Operands.NODE else "")
    images = _images(pairs)
    if named is None or images is None:
        return None
    kind, name = named
    return Target(KINDS.get(kind, kind), name, images)


def _named(words: Sequence[str], assumed_kind: str) -> tuple[str, str] | None:
    """Behind a verb that assumes the type, `node node-1` would be two nodes."""
    match words:
        case [word] if "/" in word:
            kind, _, name = word.partition("/")
        case [word] if assumed_kind:
            kind, name = assumed_kind, word
        case [kind, name] if not assumed_kind:
            pass
        case _:
            return None
    return (kind, name) if kind and _NAME.fullmatch(name) else None


def _images(pairs: Sequence[str]) -> tuple[tuple[str, str], ...] | None:
    found = [_PAIR.fullmatch(pair) for pair in pairs if len(pair) <= _LONGEST_PAIR]
    images = tuple((one["container"], one["image"]) for one in found if one)
    is_each_named_once = len(dict(images)) == len(pairs)
    return images if is_each_named_once else None
