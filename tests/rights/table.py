"""The tables of rights in the documentation, computed from what helm renders."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import get_args

from bot.settings import Change
from tests.chart.rendering import ROOT, Release, Renderer, Values
from tests.rights.rules import EVERYWHERE, Right, account, given_to, group
from tests.rights.tiers import BOUND, CLUSTER, NAMESPACED, WRITES, Tier, roles

DOCUMENTS = (ROOT / "docs" / "rights.md", ROOT / "helm" / "README.md.gotmpl")
BEGIN = "<!-- rights: `python -m tests.rights` writes what follows from the chart's own rules -->"
END = "<!-- end of rights -->"

NOT_GIVEN = (
    "componentstatuses",
    "flowschemas.flowcontrol.apiserver.k8s.io",
    "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io",
)
"""Types of Kubernetes' own that can be read and are not, besides Secrets."""
_RELEASE = Release("kaia", "kaia")
"""Whose names the tables show."""
_ORDER = ("get", "list", "watch", "create", "patch", "update", "delete", "impersonate")
_OF_NODES = ("cordon", "uncordon")


def block(chart: Renderer) -> str:
    """Markdown, between the two marks."""
    return "\n".join([BEGIN, "", *_lines(chart), "", END])


def inserted(text: str, made: str) -> str:
    """The document with this block in place of the one it has. Raises ValueError without one."""
    before, _, rest = text.partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        raise ValueError("the document has no place for the table of rights")
    return before + made + after


def held(document: Path) -> str:
    return document.read_text(encoding="utf-8") if document.exists() else ""


def _lines(chart: Renderer) -> Iterator[str]:
    wide = _of_account(chart, CLUSTER, EVERYWHERE)
    narrow = _of_account(chart, NAMESPACED, BOUND[0])
    yield "**Reading, in both tiers**: everywhere with `rbac.scope: cluster`, in each of"
    yield "`rbac.namespaces` with `rbac.scope: namespaced`."
    yield ""
    yield from _table(wide & narrow)
    yield ""
    yield "**Reading, with `rbac.scope: cluster` alone**: what belongs to no namespace."
    yield ""
    yield from _table(wide - narrow)
    yield ""
    yield 'Of the types of Kubernetes\' own, kubectl is answered "Forbidden" for Secrets, which are'
    yield f"never given, and for {', '.join(NOT_GIVEN)},"
    yield "which say nothing of workloads."
    yield ""
    yield "**Changes, with `writes.enabled: true`**: Kaia's own account gets this besides, and"
    yield "nothing that changes an object."
    yield ""
    documented = replace(WRITES, release=_RELEASE)
    yield from _table(_of_account(chart, documented, EVERYWHERE) - wide)
    yield ""
    yield "This is a ClusterRole with `rbac.scope: namespaced` too: to act as somebody belongs to"
    yield "no namespace. The names are those of a release `kaia` in the namespace `kaia`; where"
    yield "`writes.asUser` and `writes.asGroup` are empty, each release has names of its own."
    yield ""
    yield "The group it may act in gets, in each namespace of `writes.namespaces`, and for nodes"
    yield "with `writes.nodes`, what the changes allowed there take:"
    yield ""
    yield "| Change | API group | Resources | Verbs |"
    yield "| --- | --- | --- | --- |"
    for change in get_args(Change):
        yield from (f"| {change} | {row}" for row in _rows(_of_change(chart, change)))


def _of_account(chart: Renderer, tier: Tier, place: str) -> set[Right]:
    return given_to(account(*tier.account), roles(chart, tier), place)


def _of_change(chart: Renderer, change: str) -> set[Right]:
    is_of_nodes = change in _OF_NODES
    allowed = {"changes": [change]}
    values: Values = {
        "writes": {
            "enabled": True,
            "approvers": ["U0123ABCD"],
            **({"nodes": allowed} if is_of_nodes else {"namespaces": {BOUND[0]: allowed}}),
        }
    }
    tier = Tier(change, _RELEASE, values)
    return given_to(
        group(tier.approved), roles(chart, tier), EVERYWHERE if is_of_nodes else BOUND[0]
    )


def _table(found: Iterable[Right]) -> Iterator[str]:
    yield "| API group | Resources | Verbs |"
    yield "| --- | --- | --- |"
    yield from (f"| {row}" for row in _rows(found))


def _rows(found: Iterable[Right]) -> Iterator[str]:
    """Resources of a group that may be treated alike stand in one row."""
    verbs: dict[tuple[str, str], set[str]] = {}
    for right in found:
        named = f" `{right.name}`" if right.name else ""
        verbs.setdefault((right.group, f"{right.resource}{named}"), set()).add(right.verb)
    alike: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for (api, resource), allowed in sorted(verbs.items()):
        alike.setdefault((api, tuple(sorted(allowed, key=_ORDER.index))), []).append(resource)
    for (api, allowed_verbs), resources in alike.items():
        yield f"{api or 'core'} | {', '.join(resources)} | {', '.join(allowed_verbs)} |"
