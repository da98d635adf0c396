"""A look at the cluster as it is told: findings, scope, what is fine, what was not seen. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.cluster.findings import Finding, Ref
from bot.cluster.rules import OTHER_NAMESPACES
from bot.cluster.scene import NotRead

_CORE = frozenset({
    "namespaces", "pods", "events", "deployments", "statefulsets", "daemonsets", "jobs", "services",
    "endpointslices", "unwell",
})  # fmt: skip
_PODS_IN = "pods in "


@dataclass(frozen=True, slots=True)
class Report:
    namespaces: tuple[str, ...]
    is_whole_cluster: bool
    objects: Mapping[str, int]
    """Plural -> how many were looked at."""
    findings: tuple[Finding, ...]
    """The worst first."""
    not_read: tuple[NotRead, ...] = ()
    fine: tuple[str, ...] = ()
    """What was checked and has no finding: `12 services`, `3 nodes`."""
    could_look: bool = True
    """False where not even pods could be read: then nothing is said to be healthy."""
    labels: Mapping[Ref, Mapping[str, str]] = field(default_factory=dict)
    """Of what has findings, for runbooks."""

    @property
    def is_partial(self) -> bool:
        """Pods were seen, but not in every namespace that was to be looked at."""
        return self.could_look and (self.lacks_namespaces or bool(self.unseen_pods))

    @property
    def lacks_namespaces(self) -> bool:
        """The whole cluster was wanted, and its namespaces may not be listed."""
        return any(each.what == OTHER_NAMESPACES for each in self.not_read)

    @property
    def unseen_pods(self) -> tuple[str, ...]:
        """`pods in bank`: of the namespaces in scope, those whose pods could not be read."""
        return tuple(each.what for each in self.not_read if each.what.startswith(_PODS_IN))

    @property
    def is_healthy(self) -> bool:
        return self.could_look and not (self.faults or self.is_partial)

    @property
    def saw_the_core(self) -> bool:
        """What says whether things run was read whole; what is left may explain, not surprise."""
        return self.could_look and not any(
            # Those of a group of their own may share a name: `services of serving.example`.
            each.what.partition(" ")[0] in _CORE and " of " not in each.what
            for each in self.not_read
        )

    @property
    def faults(self) -> tuple[Finding, ...]:
        return tuple(each for each in self.findings if each.severity != "info")

    def about(self, namespace: str, name: str) -> tuple[Finding, ...]:
        """Findings that this object has, causes or suffers from."""
        return tuple(
            each
            for each in self.findings
            if any(
                ref.name == name and ref.namespace in {namespace, ""}
                for ref in (each.about, *each.affects, *each.because_of, *each.explains)
            )
            or (name in each.pods and each.about.namespace == namespace)
        )


def to_json(report: Report) -> dict[str, Any]:
    """The one object that `kaia triage --json` prints."""
    return {
        "scope": {"namespaces": list(report.namespaces), "objects": dict(report.objects)},
        "healthy": report.is_healthy,
        "findings": [finding_json(each) for each in report.findings],
        "not_read": [
            {"what": each.what, "why": each.why, "missing_rule": each.missing_rule}
            for each in report.not_read
        ],
        "fine": list(report.fine),
    }


def finding_json(finding: Finding) -> dict[str, Any]:
    return {
        "severity": finding.severity,
        "kind": finding.about.kind,
        "namespace": finding.about.namespace,
        "name": finding.about.name,
        "reason": finding.reason,
        "cause": finding.cause,
        "since": finding.since,
        "evidence": [{"path": each.path, "value": each.value} for each in finding.evidence],
        "next": list(finding.next),
        "affects": [ref_words(ref) for ref in finding.affects],
        "possible": finding.is_possible,
        "pods": list(finding.pods),
    }


def ref_words(ref: Ref) -> str:
    """`Deployment shop/checkout`."""
    return f"{ref.kind} {ref.namespace}/{ref.name}" if ref.namespace else f"{ref.kind} {ref.name}"
