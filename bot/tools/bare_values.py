"""Output formats that show values without their names; pure.

`-o jsonpath='{..env[*].value}'` prints a password beside nothing that says so. What is secret in
it is learnt from the same objects as JSON, where the names are.
"""

import re
from collections.abc import Iterable, Sequence

from bot.redaction.marks import mark

_OUTPUT = "--output="
_NAMELESS = ("jsonpath=", "jsonpath-as-json=", "custom-columns=")
_TABLE_FLAGS = ("--no-headers", "--show-labels", "--show-kind", "--label-columns=")
_COLUMN_HEADERS = re.compile(r"(?<=[=,])[^:,]*:")
_IDENTIFIER = re.compile(r"[A-Za-z_][\w-]*")
_ANY_FIELD = re.compile(r"\.\.|\.\*|\]\s*\[|\[['\"]")
_LITERAL = re.compile(r"\{\s*\"(?:[^\"\\]|\\.)*\"\s*\}")

# Fields that never hold a secret. Whoever asks for these alone need not wait for a second reading.
_HARMLESS_FIELDS = frozenset({
    "addresses", "allocatable", "apiVersion", "availableReplicas", "capacity", "conditions",
    "containerStatuses", "containers", "count", "cpu", "creationTimestamp", "currentReplicas",
    "desiredReplicas", "end", "exitCode", "finishedAt", "firstTimestamp", "hostIP", "image",
    "imageID", "initContainerStatuses", "initContainers", "involvedObject", "items", "kind",
    "lastState", "lastTimestamp", "lastTransitionTime", "limits", "loadBalancer", "memory",
    "metadata", "name", "namespace", "nodeName", "observedGeneration", "ownerReferences", "phase",
    "podIP", "podIPs", "ports", "port", "qosClass", "range", "ready", "readyReplicas", "reason",
    "replicas", "requests", "resources", "restartCount", "restartPolicy", "running",
    "serviceAccountName", "spec", "startTime", "started", "startedAt", "state", "status",
    "storageClassName", "terminated", "type", "uid", "unavailableReplicas", "updatedReplicas",
    "waiting",
})  # fmt: skip

_SHORTEST_CHARS = 4
"""Shorter ones would be found inside ordinary words."""


def with_names(argv: Sequence[str]) -> tuple[str, ...] | None:
    """The same objects as JSON; None where names are shown, or no field asked for is a secret."""
    for at, word in enumerate(argv):
        if word.startswith(_OUTPUT) and word.removeprefix(_OUTPUT).startswith(_NAMELESS):
            expression = word.removeprefix(_OUTPUT).partition("=")[2]
            if _is_harmless(expression):
                return None
            named = (*argv[:at], f"{_OUTPUT}json", *argv[at + 1 :])
            return tuple(word for word in named if not word.startswith(_TABLE_FLAGS))
    return None


def hide(text: str, secrets: Iterable[str], key: bytes = b"") -> tuple[str, int]:
    """The text without these, longest first, so that no part of one is left; and how many went."""
    count = 0
    for secret in sorted(set(secrets), key=len, reverse=True):
        if len(secret) >= _SHORTEST_CHARS:
            count += text.count(secret)
            text = text.replace(secret, mark("secret", secret, key))
    return text, count


def _is_harmless(expression: str) -> bool:
    paths = _LITERAL.sub("", _COLUMN_HEADERS.sub("", f"={expression}"))
    fields = _IDENTIFIER.findall(paths)
    return _HARMLESS_FIELDS.issuperset(fields) and not _ANY_FIELD.search(paths)
