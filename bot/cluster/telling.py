"""A look at the cluster in plain lines, for a terminal or a receipt; pure."""

from collections.abc import Iterator

from bot.cluster.findings import Finding, is_confirmed
from bot.cluster.report import Report, ref_words

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
    for gap in report.not_read:
        yield ""
        yield f"Not read: {gap.what} ({gap.why})."
        if gap.missing_rule:
            yield "The rule that would permit it:"
            yield gap.missing_rule.rstrip()


def _verdict(report: Report) -> str:
    where = scope_words(report)
    if not report.could_look:
        return f"Could not look at pods ({where}), so nothing can be said about what runs."
    if report.is_healthy:
        return f"Healthy ({where})."
    count = len(report.faults)
    return f"{count} finding{'' if count == 1 else 's'} ({where})."


def scope_words(report: Report) -> str:
    """`ns=shop, 6 pods`."""
    pods = report.objects.get("pods", 0)
    names = report.namespaces
    where = f"ns={', '.join(names)}" if len(names) < 4 else f"{len(names)} namespaces"
    if report.is_whole_cluster:
        where = f"all {len(names)} namespaces"
    return f"{where}, {pods} pod{'' if pods == 1 else 's'}"


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
