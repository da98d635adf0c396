"""Node by node, why a pod is not placed, put into clauses; it reads nothing itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.cluster.checks.evidence import absent, seen
from bot.cluster.checks.quotation import listed
from bot.cluster.checks.scheduling.hurdles import (
    Candidate,
    Hurdle,
    lasting,
    meant_instead,
    out_of_reach,
    ref_of_pod,
)
from bot.cluster.checks.scheduling.rivals import (
    beside_terms,
    only_namespace,
    passing,
    spoken_selector,
)
from bot.cluster.checks.scheduling.room import offered
from bot.cluster.checks.scheduling.selectors import named_nodes, near
from bot.cluster.checks.scheduling.verdicts import message_of, reworded, verdicts
from bot.cluster.checks.storage.claims import claim_name
from bot.cluster.findings import Evidence
from bot.cluster.needs import LabelsOf, PodsOn
from bot.cluster.objects import (
    Object,
    items,
    labels_of,
    matches,
    name_of,
    namespace_of,
    part,
    strings,
    text,
)
from bot.cluster.scene import Scene

_MOST_READ = 6
_MOST_TOLD = 4


@dataclass(frozen=True, slots=True)
class Clause:
    """One reason against one or more nodes, as a part of a sentence."""

    kind: str
    said: str
    evidence: tuple[Evidence, ...] = ()
    hints: tuple[str, ...] = ()
    nodes: tuple[str, ...] = ()


_Group = list[tuple[Object, Hurdle]]


@dataclass(frozen=True, slots=True)
class Look:
    """A pod that waits, and the volumes that it brings along."""

    candidate: Candidate
    volumes: tuple[tuple[str, Object], ...]
    """The bound ones, each with the name of its claim."""

    @classmethod
    def at(cls, scene: Scene, pod: Object) -> "Look":
        return cls(Candidate.of(pod), tuple(_volumes(scene, pod)))

    def lasting(self, node: Object) -> Iterator[Hurdle]:
        yield from lasting(self.candidate, node)
        for claim, volume in self.volumes:
            yield from out_of_reach(node, volume, claim)

    def hurdles(self, scene: Scene, node: Object) -> Iterator[Hurdle]:
        """Who runs there is looked at only where nothing else is in the way."""
        found = [*self.lasting(node)]
        yield from found
        there = scene.answer(PodsOn(name_of(node)))
        if not found and there is not None:
            found = [*passing(self.candidate.pod, node, there)]
            yield from (each for each in found if not self._is_past(each))

    def _is_past(self, hurdle: Hurdle) -> bool:
        """The node is full of pods only since: the scheduler would name that beside all else."""
        said = message_of(self.candidate.pod)
        return hurdle.kind == "pods" and bool([*verdicts(said)]) and "Too many pods" not in said


def _volumes(scene: Scene, pod: Object) -> Iterator[tuple[str, Object]]:
    for each in items(pod, "spec", "volumes"):
        name = claim_name(pod, each)
        claim = scene.one("PersistentVolumeClaim", namespace_of(pod), name) if name else None
        volume = scene.one("PersistentVolume", "", text(claim or {}, "spec", "volumeName"))
        if volume is not None:
            yield name, volume


def meant(scene: Scene, pod: Object) -> list[Object]:
    """The nodes that come into question: all, or those a DaemonSet's pod is made for."""
    named = named_nodes(pod)
    return [each for each in scene.all("nodes") if not named or name_of(each) in named]


def wanted(scene: Scene, pod: Object) -> Iterator[PodsOn | LabelsOf]:
    """What has to be read to know more: who runs on the nodes that would do, the largest first."""
    look = Look.at(scene, pod)
    open_ones = [each for each in meant(scene, pod) if next(look.lasting(each), None) is None]
    open_ones.sort(key=lambda each: (-(offered(each, "cpu") or 0.0), name_of(each)))
    yield from (PodsOn(name_of(each)) for each in open_ones[:_MOST_READ])
    for term in beside_terms(pod):
        if namespace := only_namespace(term, pod):
            yield LabelsOf("pods", namespace)


def clauses(scene: Scene, pod: Object) -> list[Clause]:
    """The nodes' own fields first; the scheduler's words only for what those do not explain."""
    nodes = meant(scene, pod)
    look = Look.at(scene, pod)
    hurdles = [(each, hurdle) for each in nodes for hurdle in look.hurdles(scene, each)]
    is_named = bool(named_nodes(pod))
    told = [_clause(pod, group, nodes, is_named) for group in _groups(hurdles, nodes)]
    told = [*told, *_without_company(scene, pod)]
    stopped = {name for each in told for name in each.nodes}
    if len(stopped) < len(nodes) or not nodes:
        told = [*told, *_in_other_words(pod, {each.kind for each in told}, is_named)]
    return told[:_MOST_TOLD]


