"""Which fields of a manifest tell nothing, and a manifest without them; pure."""

from collections.abc import Callable, Mapping

from bot.tools.compaction.documents import Tree, spoken

_OPAQUE = frozenset({
    "data", "binaryData", "stringData", "labels", "matchLabels", "selector", "nodeSelector",
    "env", "args", "command", "parameters",
})  # fmt: skip
"""Below these the names are the owner's own and mean what the owner says."""

_IDENTITIES = frozenset({"uid", "resourceVersion", "generation", "selfLink"})
_HAVE_IDENTITIES = frozenset({
    "metadata", "ownerReferences", "involvedObject", "claimRef", "targetRef", "regarding",
})  # fmt: skip
_OF_OWNERS = frozenset({"blockOwnerDeletion", "controller"})
_OF_STATUS = frozenset({
    "observedGeneration", "containerID", "imageID", "hostIPs", "podIPs", "qosClass", "images",
    "collisionCount", "started", "volumesInUse", "nodeInfo", "daemonEndpoints", "hostIP",
    "lastUpdateTime", "lastHeartbeatTime", "lastProbeTime", "volumeMounts", "resources",
    "allocatedResources", "user", "runtimeHandlers", "features",
})  # fmt: skip
_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"

_DEFAULTS = frozenset({
    ("terminationMessagePath", "/dev/termination-log"), ("terminationMessagePolicy", "File"),
    ("dnsPolicy", "ClusterFirst"), ("schedulerName", "default-scheduler"),
    ("restartPolicy", "Always"), ("imagePullPolicy", "IfNotPresent"), ("defaultMode", "420"),
    ("terminationGracePeriodSeconds", "30"), ("successThreshold", "1"), ("scheme", "HTTP"),
    ("enableServiceLinks", "true"), ("preemptionPolicy", "PreemptLowerPriority"),
    ("priority", "0"), ("protocol", "TCP"), ("internalTrafficPolicy", "Cluster"),
    ("ipFamilyPolicy", "SingleStack"), ("sessionAffinity", "None"), ("volumeMode", "Filesystem"),
    ("progressDeadlineSeconds", "600"), ("revisionHistoryLimit", "10"),
    ("podManagementPolicy", "OrderedReady"), ("serviceAccount", "default"),
    ("serviceAccountName", "default"), ("creationTimestamp", "null"),
    ("recursiveReadOnly", "Disabled"), ("apiVersion", "v1"),
})  # fmt: skip
_EMPTY_DEFAULTS = frozenset({"securityContext", "ipFamilies", "clusterIPs"})

_TOKEN_PATH = "/var/run/secrets/kubernetes.io/serviceaccount"  # noqa: S105  # where it is mounted
_TAINTS = ("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable")

Reason = Callable[[str, Tree, str, bool], str]


def without_managed_fields(tree: Tree) -> tuple[Tree, set[str]]:
    """Without the record of which client wrote which field, as it tells nobody anything."""
    return _prune(tree, lambda key, *_: "managedFields" if key == "managedFields" else "")


def without_noise(tree: Tree) -> tuple[Tree, set[str]]:
    """Without what every object has or the cluster fills in, and in words what that was."""
    return _prune(tree, _why_noise)


def _prune(tree: Tree, why: Reason) -> tuple[Tree, set[str]]:
    left_out: set[str] = set()
    return _walk(tree, "", False, why, left_out), left_out


def _walk(tree: Tree, parent: str, in_status: bool, why: Reason, left_out: set[str]) -> Tree:
    if isinstance(tree, dict):
        return _walk_mapping(tree, parent, in_status, why, left_out)
    if isinstance(tree, list):
        kept = []
        for item in tree:
            if reason := why("", item, parent, in_status):
                left_out.add(reason)
            else:
                kept.append(_walk(item, parent, in_status, why, left_out))
        return kept
    return tree


def _walk_mapping(
    tree: Mapping[str, Tree], parent: str, in_status: bool, why: Reason, left_out: set[str]
) -> Tree:
    kept = {}
    for key, value in tree.items():
        if reason := why(key, value, parent, in_status):
            left_out.add(reason)
            continue
        below = in_status or key == "status"
        pruned = value if key in _OPAQUE else _walk(value, key, below, why, left_out)
        if pruned or not value or not isinstance(value, dict | list):
            kept[key] = pruned
    return kept


def _why_noise(key: str, value: Tree, parent: str, in_status: bool) -> str:
    """What it is called that this field belongs to; nothing where it stays."""
    if not key:
        return _why_noise_item(value, parent)
    if key == "managedFields":
        return "managedFields"
    if key.strip("'\"") == _LAST_APPLIED:
        return "last-applied-configuration"
    if parent in _HAVE_IDENTITIES and key in _IDENTITIES | _OF_OWNERS:
        return "uids and versions"
    if in_status and key in _OF_STATUS:
        return "details of status"
    return "defaults" if _is_default(key, value, parent) else ""


def _is_default(key: str, value: Tree, parent: str) -> bool:
    if isinstance(value, dict | list):
        return key in _EMPTY_DEFAULTS and not value
    # An object's own version says which API it is read by; a field's is the same for all.
    if key == "apiVersion" and parent != "fieldRef":
        return False
    return (key, spoken(value)) in _DEFAULTS


def _why_noise_item(item: Tree, parent: str) -> str:
    if not isinstance(item, dict):
        return ""
    if parent in ("volumes", "volumeMounts"):
        is_token = spoken(item.get("name", "")).startswith("kube-api-access-")
        if is_token or spoken(item.get("mountPath", "")) == _TOKEN_PATH:
            return "the service account's token volume"
    if parent == "tolerations":
        seconds = spoken(item.get("tolerationSeconds", ""))
        if spoken(item.get("key", "")) in _TAINTS and seconds == "300":
            return "default tolerations"
    return ""
