"""A look at the cluster in plain lines, for a terminal or a receipt; pure."""

from collections.abc import Iterable, Iterator, Sequence

from bot.cluster.findings import Finding, is_confirmed
from bot.cluster.report import Report, ref_words
from bot.cluster.rules import joined
from bot.cluster.scene import NotRead

_MARKS = {"critical": "CRITICAL", "warning": "WARNING", "info": "note"}
_EVIDENCE = 6


def told(report: Report) -> str:
    return "\n".join(_lines(report))


def _lines(report: Report) -> Iterator[str]:
    yield _verdict(report)
    for finding in report.findings:
        yield ""
        yield from _finding(finding)
    if report.fine:
        yield ""
        yield f"Checked, nothing found: {', '.join(report.fine)}."
    yield from _gaps(report.not_read)


def _gaps(gaps: Sequence[NotRead]) -> Iterator[str]:
    """What was not read in a line for each reason, then everything that would permit it."""
    if gaps:
        yield ""
    for why in dict.fromkeys(gap.why for gap in gaps):
        yield f"Not read ({why}): {_places(gap for gap in gaps if gap.why == why)}."
    rules = joined(gaps)
    if rules:
        is_namespaced = all(" in " in gap.what for gap in gaps if gap.missing_rule)
        yield f"In a {'Role' if is_namespaced else 'ClusterRole'} these rules would permit it:"
        yield from rules


def _places(gaps: Iterable[NotRead]) -> str:
    """`nodes; events, pods in shop`: what is missing in the same place stands together."""
    places: dict[str, list[str]] = {}
    for gap in gaps:
        what, found, place = gap.what.partition(" in ")
        places.setdefault(f"{found}{place}", []).append(what)
    return "; ".join(f"{', '.join(whats)}{place}" for place, whats in sorted(places.items()))


def _verdict(report: Report) -> str:
    where = scope_words(report)
    if not report.could_look:
        return f"Could not look at pods ({where}), so nothing can be said about what runs."
    if report.is_healthy:
        return f"Healthy ({where})."
    if not report.faults:
        return f"Nothing found, but not all could be looked at ({where})."
    count = len(report.faults)
    return f"{count} finding{'' if count == 1 else 's'} ({where})."


def scope_words(report: Report) -> str:
    """`ns=shop, 6 pods`, and what of it was not seen."""
    pods = report.objects.get("pods", 0)
    names = report.namespaces
    where = f"ns={', '.join(names)}" if len(names) < 4 else f"{len(names)} namespaces"
    if report.is_whole_cluster:
        where = f"all {len(names)} namespaces"
    if report.is_partial:
        where = f"looked only at {where}"
    lacking = ", ".join(report.unseen_pods) if report.is_partial else ""
    unseen = f", without {lacking}" if lacking else ""
    return f"{where}, {pods} pod{'' if pods == 1 else 's'}{unseen}"


def _finding(finding: Finding) -> Iterator[str]:
    sure = "" if finding.severity == "info" else f" ({_certainty(finding)})"
    yield f"{_MARKS[finding.severity]}  {ref_words(finding.about)}{sure}"
    yield f"  {finding.cause}"
    if finding.since:
        yield f"  since {finding.since}"
    for each in finding.evidence[:_EVIDENCE]:
        yield f"  - {each.path} = {each.value}"
    if finding.affects:
        yield f"  affects: {', '.join(map(ref_words, finding.affects))}"
    if finding.next:
        yield f"  next: {finding.next[0]}"


def _certainty(finding: Finding) -> str:
    if finding.is_possible:
        return "possible"
    return "confirmed" if is_confirmed(finding) else "likely"
