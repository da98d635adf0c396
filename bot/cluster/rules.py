"""Which RBAC rule would permit a read, as YAML to paste into a Role; pure."""

import re
from collections.abc import Iterable, Sequence

from bot.cluster.resources import RESOURCES
from bot.cluster.scene import NotRead

_NAMED = 5
_LIST_VERBS = ("get", "list", "watch")
OTHER_NAMESPACES = "all other namespaces"
"""What is left out where the whole cluster is wanted and its namespaces may not be listed."""


def forbidden(plural: str, namespace: str) -> NotRead:
    known = RESOURCES.get(plural.partition("/")[0])
    verbs = ("get",) if plural == "pods/log" else _LIST_VERBS
    rule = _rule(known.group if known else "", (plural,), verbs)
    return NotRead(_where(plural, namespace), "forbidden", rule)


def forbidden_customs(group: str, plurals: Iterable[str], namespace: str) -> NotRead:
    """One gap for all resources of a group: a cluster may have a hundred."""
    named = sorted({*plurals})
    what = f"{some(named)} of {group}"
    return NotRead(_where(what, namespace), "forbidden", _rule(group, named, _LIST_VERBS))


def closed_of_none(plurals: Iterable[str]) -> NotRead:
    """One gap for all that belongs to no namespace: kept to some, Kaia is not meant to read it."""
    return NotRead(f"{', '.join(sorted(plurals))} of the cluster", "forbidden")


def closed_customs(groups: Iterable[str]) -> NotRead:
    """One gap for all groups, for the same reason."""
    return NotRead(f"custom resources of {some(sorted({*groups}))}", "forbidden")


def some(names: Sequence[str]) -> str:
    """The first of them, and whether there are more."""
    return f"{', '.join(names[:_NAMED])}{', …' if len(names) > _NAMED else ''}"


def merged(gaps: Iterable[NotRead]) -> tuple[NotRead, ...]:
    """The same gap in several namespaces is told once, in a fixed order."""
    places: dict[tuple[str, str, str], list[str]] = {}
    for gap in gaps:
        what, _, namespace = gap.what.partition(_IN)
        places.setdefault((what, gap.why, gap.missing_rule), []).append(namespace)
    return tuple(
        NotRead(_everywhere(what, sorted({*names})), why, rule)
        for (what, why, rule), names in sorted(places.items())
    )


_IN = " in "


def _where(what: str, namespace: str) -> str:
    return f"{what}{_IN}{namespace}" if namespace else what


def _everywhere(what: str, namespaces: Sequence[str]) -> str:
    if len(namespaces) == 1:
        return _where(what, namespaces[0])
    return f"{what}{_IN}{len(namespaces)} namespaces: {some(namespaces)}"


def joined(gaps: Iterable[NotRead]) -> tuple[str, ...]:
    """One line of YAML for each group and its verbs: all that would close these gaps."""
    resources: dict[tuple[str, str], dict[str, None]] = {}
    for gap in gaps:
        for group, named, verbs in _RULE.findall(gap.missing_rule):
            resources.setdefault((group, verbs), {}).update(dict.fromkeys(named.split(", ")))
    return tuple(
        f"- {{apiGroups: [{group}], resources: [{', '.join(sorted(named))}], verbs: [{verbs}]}}"
        for (group, verbs), named in sorted(resources.items())
    )


_RULE = re.compile(r"apiGroups: \[(.*)\]\n  resources: \[(.*)\]\n  verbs: \[(.*)\]")


def _rule(group: str, resources: Sequence[str], verbs: Sequence[str]) -> str:
    listed = ", ".join(f'"{each}"' for each in resources)
    allowed = ", ".join(f'"{each}"' for each in verbs)
    return f'- apiGroups: ["{group}"]\n  resources: [{listed}]\n  verbs: [{allowed}]\n'
