"""What a recording does not hold, so that nobody takes a gap for an empty cluster."""

from bot.recordings.format import Recording
from bot.recordings.layout import Kind
from bot.recordings.replay.catalog import Target
from bot.recordings.replay.statuses import Refused, forbidden
from bot.recordings.replay.twins import stored_as

_NAMESPACES = Kind("", "v1", "namespaces", "Namespace", is_namespaced=False)
_MOST_TOLD = 20


class Gaps:
    def __init__(self, recording: Recording) -> None:
        self._why = {each.what: each.why for each in recording.manifest.not_read}
        self._kinds = frozenset(recording.kinds())
        self._recorded = frozenset(recording.manifest.namespaces)
        self._places = _spoken(sorted(self._recorded))
        self._existing = frozenset(
            str(each["metadata"]["name"]) for each in recording.objects(_NAMESPACES)
        )

    def check(self, target: Target) -> None:
        """Raises Refused where an empty answer would say more than is known."""
        kind, namespace = stored_as(target.kind), target.namespace
        why = self._why_not(kind, namespace)
        if why:
            raise _forbidden(target, f"not in this recording: {why}")

    def _why_not(self, kind: Kind, namespace: str) -> str:
        if kind not in self._kinds:
            return self._said(kind, namespace) or "this type was not recorded"
        if not namespace:
            return ""
        if self._is_outside(namespace):
            return f"only {self._places} was recorded"
        return self._why.get(f"{kind.name} in {namespace}", "")

    def _said(self, kind: Kind, namespace: str) -> str:
        places = (f"{kind.name} in {namespace}", kind.name, kind.plural)
        return next((self._why[each] for each in places if each in self._why), "")

    def _is_outside(self, namespace: str) -> bool:
        """One that does not exist is empty, as in a cluster."""
        if namespace in self._recorded:
            return False
        return namespace in self._existing or _NAMESPACES not in self._kinds


def _spoken(names: list[str]) -> str:
    more = len(names) - _MOST_TOLD
    return ", ".join(names[:_MOST_TOLD]) + (f" and {more:,} more" if more > 0 else "")


def _forbidden(target: Target, why: str) -> Refused:
    kind = target.kind
    return forbidden(kind.plural, kind.group, target.namespace, target.name, why)
