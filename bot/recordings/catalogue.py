"""Which kinds a server lists, from its own discovery, and which are never asked for; pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.cluster.credentials import HOLDS_CREDENTIALS, SECRETS
from bot.recordings.layout import Kind

NEVER = "never recorded: it holds credentials"
_TWICE = frozenset({("events.k8s.io", "events")})
"""The same objects as the core group's."""
TWICE = "recorded as the core group's events"


def kinds_in(discovery: Mapping[str, Any]) -> Iterator[Kind]:
    """Everything that can be listed, each in the version its group prefers."""
    for group in discovery.get("items") or []:
        name = str((group.get("metadata") or {}).get("name") or "")
        seen: set[str] = set()
        for version in group.get("versions") or []:
            for each in version.get("resources") or []:
                plural = str(each.get("resource") or "")
                if "list" in (each.get("verbs") or ()) and plural not in seen:
                    seen.add(plural)
                    yield _kind(name, str(version.get("version")), plural, each)


def stale_in(discovery: Mapping[str, Any]) -> Iterator[str]:
    """Groups whose own server did not answer when they were asked for."""
    for group in discovery.get("items") or []:
        for version in group.get("versions") or []:
            if version.get("freshness") == "Stale":
                yield f"{(group.get('metadata') or {}).get('name')}/{version.get('version')}"


def why_not(kind: Kind) -> str:
    """Why it is not asked for; empty where it is."""
    if kind.plural.lower() in SECRETS | HOLDS_CREDENTIALS:
        return NEVER
    return TWICE if (kind.group, kind.plural) in _TWICE else ""


def _kind(group: str, version: str, plural: str, found: Mapping[str, Any]) -> Kind:
    kind = str((found.get("responseKind") or {}).get("kind") or "")
    return Kind(group, version, plural, kind, is_namespaced=found.get("scope") == "Namespaced")
