"""What an answer came to, and of what, for whoever looks back at it; pure, and it words nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bot.cluster.findings import Ref
from bot.cluster.report import Report
from bot.tools.looking import Look
from bot.tools.verdict import Certainty, Verdict

Says = Literal["cause", "healthy", ""]
_MOST = 12


@dataclass(frozen=True, slots=True)
class Conclusion:
    says: Says = ""
    """Nothing where it only tells what was read."""
    about: tuple[Ref, ...] = ()
    within: tuple[str, ...] = ()
    """Namespaces of which all is said to be healthy; `""` for the whole cluster."""


def conclusion(look: Look | None, verdict: Verdict) -> Conclusion:
    if look is None or look.report is None:
        return Conclusion()
    if verdict.findings:
        about = dict.fromkeys(_affected(look, look.report, verdict))
        return Conclusion("cause", tuple(about)[:_MOST])
    if not verdict.is_about_health or verdict.certainty is Certainty.INCONCLUSIVE:
        return Conclusion()
    if look.objects:
        return Conclusion("healthy", look.objects[:_MOST])
    return Conclusion("healthy", within=_seen_whole(look.report))


def _affected(look: Look, report: Report, verdict: Verdict) -> Iterator[Ref]:
    """What the findings are about first; of what was asked about that which has one of them."""
    for finding in verdict.findings:
        yield from (finding.about, *finding.affects)
    for ref in look.objects:
        if {*map(id, verdict.findings)} & {*map(id, report.about(ref.namespace, ref.name))}:
            yield ref
    for finding in verdict.findings:
        yield from (Ref("Pod", finding.about.namespace, name) for name in finding.pods)


def _seen_whole(report: Report) -> tuple[str, ...]:
    if report.is_partial:
        return ()
    return ("",) if report.is_whole_cluster else report.namespaces
