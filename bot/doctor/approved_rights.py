"""Whether approved changes could run, and what whoever they run as may do; it changes nothing."""

from collections.abc import Iterator, Mapping

from bot.cluster.impersonation import Impersonation
from bot.doctor.checks import Check
from bot.doctor.rights import EVERYWHERE, Asked, Kubectl, Right
from bot.settings import Change, Writes

_NAME = "approved changes"
_APPLY = (
    "Give the rights with the chart's `writes`, or apply the roles of docs/approvals.md; or take"
    " the change out of `writes`."
)
_PATCH = Right("patch", "deployments.apps")
_TAKES: Mapping[Change, Right] = {
    "rollout restart": _PATCH,
    "rollout undo": _PATCH,
    "rollout pause": _PATCH,
    "rollout resume": _PATCH,
    "scale": Right("patch", "deployments.apps", "scale"),
    "delete pod": Right("delete", "pods"),
    "set image": _PATCH,
    "cordon": Right("patch", "nodes"),
    "uncordon": Right("patch", "nodes"),
}
_OF_NODES = frozenset({"cordon", "uncordon"})
_BEYOND = (Right("get", "secrets"), Right("create", "pods", "exec"))


async def check_approved(kubectl: Kubectl, writes: Writes) -> list[Check]:
    """As somebody else, who alone holds the rights."""
    asked = [
        (Right("impersonate", f"users/{writes.as_user}"), EVERYWHERE),
        (Right("impersonate", f"groups/{writes.as_group}"), EVERYWHERE),
    ]
    may = await kubectl.may(asked)
    if missing := [str(right) for (right, _), answer in may.items() if answer is not True]:
        sentence = (
            f"Changes are switched on, and Kaia may not {', '.join(missing)}: none would run."
        )
        return [Check(_NAME, "failed", sentence, _APPLY)]
    identity = Impersonation(writes.as_user, writes.as_group)
    changes = dict(_changes(writes))
    beyond = [(right, place or EVERYWHERE) for place in changes for right in _BEYOND]
    granted = await kubectl.may([*_taken(changes), *beyond], identity)
    return [_about(writes, changes, granted), *_too_much(writes, beyond, granted)]


def _changes(writes: Writes) -> Iterator[tuple[str, list[Change]]]:
    """Namespace, or `EVERYWHERE` for nodes -> what may be proposed there."""
    for place in (*writes.namespaces, EVERYWHERE):
        if there := writes.allowed_in(place):
            yield (
                place,
                sorted(each for each in there.changes if (each in _OF_NODES) != bool(place)),
            )


def _taken(changes: Mapping[str, list[Change]]) -> Iterator[Asked]:
    for place, allowed in changes.items():
        yield from ((_TAKES[each], place) for each in allowed)


def _about(
    writes: Writes, changes: Mapping[str, list[Change]], granted: Mapping[Asked, bool | None]
) -> Check:
    missing = {
        place: lacking
        for place, allowed in changes.items()
        if (lacking := [each for each in allowed if not granted[_TAKES[each], place]])
    }
    if missing:
        sentence = f"Changes are switched on that would be refused: {_spoken(missing)}."
        return Check(_NAME, "failed", f"{sentence} The group {writes.as_group} may not.", _APPLY)
    sentence = (
        f"Approved changes run as {writes.as_user} in the group {writes.as_group}, which may"
        f" {_spoken(changes)}."
    )
    return Check(_NAME, "ok", sentence)


def _spoken(changes: Mapping[str, list[Change]]) -> str:
    return "; ".join(
        f"{', '.join(allowed)} {f'in {place}' if place else 'nodes'}"
        for place, allowed in changes.items()
    )


def _too_much(
    writes: Writes, asked: list[Asked], granted: Mapping[Asked, bool | None]
) -> Iterator[Check]:
    if surplus := sorted({str(right) for right, place in asked if granted[right, place]}):
        yield Check(
            "approved rights",
            "warning",
            f"The group {writes.as_group} may also {', '.join(surplus)}, which no change needs.",
            "Give it the roles of docs/approvals.md, and nothing else.",
        )
