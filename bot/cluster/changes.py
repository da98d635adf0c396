"""What differs between two snapshots of a cluster, in words; pure, and it never says why."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.cluster import facts as of
from bot.cluster.facts import COMPARED, Facts
from bot.cluster.findings import Ref
from bot.cluster.snapshots import GROUP, Snapshot, snapshot

__all__ = ["Change", "Snapshot", "compare", "snapshot", "uncompared", "worded"]

_HARMLESS = re.compile(r"[\w.:/@=,+ ()→…#-]*")
_MOST_OBJECTS = 30
_NEVER = "Secrets, values of variables and of ConfigMaps, custom resources"
_FLAGS = {
    of.CORDONED: ("cordoned", "no longer cordoned"),
    of.SUSPENDED: ("suspended", "resumed"),
    of.PAUSED: ("rollout paused", "rollout resumed"),
}
_QUIET = frozenset({of.UID, of.REVISION, of.GENERATION, of.READY, of.RESTARTS})
_FIRST, _SOON, _LATER, _LAST = 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class Change:
    kind: str
    namespace: str
    """Empty for nodes, and where a whole namespace came into sight or left it."""
    name: str
    what: str
    """Markdown of one line: `replicas 3 → 1`."""
    rank: int = _LATER
    """Smaller is more important."""


def compare(before: Snapshot, after: Snapshot) -> list[Change]:
    """The most important first. What one of the two did not read is not compared."""
    then, now = before.facts(), after.facts()
    changes = list(_of_scope(before, after))
    for about in {*then, *now}:
        if _is_comparable(before, after, about.kind, about.namespace):
            is_counted = _is_comparable(before, after, GROUP, about.namespace)
            both = then.get(about), now.get(about)
            found = _of_object(about, *both, is_counted=is_counted)
            changes += [Change(*about, what, rank) for rank, what in found]
    return sorted(changes, key=lambda each: (each.rank, each.namespace, each.kind, each.name))


def _is_comparable(before: Snapshot, after: Snapshot, kind: str, namespace: str) -> bool:
    is_in_scope = not namespace or namespace in before.namespaces & after.namespaces
    return is_in_scope and before.was_read(kind, namespace) and after.was_read(kind, namespace)


def _of_scope(before: Snapshot, after: Snapshot) -> Iterator[Change]:
    for name in sorted(after.namespaces - before.namespaces):
        yield Change("Namespace", "", name, "in sight now and not then: nothing to compare it with")
    for name in sorted(before.namespaces - after.namespaces):
        yield Change("Namespace", "", name, "no longer in sight", _SOON)


def _of_object(
    about: Ref, before: Facts | None, after: Facts | None, *, is_counted: bool
) -> Iterator[tuple[int, str]]:
    """(rank, what) for each thing that changed about one object."""
    before, after = before or {}, after or {}
    if not _is_stated(before) and _is_stated(after):
        yield _LATER, "new"
    elif _is_stated(before) and not _is_stated(after):
        yield (_LAST if about.kind == "Job" else _FIRST), "gone"
    else:
        yield from _of_one_that_stayed(about, before, after, is_counted=is_counted)


def _of_one_that_stayed(
    about: Ref, before: Facts, after: Facts, *, is_counted: bool
) -> Iterator[tuple[int, str]]:
    fields = list(_differing(before, after))
    for field in fields:
        yield from _of_field(about, field, before.get(field, ""), after.get(field, ""))
    yield from _of_readiness(before, after)
    if before.get(of.UID) and after.get(of.UID, "") not in {"", before[of.UID]}:
        yield _FIRST, "replaced (another uid)"
        return
    yield from _of_the_rest(before, after, fields)
    if is_counted:
        yield from _of_restarts(before, after)


def _is_stated(facts: Facts) -> bool:
    """Of some workloads nothing is known but how often their pods were restarted."""
    return of.UID in facts or of.STATUS in facts


def _differing(before: Facts, after: Facts) -> Iterator[str]:
    for field in sorted({*before, *after} - _QUIET):
        image = field.replace(of.RESOURCES_OF, of.IMAGE_OF)
        has_container = image in before and image in after
        if before.get(field) != after.get(field) and (image == field or has_container):
            yield field


def _of_field(about: Ref, field: str, old: str | int, new: str | int) -> Iterator[tuple[int, str]]:
    match field:
        case of.CORDONED | of.SUSPENDED | of.PAUSED:
            yield _SOON, _FLAGS[field][0 if new else 1]
        case of.TROUBLE:
            yield from _of_list(old, new, "now {}", "no longer {}", _FIRST)
        case of.TAINTS:
            yield from _of_list(old, new, "taint {} added", "taint {} removed", _SOON)
        case of.RESTARTED:
            yield _SOON, f"new pods asked for at {_plain(new)} (`kubectl rollout restart`)"
        case of.VERSION if about.kind == "ConfigMap":
            yield _LATER, "changed"
        case of.REPLICAS:
            yield _SOON, f"replicas {old} → {new}"
        case _ if field.startswith(of.IMAGE_OF):
            yield _SOON, _of_image(field, str(old), str(new))
        case _:
            rank = _SOON if field == of.STATUS else _LATER
            yield rank, f"{field}: {_plain(old or 'none')} → {_plain(new or 'none')}"


def _of_list(
    old: str | int, new: str | int, added: str, removed: str, rank: int
) -> Iterator[tuple[int, str]]:
    then, now = set(str(old).split(", ")) - {""}, set(str(new).split(", ")) - {""}
    yield from ((rank, added.format(_plain(each))) for each in sorted(now - then))
    yield from ((rank, removed.format(_plain(each))) for each in sorted(then - now))


def _of_image(field: str, old: str, new: str) -> str:
    container = field.removeprefix(of.IMAGE_OF)
    if not old:
        return f"container {container} added ({_plain(new)})"
    if not new:
        return f"container {container} removed ({_plain(old)})"
    return f"{field}: {_plain(old)} → {_plain(_without_repository(old, new))}"


def _without_repository(old: str, new: str) -> str:
    """The tag alone where only that is another: `1.4.2`."""
    repository, mark, tag = new.rpartition(":")
    is_same = mark and "/" not in tag and "@" not in new and old.startswith(f"{repository}:")
    return tag if is_same else new


def _of_readiness(before: Facts, after: Facts) -> Iterator[tuple[int, str]]:
    """Not where as many are ready as are wanted, then and now: that is said by `replicas`."""
    then = before.get(of.READY, 0), before.get(of.REPLICAS, 0)
    now = after.get(of.READY, 0), after.get(of.REPLICAS, 0)
    if then != now and not (then[0] == then[1] and now[0] == now[1]) and then[0] != now[0]:
        yield _SOON, f"ready {then[0]} of {then[1]} → {now[0]} of {now[1]}"


def _of_restarts(before: Facts, after: Facts) -> Iterator[tuple[int, str]]:
    """Only a rise: pods that were replaced begin at none again."""
    then, now = int(before.get(of.RESTARTS, 0)), int(after.get(of.RESTARTS, 0))
    if now > then:
        yield _SOON, f"restarts +{now - then} ({then} → {now})"


def _of_the_rest(before: Facts, after: Facts, fields: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Something in it changed that is not among what is compared: said, and not what."""
    of_template = (of.IMAGE_OF, of.RESOURCES_OF, of.RESTARTED)
    if _is_another(of.REVISION, before, after):
        if not any(field.startswith(of_template) for field in fields):
            yield _SOON, _of_unknown("pod template changed", of.REVISION, before, after)
    elif _is_another(of.GENERATION, before, after) and not fields:
        yield _SOON, _of_unknown("spec changed", of.GENERATION, before, after)


