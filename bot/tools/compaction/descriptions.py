"""`kubectl describe` within a budget: states, conditions and events first; pure."""

import re
from collections.abc import Iterator, Sequence

from bot.tools.compaction.lines import Compacted, longest_line, shorten
from bot.tools.compaction.trouble import severity_of

_MARK_CHARS = 60
_BOILERPLATE_RANK = 5

_TELLING = re.compile(
    r"(?:Name|Namespace|Status|Reason|Message|Node|Controlled By|Selector|Replicas|Type|State"
    r"|Last State|Exit Code|Signal|Started|Finished|Ready|Restart Count|Limits|Requests|cpu|memory"
    r"|ephemeral-storage|Liveness|Readiness|Startup|Image|Port|Command|Args|Schedulable|Taints"
    r"|Unschedulable|Endpoints|TargetPort|Ports|Volume|Claim|ClaimName|StorageClass|Capacity"
    r"|Access Modes|Used By|Used|Hard|Min replicas|Max replicas|Metrics|Backend|Rules"
    r"|Default backend|Pods Statuses|Deadline|Completions|Optional)\b[^:]{0,40}:"
)
_TABLES = re.compile(r"\s*(?:Conditions|Events|Allocated resources):")
"""Their rows are telling whatever they say."""
_BOILERPLATE = re.compile(
    r"\s*(?:QoS Class|Tolerations|Node-Selectors|Container ID|Image ID|Host Ports?|IPs|IP|Priority"
    r"|Service Account|Priority Class Name|SizeLimit|Medium|TokenExpirationSeconds|ConfigMapName"
    r"|DownwardAPI|UID|Resource Version|Generation|Self Link|Managed Fields|Session Affinity"
    r"|IP Family Policy|IP Families|Internal Traffic Policy|Start Time|Creation Timestamp"
    r"|Machine ID|System UUID|Boot ID|Kernel Version|OS Image|Operating System|Architecture"
    r"|Container Runtime Version|Kube-Proxy Version|PodCIDRs?)\s*:"
)
_TOKEN_VOLUME = re.compile(r"\s*kube-api-access-|.*\bfrom kube-api-access-|.*/serviceaccount from ")
_BOILERPLATE_SECTION = re.compile(
    r"\s*(?:Tolerations|Managed Fields|Annotations|kube-api-access-\w+):"
)
_INDENT = re.compile(r" *")


def compact_description(lines: Sequence[str], budget_chars: int) -> Compacted:
    """Boilerplate goes, then what tells little, then what tells much of objects that are well."""
    most_chars = longest_line(budget_chars)
    severities = [severity_of(line) for line in lines]
    ranks = _with_parents(lines, list(_rank(lines, severities)))
    sizes = [min(len(line), most_chars) + 1 for line in lines]
    order = _order(ranks, _harm(lines, severities))
    kept = _choose(order, sizes, budget_chars - _MARK_CHARS)
    shown = [shorten(lines[at], most_chars) for at in sorted(kept)]
    left_out = len(lines) - len(kept)
    if left_out:
        shown.append(f"[… {left_out} line{'s' if left_out > 1 else ''} left out, least telling …]")
    is_cut = left_out > 0 or any(len(line) > most_chars for line in lines)
    return Compacted("\n".join(shown)[:budget_chars], len(kept), len(lines), cut=is_cut)


def _order(ranks: Sequence[int], harm: Sequence[int]) -> list[int]:
    told = (at for at, rank in enumerate(ranks) if rank < _BOILERPLATE_RANK)
    return sorted(told, key=lambda at: (ranks[at], harm[at]))


def _choose(order: Sequence[int], sizes: Sequence[int], room_chars: int) -> set[int]:
    kept: set[int] = set()
    for at in order:
        if sizes[at] <= room_chars:
            kept.add(at)
            room_chars -= sizes[at]
    return kept


def _harm(lines: Sequence[str], severities: Sequence[int | None]) -> list[int]:
    """Of each line how bad its object looks at its worst: of many objects those come first."""
    starts = [at for at, line in enumerate(lines) if at == 0 or line.startswith("Name:")]
    harm: list[int] = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        worst = min((each for each in severities[start:end] if each is not None), default=3)
        harm += [worst] * (end - start)
    return harm


def _rank(lines: Sequence[str], severities: Sequence[int | None]) -> Iterator[int]:
    """Trouble is 0, what tells much 1, then the rest, and boilerplate last."""
    table_indent = boilerplate_indent = -1
    for line, severity in zip(lines, severities, strict=True):
        indent = _indent(line)
        if indent <= table_indent:
            table_indent = -1
        if indent <= boilerplate_indent:
            boilerplate_indent = -1
        if _TABLES.match(line):
            table_indent = indent
        if _BOILERPLATE_SECTION.match(line):
            boilerplate_indent = indent
        if boilerplate_indent >= 0:
            yield _BOILERPLATE_RANK
        else:
            yield _rank_line(line, severity, in_table=table_indent >= 0)


def _rank_line(line: str, severity: int | None, *, in_table: bool) -> int:
    if _BOILERPLATE.match(line) or _TOKEN_VOLUME.match(line):
        return _BOILERPLATE_RANK
    if line.startswith("Name:"):
        return 0
    is_telling = in_table or _TELLING.match(line.lstrip()) is not None
    if is_telling and severity is not None:
        return 0
    if is_telling:
        return 1 if line[:1] == " " or not in_table else 0
    return 2 if severity is not None else 4 if not line.strip() else 3


def _with_parents(lines: Sequence[str], ranks: list[int]) -> list[int]:
    """A line tells nothing without the heading it stands under, so that is ranked as high."""
    open_at: list[int] = []
    for at, line in enumerate(lines):
        indent = _indent(line)
        while open_at and _indent(lines[open_at[-1]]) >= indent:
            open_at.pop()
        for parent in open_at:
            ranks[parent] = min(ranks[parent], ranks[at])
        if line.strip():
            open_at.append(at)
    return ranks


def _indent(line: str) -> int:
    found = _INDENT.match(line)
    return found.end() if found else 0
