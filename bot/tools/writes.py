"""The kubectl commands that change one object: the table behind proposals. It runs nothing.

What is not here cannot be proposed: no file, no selector, no force, no second object.
"""

from bot.tools import flags
from bot.tools.flags import Flag
from bot.tools.verbs import Operands, Verb

_ROLLED_OUT = frozenset({"deployment", "statefulset", "daemonset"})
"""Types by the first of their spellings in `targets.KINDS`."""
_PAUSABLE = frozenset({"deployment"})
_SCALED = frozenset({"deployment", "statefulset", "replicaset"})


def _rollout(word: str, types: frozenset[str], *more: Flag) -> Verb:
    words = ("rollout", word)
    return Verb(
        words,
        Operands.TARGET,
        more,
        is_namespaced=True,
        only_types=types,
        change=" ".join(words),
    )


def _node(word: str) -> Verb:
    return Verb((word,), Operands.NODE, only_types=frozenset({"node"}), change=word)


WRITES = (
    _rollout("restart", _ROLLED_OUT),
    _rollout("undo", _ROLLED_OUT, flags.TO_REVISION),
    _rollout("pause", _PAUSABLE),
    _rollout("resume", _PAUSABLE),
    Verb(
        ("scale",),
        Operands.TARGET,
        (flags.REPLICAS, flags.CURRENT_REPLICAS),
        is_namespaced=True,
        only_types=_SCALED,
        change="scale",
    ),
    Verb(
        ("delete",),
        Operands.TARGET,
        (flags.NO_WAIT,),
        is_namespaced=True,
        only_types=frozenset({"pod"}),
        change="delete pod",
    ),
    _node("cordon"),
    _node("uncordon"),
    Verb(
        ("set", "image"),
        Operands.IMAGES,
        is_namespaced=True,
        only_types=_ROLLED_OUT,
        change="set image",
    ),
)
