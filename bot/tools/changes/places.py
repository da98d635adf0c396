"""Where which changes may be proposed, as KAIA_CONFIG says; pure."""

from bot.settings import Writes

_WHO = "Whoever runs Kaia can allow it in the file of KAIA_CONFIG, under writes."


def refusal(writes: Writes, change: str, namespace: str) -> str:
    """Why this change may not be made there, in sentences; or nothing."""
    there = writes.allowed_in(namespace)
    where = f"in namespace {namespace}" if namespace else "of nodes"
    if there is None:
        return f"Nothing may be changed {where}. {_WHO}"
    if change not in there.changes:
        allowed = ", ".join(sorted(there.changes)) or "nothing"
        return f"`{change}` is not among the changes {where}: {allowed}. {_WHO}"
    return ""
