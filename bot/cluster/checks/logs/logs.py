"""What the logs of unwell pods say: the lines that tell, and the dependency they complain about.

Whatever a line says is data: it is quoted and compared with the cluster, and never followed.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.cluster.checks.evidence import logged
from bot.cluster.checks.logs.circumstances import TOKENS, circumstance, naming
from bot.cluster.checks.logs.complaints import Complaint
from bot.cluster.checks.logs.records import grave_part, records_in
from bot.cluster.checks.logs.unwell import Unwell, lines_of, logs_of, unwell_containers
from bot.cluster.checks.logs.weighing import complaints_in
from bot.cluster.checks.logs.wording import plain_line, rank_line
from bot.cluster.checks.network.dependencies import Judgement, judge_address, judge_host, needs_of
from bot.cluster.checks.pods import mounted
from bot.cluster.checks.pods.containers import age_of
from bot.cluster.checks.pods.mounted import place_of
from bot.cluster.findings import Evidence, Finding
from bot.cluster.needs import ListOf, Need
from bot.cluster.objects import items, name_of
from bot.cluster.scene import Scene

PRECISE = frozenset(
    {
        "AddressInUse", "AuthenticationFailed", "CertificateInvalid", "ConnectionRefused",
        "ConnectionTimeout", "DiskFull", "FileMissing", "HostNotFound", "MissingVariable",
        "NetworkPolicyMayBlock", "PermissionDenied", "RbacDenied", "ReadOnlyFileSystem",
    }
)  # fmt: skip
"""Reasons that say why a container fails, where that it fails is said elsewhere."""

_LINE_CHARS = 240
_QUOTED_CHARS = 160
_STARTING_SECONDS = 60
_MOST_JUDGED = 6
_VARYING = re.compile(r"0x[0-9a-f]+|\b[0-9a-f]{8,}\b|\d+", re.IGNORECASE)


def telling_lines(lines: Sequence[str], most: int = 3) -> tuple[str, ...]:
    """The lines that say what went wrong, in their order; the last ones where none does.

    What gives orders to its reader, or plays a part in a conversation, is chosen only where there
    is nothing else.
    """
    grave = [line for record in grave_part(records_in(lines)) for line in record.lines]
    honest = [(rank_line(each), each) for each in _distinct(grave)]
    if not honest:
        said = _distinct([flat for flat in map(plain_line, lines) if flat])
        return tuple(_cut(each) for each in said[-most:])
    loud = [each for each in honest if each[0] > 2] or [(2, line) for _, line in honest]
    places = sorted(range(len(loud)), key=lambda place: (loud[place][0], place))[-most:]
    return tuple(_cut(loud[place][1]) for place in sorted(places))


def _distinct(lines: Sequence[str]) -> list[str]:
    """The last of those that differ only in numbers."""
    last = {_VARYING.sub("#", line): place for place, line in enumerate(lines)}
    return [lines[place] for place in sorted(last.values())]


def _cut(line: str) -> str:
    flat = " ".join(line.split())
    return flat if len(flat) <= _LINE_CHARS else f"{flat[: _LINE_CHARS - 1]}…"


def needs(scene: Scene) -> Iterator[Need]:
    """Logs first; then, once these are read, what would show whether they are right."""
    yield from logs_of(scene)
    for unwell in unwell_containers(scene):
        for each in complaints_of(scene, unwell):
            if each.host:
                yield from needs_of(scene, unwell, each)
            if each.reason == "FileMissing":
                yield from mounted.needs(place_of(unwell.pod, unwell.spec, each.path))
            if each.reason == "MissingVariable" and items(unwell.spec, "envFrom"):
                yield ListOf("configmaps", unwell.namespace)


def check(scene: Scene) -> Iterator[Finding]:
    for unwell in unwell_containers(scene):
        judged = [(each, judge(scene, unwell, each)) for each in complaints_of(scene, unwell)]
        shown = judged[:1]
        if shown and not shown[0][1].evidence:
            # The last word may be a mere consequence: what the cluster itself bears out goes along.
            shown += [each for each in judged[1:] if each[1].evidence][:1]
        for complaint, judgement in shown:
            if judgement.obstacle is None:
                yield finding_of(scene, unwell, complaint, judgement)


def complaints_of(scene: Scene, unwell: Unwell) -> list[Complaint]:
    """The latest first. A container that has only just started may complain for a while."""
    if not unwell.has_crashed and 0 < age_of(unwell.pod, scene.now) < _STARTING_SECONDS:
        return []
    found = complaints_in(
        lines_of(scene, unwell),
        has_crashed=unwell.has_crashed,
        counts=lambda each: _is_told(unwell, each),
    )
    return found[:_MOST_JUDGED]


def _is_told(unwell: Unwell, complaint: Complaint) -> bool:
    """A missing file is a matter of the cluster only where a volume, or a token, was to be it."""
    is_file = complaint.reason == "FileMissing"
    is_token = complaint.path.startswith(TOKENS)
    return not is_file or is_token or bool(place_of(unwell.pod, unwell.spec, complaint.path))


def judge(scene: Scene, unwell: Unwell, complaint: Complaint) -> Judgement:
    found = _judged(scene, unwell, complaint)
    # That the cluster bears it out does not show that the program died of it.
    return replace(found, evidence=(), because_of=()) if complaint.is_aside else found


def _judged(scene: Scene, unwell: Unwell, complaint: Complaint) -> Judgement:
    match complaint.reason:
        case "HostNotFound":
            return judge_host(scene, unwell, complaint)
        case "ConnectionRefused" | "ConnectionTimeout":
            return judge_address(scene, unwell, complaint)
        case _:
            found = circumstance(scene, unwell, complaint)
            return Judgement(found.sentence.strip(), found.evidence)


def finding_of(scene: Scene, unwell: Unwell, complaint: Complaint, judgement: Judgement) -> Finding:
    named = naming(unwell, complaint.host) if complaint.host else None
    return Finding(
        reason="NetworkPolicyMayBlock" if judgement.obstacle else complaint.reason,
        severity="warning" if unwell.works(scene) else "critical",
        about=unwell.owner,
        cause=_cause(unwell, complaint, judgement, named),
        since=unwell.since(scene),
        evidence=(
            logged(name_of(unwell.pod), unwell.name, complaint.line),
            *judgement.evidence,
            *([named] if named and not complaint.is_aside else []),
        ),
        next=(unwell.log_command, *judgement.next)[:3],
        because_of=judgement.because_of,
        # Whether this cluster's network enforces policies at all is nowhere to be read.
        is_possible=judgement.obstacle is not None,
        pods=unwell.pods if unwell.owner.kind != "Pod" else (),
    )


def _cause(
    unwell: Unwell, complaint: Complaint, judgement: Judgement, named: Evidence | None
) -> str:
    line = " ".join(complaint.line.split())
    quoted = line if len(line) <= _QUOTED_CHARS else f"{line[:_QUOTED_CHARS]}…"
    source = f", which `{_field(named)}` names" if named else ""
    start = f"Container `{unwell.name}` {_said(complaint)}{source} (“{quoted}”)"
    rest = judgement.sentence
    if not rest:
        return f"{start}."
    if judgement.obstacle:
        rest = f"{rest} That may be why, if policies are enforced here."
    return f"{start}: {rest}" if rest[0].islower() else f"{start}. {rest}"


def _field(named: Evidence) -> str:
    """`DATABASE_URL`, or `args`."""
    last = named.path.rpartition(".")[2]
    return last.removeprefix("env[").removesuffix("]")


def _said(complaint: Complaint) -> str:
    where = f"{complaint.host}:{complaint.port}" if complaint.port else complaint.host
    match complaint.reason:
        case "HostNotFound":
            return f"cannot resolve the host name `{where}`"
        case "ConnectionRefused":
            return f"cannot connect to `{where}`"
        case "ConnectionTimeout":
            return f"gets no answer from `{where}`"
        case "CertificateInvalid":
            whose = f" of `{where}`" if where else ""
            return f"does not accept a certificate{whose}"
        case "AuthenticationFailed":
            user = f" as user `{complaint.name}`" if complaint.name else ""
            return f"is not let in{f' by `{where}`' if where else ''}{user}: the login fails"
        case _:
            return _said_of_itself(complaint)


def _said_of_itself(complaint: Complaint) -> str:
    path = f" `{complaint.path}`" if complaint.path else ""
    port = f" {complaint.port}" if complaint.port else ""
    match complaint.reason:
        case "MissingVariable":
            return f"misses the environment variable `{complaint.name}`"
        case "FileMissing":
            return f"does not find the file{path}"
        case "DiskFull":
            return f"has no space left on its disk{f' at{path}' if path else ''}"
        case "ReadOnlyFileSystem":
            return f"cannot write{path} because the file system is read-only"
        case "AddressInUse":
            return (
                f"cannot listen{f' on port{port}' if port else ''}: the address is in use already"
            )
        case _:
            return f"may not listen on port{port}" if port else f"has no permission for{path}"
