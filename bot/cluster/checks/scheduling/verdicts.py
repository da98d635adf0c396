"""The scheduler's own words about a pod: taken apart, and said again with names; pure."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.cluster.checks.quotation import counted
from bot.cluster.checks.scheduling.hurdles import asks, hard_spreads
from bot.cluster.checks.scheduling.rivals import (
    anti_terms,
    beside_terms,
    host_ports,
    spoken_selector,
)
from bot.cluster.checks.scheduling.room import requests_of
from bot.cluster.objects import Object, condition, number, part, text

_REASON = re.compile(r"(\d+) (.+?)(?=, \d+ |\.(?:\s|$)|$)")
_ATTEMPTS = re.compile(r"(?<=\.) (?:preemption: |no new claims to deallocate|not found$)")
_CLAIM_WORDS = ("persistentvolume", "persistent volumes to bind", "binding volumes", "pvc")


@dataclass(frozen=True, slots=True)
class Verdict:
    """On so many nodes it failed for this."""

    nodes: int
    reason: str


def message_of(pod: Object) -> str:
    """What the scheduler says of the nodes.

    What follows is its attempts to make room, which explain nothing: "preemption: …", "no new
    claims to deallocate, …", and after a failed PreFilter a bare "not found".
    """
    said = text(condition(pod, "PodScheduled"), "message")
    return _ATTEMPTS.split(said, maxsplit=1)[0].strip().rstrip(".")


def is_about_claims(message: str) -> bool:
    said = message.lower()
    is_of_place = "persistentvolume's node affinity" in said
    return not is_of_place and any(each in said for each in _CLAIM_WORDS)


def verdicts(message: str) -> Iterator[Verdict]:
    """ "0/3 nodes are available: 1 Insufficient cpu, 2 node(s) were unschedulable."""
    head, _, tail = message.partition(": ")
    if head.startswith("0/"):
        for found in _REASON.finditer(tail):
            yield Verdict(int(found[1]), found[2])


def reworded(pod: Object, found: Verdict) -> tuple[str, str]:
    """The kind of hurdle, and a clause that names it; the scheduler's own words where unknown."""
    for words, kind, speak in _KNOWN:
        if words in found.reason:
            return kind, speak(pod, found)
    return "other", f"“{found.reason}” on {counted(found.nodes, 'node')}"


def _short_of(pod: Object, found: Verdict) -> str:
    resource = found.reason.removeprefix("Insufficient ")
    asked = asks(pod, resource, requests_of(pod).get(resource, 0.0))
    return f"{asked}, and {counted(found.nodes, 'node')} cannot give it"


def _spread(pod: Object, found: Verdict) -> str:
    rules = [
        f"`{text(each, 'topologyKey')}` (maxSkew {number(each, 'maxSkew', default=1)}"
        + (f", minDomains {number(each, 'minDomains')}" if number(each, "minDomains") else "")
        + ")"
        for each in hard_spreads(pod)
    ]
    place = counted(found.nodes, "node")
    over = f" over {' and '.join(rules)}" if rules else ""
    return f"its topology spread{over} permits no further pod on {place}"


def _apart(pod: Object, found: Verdict) -> str:
    terms = [*anti_terms(pod), *anti_terms(pod, of_hosts=False)]
    place = counted(found.nodes, "node")
    return f"its required anti-affinity{_terms(terms)} keeps it off {place}"


def _beside(pod: Object, found: Verdict) -> str:
    place = counted(found.nodes, "node")
    return f"its required pod affinity{_terms(beside_terms(pod))} is not met on {place}"


def _terms(terms: list[Object]) -> str:
    said = [
        f"{spoken_selector(part(each, 'labelSelector'))} by `{text(each, 'topologyKey')}`"
        for each in terms
    ]
    return f" ({'; '.join(said)})" if said else ""


def _ports(pod: Object, found: Verdict) -> str:
    wanted = " and ".join(f"{port}/{protocol}" for port, protocol, _ in host_ports(pod))
    return f"host port {wanted} is taken on {counted(found.nodes, 'node')}"


def _said(words: str) -> Callable[[Object, Verdict], str]:
    return lambda _pod, found: f"{counted(found.nodes, 'node')} {words}"


_KNOWN: tuple[tuple[str, str, Callable[[Object, Verdict], str]], ...] = (
    ("Insufficient ", "room", _short_of),
    ("Too many pods", "pods", _said("cannot take another pod (`status.allocatable.pods`)")),
    ("topology spread constraints (missing", "spread", _said("without the label of its spread")),
    ("topology spread constraints", "spread", _spread),
    ("existing pods anti-affinity", "apart", _said("with pods whose anti-affinity keeps it off")),
    ("pod anti-affinity rules", "apart", _apart),
    ("pod affinity rules", "beside", _beside),
    ("free ports", "port", _ports),
    ("were unschedulable", "cordon", _said("cordoned")),
    ("taint", "taint", _said("with a taint that it does not tolerate")),
    ("node affinity/selector", "labels", _said("without the labels it wants")),
    ("plugin(s) [NodeAffinity]", "labels", _said("it is not meant for")),
    ("PersistentVolume's node affinity", "volume", _said("from which its volume cannot be used")),
    ("volume zone", "volume", _said("outside the zone of its volume")),
    ("max volume count", "volume", _said("without room for another attached volume")),
    ("enough free storage", "volume", _said("without enough free storage for its claim")),
    ("ReadWriteOncePod", "volume", _said("with its ReadWriteOncePod claim in use by another pod")),
)
