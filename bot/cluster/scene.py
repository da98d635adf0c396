"""What was read of the cluster, for the checks to look at; it reads nothing itself."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from bot.cluster.bounds import Bounds
from bot.cluster.findings import Ref
from bot.cluster.needs import ListOf, LogOf, Need, One
from bot.cluster.objects import (
    Object,
    controller_of,
    event_time,
    labels_of,
    name_of,
    namespace_of,
    text,
)
from bot.cluster.resources import PLURALS

K = TypeVar("K")

_RECENT = re.compile(r"(?:\d{1,2}m)?(?:\d{1,3}s)?")
"""Less than an hour, as the API server writes it: `59m`, `3m20s`."""
_DONE = frozenset({"Completed", "Succeeded"})


@dataclass(frozen=True, slots=True)
class PodRow:
    """A pod as the server's own table shows it: all that is known of one that is well."""

    namespace: str
    name: str
    ready: int
    containers: int
    status: str
    """`Running`, `CrashLoopBackOff`, `Init:Error`, `Terminating`, …"""
    restarts: int
    restarted_ago: str
    """`3m20s`, or empty where it never was restarted."""
    age: str
    node: str

    @property
    def is_done(self) -> bool:
        return self.status in _DONE

    @property
    def is_unwell(self) -> bool:
        """Worth reading as a whole object: not ready, not running, or restarted within the hour."""
        is_restarted = bool(self.restarted_ago and _RECENT.fullmatch(self.restarted_ago))
        if self.is_done:
            # One that is restarted although it succeeded shows so between two runs.
            return is_restarted
        return self.status != "Running" or self.ready < self.containers or is_restarted


@dataclass(frozen=True, slots=True)
class NotRead:
    """What was not read, and why: `forbidden`, `not found`, `failed` or `left out`."""

    what: str
    """`pods in shop`, `nodes`, `log of pod shop/cart-1 (app)`."""
    why: str
    missing_rule: str = ""
    """The RBAC that would permit it, as YAML; empty where rights are not what is missing."""


