"""Which RBAC rule would permit a read, as YAML to paste into a Role; pure."""

from bot.cluster.resources import RESOURCES
from bot.cluster.scene import NotRead


def forbidden(plural: str, namespace: str, *, group: str | None = None) -> NotRead:
    """`group` for what is not among RESOURCES: custom resources."""
    known = RESOURCES.get(plural.partition("/")[0])
    api_group = group if group is not None else (known.group if known else "")
    where = f" in {namespace}" if namespace else ""
    verbs = '["get"]' if plural == "pods/log" else '["get", "list", "watch"]'
    rule = f'- apiGroups: ["{api_group}"]\n  resources: ["{plural}"]\n  verbs: {verbs}\n'
    return NotRead(f"{plural}{where}", "forbidden", rule)
