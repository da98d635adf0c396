"""Looks at a cluster as the tools have them, for what is said of them."""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.cluster.findings import Evidence, Finding, Ref
from bot.cluster.report import Report
from bot.cluster.scene import NotRead
from bot.tools.asked import read
from bot.tools.grounding import Missing
from bot.tools.looking import Look

CHECKOUT = Ref("Deployment", "shop", "checkout")
CART = Ref("Pod", "shop", "cart")
POD = "checkout-7d9f8c6b5-x2k4z"
_STATUS = Evidence(f"pod/{POD}:status.containerStatuses[app].lastState.terminated", "OOMKilled")
_EVENT = Evidence(f"event/{POD}:BackOff", "Back-off restarting failed container app")


def a_finding(
    reason: str = "OOMKilled",
    about: Ref = CHECKOUT,
    *,
    signals: int = 2,
    cause: str = "Container `app` of 3 pods used more than its limit of `64Mi` and was killed.",
    **other: Any,
) -> Finding:
    given: dict[str, Any] = {"severity": "critical", "pods": (POD,), **other}
    return Finding(reason, about=about, cause=cause, evidence=(_STATUS, _EVENT)[:signals], **given)


def a_report(
    *findings: Finding, not_read: Iterable[NotRead] = (), could_look: bool = True
) -> Report:
    return Report(
        namespaces=("shop",),
        is_whole_cluster=False,
        objects={"pods": 6},
        findings=findings,
        not_read=tuple(not_read),
        fine=("2 Services",),
        could_look=could_look,
    )


def a_look(
    question: str,
    *findings: Finding,
    objects: Iterable[Ref] = (),
    states: Mapping[Ref, str] | None = None,
    missing: Iterable[Missing] = (),
    report: Report | None = None,
) -> Look:
    found = report or a_report(*findings)
    return Look(read(question), found, tuple(objects), states or {}, tuple(missing))
