"""What the recorder might do, asked as one asks a cluster; nobody has other rights here."""

from collections.abc import Iterable
from typing import Any

from bot.recordings.format import Recording

Json = dict[str, Any]

API = "authorization.k8s.io/v1"


class Rights:
    def __init__(self, recording: Recording) -> None:
        found = {each: recording.access(each) for each in recording.manifest.namespaces}
        self._rules = {name: status for name, status in found.items() if status is not None}
        self._everywhere = _common(list(self._rules.values()))

    def may(self, spec: Json) -> Json:
        """A SelfSubjectAccessReview's status."""
        asked, outside = spec.get("resourceAttributes"), spec.get("nonResourceAttributes")
        if isinstance(asked, dict):
            rules = self._inside(str(asked.get("namespace") or ""))
            is_allowed = any(_allows(rule, asked) for rule in rules.get("resourceRules") or [])
        elif isinstance(outside, dict):
            paths = self._everywhere.get("nonResourceRules") or []
            is_allowed = any(_allows_path(rule, outside) for rule in paths)
        else:
            is_allowed = False
        return {"allowed": is_allowed}

    def rules(self, spec: Json) -> Json:
        """A SelfSubjectRulesReview's status."""
        return self._inside(str(spec.get("namespace") or ""))

    def _inside(self, namespace: str) -> Json:
        """In a namespace that was not recorded: what is allowed in each that was."""
        return self._rules.get(namespace) or self._everywhere


def review(kind: str, spec: Json, status: Json) -> Json:
    return {"kind": kind, "apiVersion": API, "metadata": {}, "spec": spec, "status": status}


def _common(found: list[Json]) -> Json:
    first = found[0] if found else {}
    return {
        "resourceRules": _shared(first, found, "resourceRules"),
        "nonResourceRules": _shared(first, found, "nonResourceRules"),
        "incomplete": False,
    }


def _shared(first: Json, found: Iterable[Json], key: str) -> list[Json]:
    return [
        rule
        for rule in first.get(key) or []
        if all(rule in (each.get(key) or []) for each in found)
    ]


def _allows(rule: Json, asked: Json) -> bool:
    resource, below = str(asked.get("resource") or ""), str(asked.get("subresource") or "")
    whole = f"{resource}/{below}" if below else resource
    names = rule.get("resourceNames") or []
    return (
        _has(rule, "verbs", str(asked.get("verb") or ""))
        and _has(rule, "apiGroups", str(asked.get("group") or ""))
        and (_has(rule, "resources", whole) or (bool(below) and _lists(rule, f"*/{below}")))
        and (not names or str(asked.get("name") or "") in names)
    )


def _allows_path(rule: Json, asked: Json) -> bool:
    path = str(asked.get("path") or "")
    patterns = [str(each) for each in rule.get("nonResourceURLs") or []]
    is_named = any(
        path.startswith(each[:-1]) if each.endswith("*") else path == each for each in patterns
    )
    return is_named and _has(rule, "verbs", str(asked.get("verb") or ""))


def _has(rule: Json, key: str, value: str) -> bool:
    listed = rule.get(key) or []
    return "*" in listed or value in listed


def _lists(rule: Json, resource: str) -> bool:
    return resource in (rule.get("resources") or [])