def _is_another(field: str, before: Facts, after: Facts) -> bool:
    return field in before and field in after and before[field] != after[field]


def _of_unknown(spoken: str, field: str, before: Facts, after: Facts) -> str:
    step = f"{field} {_plain(before[field])} → {_plain(after[field])}"
    return f"{spoken} in something that is not compared ({step})"


def uncompared(before: Snapshot, after: Snapshot) -> tuple[str, ...]:
    """`Ingress`, `ConfigMap in shop`: what one of the two snapshots did not read."""
    places = sorted(before.namespaces & after.namespaces)
    return tuple(each for kind in COMPARED for each in _uncompared(before, after, kind, places))


def _uncompared(
    before: Snapshot, after: Snapshot, kind: str, places: Sequence[str]
) -> Iterator[str]:
    asked = [""] if kind == "Node" or not places else places
    where = [each for each in asked if not _is_comparable(before, after, kind, each)]
    if len(where) == len(asked):
        yield kind
    else:
        yield from (f"{kind} in {each}" for each in where)


def worded(
    changes: Sequence[Change], since: float, now: float, *, left_out: Iterable[str] = ()
) -> str:
    """Markdown, grouped by namespace; `left_out` is what could not be compared besides."""
    span = f"since {_time(since, now)} ({_ago(now - since)} ago)"
    kinds = [each for each in COMPARED if each not in {*left_out}]
    never = f"Not compared: {'; '.join([_NEVER, *map(_plain, left_out)])}."
    if not changes:
        return f"Nothing changed {span}. Compared: {', '.join(kinds)}. {never}"
    lines = [f"What changed {span}:", *_grouped(changes)]
    return "\n".join([*lines, "", f"_{never}_"])


def _grouped(changes: Sequence[Change]) -> Iterator[str]:
    """One line for each object; the namespace with the most important change first."""
    objects: dict[Ref, list[str]] = defaultdict(list)
    for each in changes:
        objects[Ref(each.kind, each.namespace, each.name)].append(each.what)
    shown = list(objects)[:_MOST_OBJECTS]
    for namespace in dict.fromkeys(each.namespace for each in shown):
        yield f"\n**{f'Namespace {_plain(namespace)}' if namespace else 'Cluster'}**\n"
        here = [each for each in shown if each.namespace == namespace]
        yield from (f"- {_spoken(each)}: {', '.join(objects[each])}" for each in here)
    if more := sum(map(len, objects.values())) - sum(len(objects[each]) for each in shown):
        yield f"\nand {more} more"


def _spoken(about: Ref) -> str:
    return f"pods of `{about.name}`" if about.kind == GROUP else f"{about.kind} `{about.name}`"


def _plain(value: object) -> str:
    """What holds a sign that Markdown might read stands in code marks."""
    said = " ".join(str(value).split())
    return said if _HARMLESS.fullmatch(said) else f"`{said.replace('`', chr(39))}`"


def _time(moment: float, now: float) -> str:
    found, today = (datetime.fromtimestamp(each, UTC) for each in (moment, now))
    return f"{found:%H:%M} UTC" if found.date() == today.date() else f"{found:%Y-%m-%d %H:%M} UTC"


def _ago(seconds: float) -> str:
    minutes, hours = int(seconds) // 60, int(seconds) // 3600
    if minutes < 1:
        return f"{max(0, int(seconds))} s"
    if hours < 1:
        return f"{minutes} min"
    return f"{hours} h {minutes % 60} min" if hours < 24 else f"{hours // 24} d {hours % 24} h"
