"""What a check says: an object, a cause in one sentence, and the fields it rests on. Data only."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

Severity = Literal["critical", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("critical", "warning", "info")
"""`critical`: something does not work now. `warning`: it limps, or is about to fail. `info`: worth
knowing, and no fault: a namespace with nothing else is healthy."""


class Ref(NamedTuple):
    """An object of the cluster, in Kubernetes' own words."""

    kind: str
    """`Deployment`, as in a manifest."""
    namespace: str
    """Empty for what has none: nodes, volumes, classes."""
    name: str

    @property
    def spoken(self) -> str:
        """`deployment/checkout`, as kubectl takes it."""
        return f"{self.kind.lower()}/{self.name}"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One field and the value found there, for a reader who wants to look for himself."""

    path: str
    """`pod/cart-1:status.containerStatuses[app].state.waiting.reason`: the object, a colon, the
    field. Events are `event/POD:REASON`, log lines `log/POD/CONTAINER`, and what is not there is
    `absent/KIND/NAME`."""
    value: str

    @property
    def signal(self) -> str:
        """What would have to be wrong for this to be wrong: two fields of one part are one signal.

        `pod/cart-1:status`, `event/cart-1`, `log/cart-1`, `absent/configmap/settings`.
        """
        about, _, field = self.path.partition(":")
        if about.startswith(("event/", "log/")):
            return "/".join(about.split("/")[:2])
        root = field.partition(".")[0].partition("[")[0]
        return f"{about}:{root}" if root else about

    @property
    def is_free_text(self) -> bool:
        """Written by whoever likes to write there: it proves nothing alone."""
        return self.path.startswith("log/")


@dataclass(frozen=True, slots=True)
class Finding:
    """One cause. `about` is what a person would open first: the workload, not each of its pods."""

    reason: str
    """Stable and in CamelCase, Kubernetes' own word where it has one: `OOMKilled`. Runbooks and
    tests name it."""
    severity: Severity
    about: Ref
    cause: str
    """One sentence with the names and numbers that matter, and a full stop."""
    since: str = ""
    """RFC 3339 in UTC as the API gives it; empty where nothing says."""
    evidence: tuple[Evidence, ...] = ()
    next: tuple[str, ...] = ()
    """Whole kubectl commands that only read and would tell more; the most useful first."""
    because_of: tuple[Ref, ...] = ()
    """Where one of these has a finding of its own, this one is its symptom and folded into it."""
    explains: tuple[Ref, ...] = ()
    """Findings about these are the same trouble seen from the other end, and folded in here."""
    affects: tuple[Ref, ...] = ()
    """What else does not work because of it."""
    is_possible: bool = False
    """It may be the cause and nothing shows that it is: said so, and never confirmed."""
    is_hearsay: bool = False
    """That something is wrong is shown; what it says of the cause stands in a log alone."""
    pods: tuple[str, ...] = ()
    """Names of the pods that show it, where `about` is their workload."""


def is_confirmed(finding: Finding) -> bool:
    """Two signals that do not depend on each other, one of them no free text; and no cause that
    only a log names.
    """
    signals = {each.signal for each in finding.evidence}
    is_hard = any(not each.is_free_text for each in finding.evidence)
    return len(signals) > 1 and is_hard and not (finding.is_possible or finding.is_hearsay)


def by_severity(findings: Iterable[Finding]) -> list[Finding]:
    """The worst first; within it what affects most; then by name, so that two looks are alike."""
    return sorted(
        findings,
        key=lambda each: (
            SEVERITIES.index(each.severity),
            each.is_possible,
            -len(each.affects),
            each.about,
            each.reason,
        ),
    )
