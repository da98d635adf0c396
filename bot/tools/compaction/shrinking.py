"""One object of a manifest made smaller, step by step down to what it is and how it is; pure."""

from collections.abc import Mapping
from typing import NamedTuple

from bot.tools.compaction.documents import Tree, spoken


class Step(NamedTuple):
    """How much of an object is left."""

    text_chars: int
    list_items: int
    is_outline: bool
    """Only the fields that say what it is and how it is."""


STEPS = (Step(2_000, 100, False), Step(240, 20, False), Step(160, 8, True), Step(80, 3, True))
"""From nearly everything to very little."""

_OUTLINE = frozenset({
    "apiVersion", "kind", "metadata", "name", "namespace", "spec", "status", "template",
    "replicas", "readyReplicas", "availableReplicas", "updatedReplicas", "unavailableReplicas",
    "containers", "initContainers", "image", "resources", "limits", "requests", "cpu", "memory",
    "phase", "reason", "message", "state", "lastState", "waiting", "terminated", "exitCode",
    "restartCount", "ready", "containerStatuses", "initContainerStatuses", "conditions", "type",
    "nodeName", "readinessProbe", "livenessProbe", "startupProbe", "httpGet", "tcpSocket", "path",
    "port", "ports", "targetPort", "containerPort", "selector", "matchLabels", "unschedulable",
    "taints", "key", "effect", "items", "count", "lastTimestamp", "involvedObject", "note",
    "regarding", "hard", "used", "minReplicas", "maxReplicas", "scaleTargetRef",
    "deletionTimestamp", "storageClassName", "volumeName", "capacity", "storage", "suspend",
    "schedule", "finishedAt", "command", "args", "env", "value", "valueFrom", "failed",
    "succeeded", "active", "currentReplicas", "desiredReplicas", "numberReady",
    "desiredNumberScheduled", "claimName", "secretName", "configMap", "persistentVolumeClaim",
})  # fmt: skip
_ALWAYS_DROPPED = frozenset({"annotations"})
_KEPT_WHOLE = frozenset({"selector", "matchLabels", "limits", "requests", "hard", "used"})
_SHALLOW = 2
"""Above this depth plain values stay, whatever they are called: custom resources have their own."""


def shrink(tree: Tree, step: Step) -> Tree:
    return _shrink(tree, step, 0)


def _shrink(tree: Tree, step: Step, depth: int) -> Tree:
    if isinstance(tree, dict):
        return _shrink_mapping(tree, step, depth)
    if isinstance(tree, list):
        kept = [_shrink(item, step, depth + 1) for item in tree[: step.list_items]]
        left_out = len(tree) - len(kept)
        return [*kept, f"[… {left_out} more …]"] if left_out else kept
    return cut_text(tree, step.text_chars) if isinstance(tree, str) else tree


def _shrink_mapping(tree: Mapping[str, Tree], step: Step, depth: int) -> Tree:
    kept = {}
    for key, value in tree.items():
        if step.is_outline and not _stays(key, value, tree, depth):
            continue
        if step.is_outline and key in _KEPT_WHOLE:
            kept[key] = value
            continue
        shrunk = _shrink(value, step, depth + 1)
        if shrunk or not value or not isinstance(value, dict | list):
            kept[key] = shrunk
    return kept


def _stays(key: str, value: Tree, siblings: Mapping[str, Tree], depth: int) -> bool:
    if key in _ALWAYS_DROPPED:
        return False
    if key == "status" and depth > 1:
        return True
    if key in ("reason", "message") and spoken(siblings.get("status", "")) == "True":
        # A condition that holds needs no reason; one that is pressing does.
        return "Pressure" in spoken(siblings.get("type", ""))
    if depth == 0:
        return True
    is_leaf = not isinstance(value, dict | list)
    return key in _OUTLINE or (is_leaf and depth <= _SHALLOW)


def cut_text(text: str, most_chars: int) -> str:
    """The text cut in its middle; of a block of lines the first ones, still as a block."""
    if len(text) <= most_chars:
        return text
    if "\n" in text:
        return _cut_block(text, most_chars)
    head, tail = text[: most_chars // 2], text[-(most_chars // 4) :]
    return f"{head}[… {len(text) - len(head) - len(tail)} characters left out …]{tail}"


def _cut_block(text: str, most_chars: int) -> str:
    lines = text.split("\n")
    kept = [lines[0]]
    for line in lines[1:]:
        if sum(map(len, kept)) + len(line) > most_chars:
            break
        kept.append(line)
    indent = lines[1][: len(lines[1]) - len(lines[1].lstrip())]
    return "\n".join([*kept, f"{indent}[… {len(lines) - len(kept)} lines left out …]"])