@dataclass(slots=True)
class Scene:
    """Everything that was read. Objects are raw JSON; Secrets and ConfigMap values never are."""

    now: datetime
    namespaces: tuple[str, ...]
    """In scope. Objects of other namespaces are here only where a check asked for them."""
    is_whole_cluster: bool = False
    is_everything: bool = False
    """All that may be looked into: the whole cluster, or each namespace Kaia is kept to."""
    bounds: Bounds | None = None
    """None where Kaia is kept to no namespaces."""
    rows: tuple[PodRow, ...] = ()
    """Every pod in scope."""
    lists: dict[str, tuple[Object, ...]] = field(default_factory=dict)
    """Plural -> objects, as far as they are always read. `pods` are only those that are unwell."""
    answers: dict[Need, tuple[Object, ...]] = field(default_factory=dict)
    """What was asked for beyond that. Nothing there is an empty tuple; not readable is no key."""
    logs: dict[LogOf, tuple[str, ...]] = field(default_factory=dict)
    """Redacted lines."""
    not_read: list[NotRead] = field(default_factory=list)
    unread_plurals: set[tuple[str, str]] = field(default_factory=set)
    """(plural, namespace or empty) of the lists above that could not be read."""
    unanswered: set[Need] = field(default_factory=set)
    """What was asked for and could not be read."""
    counts: dict[str, int] = field(default_factory=dict)
    """Plural -> how many objects were looked at."""
    asked: frozenset[Ref] = frozenset()
    """What the question is about: where not all can be read, it comes first."""

    _by_namespace: dict[str, dict[str, tuple[Object, ...]]] = field(
        default_factory=dict, repr=False
    )
    _by_name: dict[str, dict[tuple[str, str], Object]] = field(default_factory=dict, repr=False)
    _by_object: dict[tuple[str, str], tuple[Object, ...]] | None = field(default=None, repr=False)
    _by_label: dict[tuple[str, str], dict[tuple[str, str], tuple[Object, ...]]] = field(
        default_factory=dict, repr=False
    )
    _by_owner: dict[Ref, tuple[Object, ...]] | None = field(default=None, repr=False)
    """Indexes, made when they are first asked for: checks look up far more than they list."""

    @property
    def pods(self) -> tuple[Object, ...]:
        """The unwell ones, whole."""
        return self.all("pods")

    def all(self, plural: str, namespace: str | None = None) -> tuple[Object, ...]:
        """Of what is always read; None for all namespaces in scope."""
        found = self.lists.get(plural, ())
        if namespace is None:
            return found
        if plural not in self._by_namespace:
            self._by_namespace[plural] = _grouped(found, namespace_of)
        return self._by_namespace[plural].get(namespace, ())

    def one(self, kind: str, namespace: str, name: str) -> Object | None:
        """Of what is always read, or of what a check asked for."""
        plural = PLURALS.get(kind, "")
        if plural not in self._by_name:
            found = self.lists.get(plural, ())
            self._by_name[plural] = {(namespace_of(o), name_of(o)): o for o in found}
        known = self._by_name[plural]
        found_there = known.get((namespace, name)) or known.get(("", name))
        if found_there is not None:
            return found_there
        asked = self.answers.get(One(plural, namespace, name), ())
        return next(
            (
                o
                for o in (*asked, *self.answers.get(ListOf(plural, namespace), ()))
                if name_of(o) == name
            ),
            None,
        )

    def was_read(self, plural: str, namespace: str = "") -> bool:
        """That an object is not in `all(plural)` means that it does not exist."""
        return plural in self.lists and not (
            {(plural, namespace), (plural, "")} & self.unread_plurals
        )

    def answer(self, need: Need) -> tuple[Object, ...] | None:
        """None where it was not read, which says nothing about what is there."""
        return self.answers.get(need)

    def log(self, namespace: str, pod: str, container: str, *, previous: bool) -> tuple[str, ...]:
        return self.logs.get(LogOf(namespace, pod, container, previous), ())

    def events_about(self, kind: str, namespace: str, name: str) -> tuple[Object, ...]:
        """Warnings, the latest last."""
        if self._by_object is None:
            self._by_object = _grouped(self.all("events"), _about)
        found = self._by_object.get((kind, name), ())
        inside = (e for e in found if text(e, "involvedObject", "namespace") in {namespace, ""})
        return tuple(sorted(inside, key=event_time))

    def forget(self, plural: str) -> None:
        """That it could not be read everywhere at once; each namespace is asked by itself."""
        self.unread_plurals.discard((plural, ""))
        self.not_read = [each for each in self.not_read if each.what != plural]

    def narrowed(self, namespaces: Iterable[str]) -> "Scene":
        """The same moment, of these namespaces and of what belongs to none."""
        wanted = tuple(dict.fromkeys(namespaces))
        inside = {*wanted, ""}
        rows = tuple(row for row in self.rows if row.namespace in inside)
        lists = {
            plural: tuple(each for each in found if namespace_of(each) in inside)
            for plural, found in self.lists.items()
        }
        counts = {plural: len(lists[plural]) for plural in self.counts if plural in lists}
        return Scene(
            now=self.now,
            namespaces=wanted,
            bounds=self.bounds,
            rows=rows,
            lists=lists,
            not_read=list(self.not_read),
            unread_plurals={each for each in self.unread_plurals if each[1] in inside},
            counts={**counts, "pods": len(rows)},
        )

    def labelled(self, plural: str, namespace: str, key: str, value: str) -> tuple[Object, ...]:
        """Of what is always read, those that have this label."""
        if (plural, key) not in self._by_label:
            found = self.lists.get(plural, ())
            self._by_label[plural, key] = _grouped(
                found, lambda each: (namespace_of(each), labels_of(each).get(key, ""))
            )
        return self._by_label[plural, key].get((namespace, value), ())

    def pods_of(self, workload: Ref) -> tuple[Object, ...]:
        """Its unwell pods, whole."""
        if self._by_owner is None:
            self._by_owner = _grouped(self.pods, self.owner)
        return self._by_owner.get(workload, ())

    def owner(self, pod: Object) -> Ref:
        """The workload a person would open first for this pod (or ReplicaSet, or Job)."""
        kind, name = controller_of(pod)
        namespace = namespace_of(pod)
        if kind == "ReplicaSet":
            # The hash is the Deployment's own doing, so no ReplicaSet has to be read.
            template = labels_of(pod).get("pod-template-hash", "")
            base = name.removesuffix(f"-{template}") if template else name.rpartition("-")[0]
            is_known = self.one("Deployment", namespace, base) is not None
            return Ref("Deployment", namespace, base) if is_known else Ref(kind, namespace, name)
        if kind == "Job":
            job = self.one("Job", namespace, name)
            above, its_name = controller_of(job) if job is not None else ("", "")
            return (
                Ref(above, namespace, its_name)
                if above == "CronJob"
                else Ref(kind, namespace, name)
            )
        if kind and kind != "Node":
            return Ref(kind, namespace, name)
        return Ref("Pod", namespace, name_of(pod))


def _grouped(objects: Iterable[Object], key: Callable[[Object], K]) -> dict[K, tuple[Object, ...]]:
    groups: dict[K, list[Object]] = {}
    for each in objects:
        groups.setdefault(key(each), []).append(each)
    return {value: tuple(group) for value, group in groups.items()}


def _about(event: Object) -> tuple[str, str]:
    return text(event, "involvedObject", "kind"), text(event, "involvedObject", "name")
