"""What rendered roles and bindings come to for somebody somewhere; it asks no server."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from tests.chart.rendering import Object

VERBS = (
    "get", "list", "watch", "create", "update", "patch", "delete", "deletecollection",
    "impersonate", "escalate", "bind", "use", "approve", "sign",
)  # fmt: skip
READING = frozenset({"get", "list", "watch"})
EVERYWHERE = ""


class Right(NamedTuple):
    verb: str
    group: str
    resource: str
    """With its subresource: `pods/log`."""
    name: str = ""
    """The only object it holds for; empty for every one."""


BY_EVERYBODY = frozenset({
    Right("create", "authorization.k8s.io", "selfsubjectaccessreviews"),
    Right("create", "authorization.k8s.io", "selfsubjectrulesreviews"),
    Right("create", "authentication.k8s.io", "selfsubjectreviews"),
})  # fmt: skip
"""Who one is and what one may do: Kubernetes lets everybody ask who is known."""


def rights(rules: Iterable[Mapping[str, Any]]) -> Iterator[Right]:
    for rule in rules:
        for verb in rule["verbs"]:
            for group in rule["apiGroups"]:
                for resource in rule["resources"]:
                    for name in rule.get("resourceNames") or ("",):
                        yield Right(verb, group, resource, name)


def given_to(subject: Mapping[str, str], objects: Sequence[Object], place: str) -> set[Right]:
    """All that the subject may do in a namespace, or `EVERYWHERE`."""
    bindings = (
        each
        for each in objects
        if each["kind"].endswith("Binding")
        and each["metadata"].get("namespace", EVERYWHERE) in {EVERYWHERE, place}
        and any(subject.items() <= one.items() for one in each["subjects"])
    )
    found: set[Right] = set()
    for binding in bindings:
        kind, name = binding["roleRef"]["kind"], binding["roleRef"]["name"]
        home = binding["metadata"].get("namespace", "") if kind == "Role" else ""
        found.update(rights(_rules(objects, kind, name, home)))
    return found


def _rules(objects: Sequence[Object], kind: str, name: str, namespace: str) -> list[Any]:
    [role] = [
        each
        for each in objects
        if (each["kind"], each["metadata"]["name"]) == (kind, name)
        and each["metadata"].get("namespace", "") == namespace
    ]
    return list(role["rules"])


def account(namespace: str, name: str) -> dict[str, str]:
    return {"kind": "ServiceAccount", "name": name, "namespace": namespace}


def group(name: str) -> dict[str, str]:
    return {"kind": "Group", "name": name}
