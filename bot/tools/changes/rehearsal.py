"""The command that lets the server try a change and keep nothing of it; pure."""

import json
from datetime import UTC, datetime

from bot.tools.changes.seen import Asked

_DRY_RUN = "--dry-run=server"
_RESTARTED_AT = "kubectl.kubernetes.io/restartedAt"
"""The annotation by which `kubectl rollout restart` makes the pod template another one."""


def rehearsal(asked: Asked, now: float) -> tuple[str, ...]:
    """The same command where it has a dry run; else the patch that it would send."""
    match asked.change:
        case "rollout restart":
            moment = datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            annotations = {"annotations": {_RESTARTED_AT: moment}}
            return _patch(asked, {"spec": {"template": {"metadata": annotations}}})
        case "rollout pause":
            return _patch(asked, {"spec": {"paused": True}})
        case "rollout resume":
            return _patch(asked, {"spec": {"paused": False}})
        case _:
            return (*asked.argv, _DRY_RUN)


def _patch(asked: Asked, patch: object) -> tuple[str, ...]:
    place = f"--namespace={asked.namespace}"
    written = f"--patch={json.dumps(patch, separators=(',', ':'))}"
    return ("kubectl", "patch", asked.target.written, place, "--type=merge", written, _DRY_RUN)