def _groups(hurdles: _Group, nodes: Sequence[Object]) -> list[_Group]:
    """What stops every node, or else what stops each node first."""
    every = _by_wish(hurdles)
    whole = [group for group in every if len({name_of(n) for n, _ in group}) == len(nodes)]
    if whole:
        return whole
    first: dict[str, tuple[Object, Hurdle]] = {}
    for node, hurdle in hurdles:
        first.setdefault(name_of(node), (node, hurdle))
    return sorted(_by_wish(list(first.values())), key=len, reverse=True)


def _by_wish(hurdles: _Group) -> list[_Group]:
    groups: dict[tuple[str, str], _Group] = {}
    for node, hurdle in hurdles:
        groups.setdefault((hurdle.kind, hurdle.wish), []).append((node, hurdle))
    return list(groups.values())


def _clause(pod: Object, group: _Group, nodes: Sequence[Object], is_named: bool) -> Clause:
    hurdles = [hurdle for _, hurdle in group]
    amounts = [each.amount for each in hurdles if each.amount is not None]
    if len(group) > 1 and len(amounts) == len(group):
        said, best = _best(group, len(nodes))
        shown = [best]
    else:
        said, shown = _each(group, len(nodes), is_named), hurdles[:2]
    wish = hurdles[0].wish
    return Clause(
        hurdles[0].kind,
        f"{wish}, and {said}" if wish else said,
        tuple(dict.fromkeys(proof for each in shown for proof in each.evidence)),
        meant_instead(hurdles[0], pod, nodes),
        tuple(dict.fromkeys(name_of(node) for node, _ in group)),
    )


def _best(group: _Group, total: int) -> tuple[str, Hurdle]:
    node, hurdle = max(group, key=lambda each: each[1].amount or 0.0)
    if not hurdle.amount and hurdle.kind == "size":
        return f"{_subject([name_of(n) for n, _ in group], total)} have none of it", hurdle
    word = "largest" if hurdle.kind == "size" else "one with most left"
    return f"of {len(group)} nodes the {word}, `{name_of(node)}`, has {hurdle.found}", hurdle


def _each(group: _Group, total: int, is_named: bool) -> str:
    """ "node `a` has `disktype=hdd`, and 2 nodes (`b`, `c`) have no label `disktype`"."""
    by_found: dict[str, list[str]] = {}
    for node, hurdle in group:
        by_found.setdefault(hurdle.found, []).append(name_of(node))
    said = [
        f"{_subject(names, total, is_named)} {'has' if len(names) == 1 else 'have'} {found}"
        for found, names in by_found.items()
    ]
    return ", ".join(said[:3]) + (", …" if len(said) > 3 else "")


def _subject(names: list[str], total: int, is_named: bool = False) -> str:
    if total == 1:
        return f"{'its' if is_named else 'the only'} node `{names[0]}`"
    if len(names) == total:
        return f"all {total} nodes"
    return f"node `{names[0]}`" if len(names) == 1 else f"{len(names)} nodes ({listed(names, 3)})"


def _without_company(scene: Scene, pod: Object) -> Iterator[Clause]:
    """It may run only beside pods that do not exist."""
    for term in beside_terms(pod):
        namespace, selector = only_namespace(term, pod), part(term, "labelSelector")
        others = scene.answer(LabelsOf("pods", namespace)) if namespace else None
        # The first of a group that wants to be together is let in alone.
        is_first = namespace == namespace_of(pod) and matches(selector, labels_of(pod))
        if others is None or is_first or any(matches(selector, labels_of(o)) for o in others):
            continue
        looked_for = spoken_selector(selector)
        path = "spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution"
        proofs = (
            seen(ref_of_pod(pod), path, looked_for.replace("`", "")),
            absent("Pod", looked_for.replace("`", ""), f"no such pod in {namespace}"),
        )
        said = (
            f"it wants to run beside a pod with {looked_for}, and namespace `{namespace}` has none"
        )
        nodes = tuple(name_of(each) for each in scene.all("nodes"))
        yield Clause("beside", said, proofs, _likely(selector, others), nodes)


def _likely(selector: Object, others: Sequence[Object]) -> tuple[str, ...]:
    found = []
    for key, value in strings(selector, "matchLabels").items():
        values = {labels_of(each)[key] for each in others if key in labels_of(each)}
        found += [f"{key}={each}" for each in near(value, values)]
    return tuple(found)


def _in_other_words(pod: Object, known: set[str], is_named: bool) -> Iterator[Clause]:
    """What only the scheduler knows, or what could not be read."""
    for each in verdicts(message_of(pod)):
        kind, said = reworded(pod, each)
        if kind not in known and not (is_named and kind == "labels"):
            yield Clause(kind, said)
