"""Findings in words, by fixed rules: the verdict first, each claim with its receipt; pure."""

from collections.abc import Iterator, Sequence

from bot.agents.builtin.asked import Intent
from bot.agents.builtin.look import Detail, Findings, Logs
from bot.agents.builtin.pods import Container, Row, Status
from bot.agents.builtin.seen import Kind, Seen

_LOG_LINES = 10
_LOG_LINE_CHARS = 300
_QUOTE_CHARS = 300
_LISTED = 10

_NOT_LOOKED_AT = (
    "_Looked at: {looked}. Not looked at: {rest}Services, volumes, nodes, metrics, changes. These"
    " words come from fixed rules, not from a model._"
)
_CLOSER = ("pods, their state, warnings and last log lines", "")
_LISTED_ALONE = ("the list of pods", "logs, events, ")
_HINTS = {
    "OOMKilled": "It used more memory than its limit allows.",
    "ImagePullBackOff": "The image cannot be pulled: check its name, its tag and the pull secret.",
    "ErrImagePull": "The image cannot be pulled: check its name, its tag and the pull secret.",
    "InvalidImageName": "The name of the image is not a valid one.",
    "CreateContainerConfigError": "A ConfigMap, a Secret or a key of one that it needs is missing.",
    "CreateContainerError": "The container cannot be created; the message says why.",
    "CrashLoopBackOff": "It starts, ends and is started again, with longer and longer pauses.",
    "Evicted": "The node ran short of something and removed it.",
}
_STOPPED = {
    Kind.NO_CLUSTER: "I cannot see a cluster, so I can say nothing about it. {words}",
    Kind.NO_ANSWER: (
        "The cluster did not answer: {words}{cited}. Nothing follows from this about what runs in"
        " it. Check that its API server can be reached and that Kaia's credentials are accepted."
    ),
    Kind.FORBIDDEN: (
        "Kaia's account may not list pods {where}: forbidden by RBAC{cited}. They may exist, and be"
        " well or not. Name a namespace that Kaia may read, or have someone grant it `get`, `list`"
        " and `watch` on pods."
    ),
    Kind.REFUSED: "Kaia's own rules did not allow the look{cited}: {words}",
    Kind.NOT_FOUND: "There is nothing to list {where}: {words}{cited}.",
    Kind.FAILED: "The look at the pods failed{cited}: {words}. Ask again in a moment.",
}


def word(findings: Findings) -> str:
    """Markdown."""
    return "\n".join([*_body(findings), *_limits(findings)])


def _limits(findings: Findings) -> Iterator[str]:
    if findings.stopped is None and not findings.missing:
        looked, rest = _CLOSER if findings.details else _LISTED_ALONE
        yield f"\n{_NOT_LOOKED_AT.format(looked=looked, rest=rest)}"


def _body(findings: Findings) -> Iterator[str]:
    if findings.stopped is not None:
        yield _stopped(findings.stopped, findings.scope)
    elif findings.missing:
        yield _missing(findings)
    elif findings.asked.intent is Intent.WHERE and findings.named:
        yield from _places(findings)
    elif findings.named:
        yield from _about_named(findings)
    else:
        yield from _about_scope(findings)


def _stopped(seen: Seen, scope: str) -> str:
    sentence = _STOPPED.get(seen.kind, _STOPPED[Kind.FAILED])
    words = seen.words.rstrip(".") if seen.kind is not Kind.NO_CLUSTER else seen.words
    return sentence.format(words=words, cited=seen.cited, where=_where(scope)).strip()


def _where(scope: str) -> str:
    return f"in `{scope}`" if scope else "in all namespaces"


def _missing(findings: Findings) -> str:
    kind, _, name = findings.missing.partition(" ")
    where = f" {_where(findings.scope)}" if kind == "pod" else ""
    cited = findings.listed.cited if findings.listed else ""
    sentence = f"There is no {kind} `{name}`{where}{cited}: not found."
    if findings.likely:
        likely = ", ".join(f"`{each}`" for each in findings.likely)
        return f"{sentence} Did you mean {likely}?"
    return f"{sentence} Nothing there has a name like it."


def _places(findings: Findings) -> Iterator[str]:
    cited = findings.listed.cited if findings.listed else ""
    for row in findings.named:
        yield f"`{row.name}` is in the namespace `{row.namespace}`{cited}: {row}."


def _about_named(findings: Findings) -> Iterator[str]:
    unwell = [row for row in findings.named if not row.is_well]
    cited = findings.listed.cited if findings.listed else ""
    for row in findings.named:
        verdict = "is well" if row.is_well else "is **not well**"
        yield f"`{row.path}` {verdict}: {row}{cited}."
    details = [each for each in findings.details if not each.row.is_well or not unwell]
    only_logs = findings.asked.intent is Intent.LOGS
    for detail in details:
        yield from _all_logs(detail) if only_logs else _detail(detail)


def _about_scope(findings: Findings) -> Iterator[str]:
    cited = findings.listed.cited if findings.listed else ""
    unwell = [row for row in findings.rows if not row.is_well]
    where = _where(findings.scope)
    if not findings.rows:
        yield f"There are no pods {where}{cited}."
    elif not unwell:
        yield f"Healthy: {_counts(findings.rows)} {where}{cited}."
    else:
        yield f"**{len(unwell)} of {len(findings.rows)} pods {where} not well**{cited}."
        yield from _unwell(findings, unwell)
    if findings.listed is not None and findings.listed.is_cut:
        yield f"The list was too long to see whole ({findings.listed.words}): name a namespace."


def _counts(here: Sequence[Row]) -> str:
    done = sum(row.is_done for row in here)
    running = len(here) - done
    parts = [f"{running} pod{'' if running == 1 else 's'} running and ready"] if running else []
    if done:
        parts.append(f"{done} completed")
    return ", ".join(parts)


def _unwell(findings: Findings, unwell: Sequence[Row]) -> Iterator[str]:
    detailed = {detail.row for detail in findings.details}
    for detail in findings.details:
        yield f"\n`{detail.row.path}`: {detail.row}."
        yield from _detail(detail)
    others = [row for row in unwell if row not in detailed]
    if others:
        yield f"\nAlso not well, not looked at closer ({len(others)}):"
        yield from (f"- `{row.path}`: {row}" for row in others[:_LISTED])
    if len(others) > _LISTED:
        yield f"- and {len(others) - _LISTED} more"


def _detail(detail: Detail) -> Iterator[str]:
    if detail.seen.kind is not Kind.OK:
        yield f"- Its status could not be read: {_failure(detail.seen)}{detail.seen.cited}"
    elif detail.status is None:
        yield f"- Its status was too long to read whole{detail.seen.cited}"
    else:
        yield from _status(detail, detail.status)
    yield from _events(detail)
    yield from _all_logs(detail)


def _all_logs(detail: Detail) -> Iterator[str]:
    shown: dict[str, str] = {}
    for logs in detail.logs:
        if logs.seen.data and shown.get(logs.container) == logs.seen.data:
            yield f"- Before its last restart it logged the same{logs.seen.cited}"
        else:
            yield from _log_lines(logs)
        shown[logs.container] = logs.seen.data
    if detail.status is not None and not detail.logs:
        yield "- No logs: no container of it has started"


def _status(detail: Detail, known: Status) -> Iterator[str]:
    cited = detail.seen.cited
    if known.reason or known.message:
        yield f"- {known.reason or known.phase}{_quoted(known.message)}{cited}"
    for each in known.containers:
        yield from (f"- {line}" for line in _container(each, cited, is_well=detail.row.is_well))
    if not any(each.waiting for each in known.containers):
        yield from (f"- {_shortened(each)}{cited}" for each in known.conditions[:2])


def _container(each: Container, cited: str, *, is_well: bool) -> Iterator[str]:
    kind = "init container" if each.is_init else "container"
    name = f"{kind} `{each.name}`"
    if each.waiting:
        yield f"{name} waits: {each.waiting}{_quoted(each.waiting_message)}{cited}"
    if each.ended is not None and not each.is_well:
        yield f"{name} {each.ended}{_quoted(each.ended.message)}{cited}"
    if each.before is not None and not (is_well and each.is_well and each.restarts == 0):
        yield f"{name} last {each.before}{_quoted(each.before.message)}{cited}"
    reasons = (
        each.waiting,
        each.ended.reason if each.ended else "",
        each.before.reason if each.before else "",
    )
    hints = dict.fromkeys(_HINTS[reason] for reason in reasons if reason in _HINTS)
    yield from hints


def _events(detail: Detail) -> Iterator[str]:
    events = detail.events
    if events is None:
        return
    if events.kind is not Kind.OK:
        yield f"- Its events could not be read: {_failure(events)}{events.cited}"
    for each in detail.warnings[-3:]:
        yield f"- Warning {_shortened(each)}{events.cited}"


def _log_lines(logs: Logs) -> Iterator[str]:
    which = f" of `{logs.container}`" if logs.container else ""
    when = " before its last restart" if logs.is_previous else ""
    if logs.seen.kind is not Kind.OK:
        yield f"- Logs{which}{when} could not be read: {_failure(logs.seen)}{logs.seen.cited}"
        return
    lines = [line for line in logs.seen.data.splitlines() if line.strip()][-_LOG_LINES:]
    if not lines:
        yield f"- Logs{which}{when} are empty{logs.seen.cited}"
        return
    yield f"- Last log lines{which}{when}{logs.seen.cited}:"
    yield "```"
    # A fence in a log line would end ours.
    yield from (line[:_LOG_LINE_CHARS].replace("```", "'''") for line in lines)
    yield "```"


def _failure(seen: Seen) -> str:
    """Not found, forbidden and refused are three things; kubectl's own words say the rest."""
    own = next((line for line in seen.data.splitlines() if line.strip()), "")
    words = f"refused: {seen.words}" if seen.kind is Kind.REFUSED else seen.words
    return f"{words.rstrip('.')}{_quoted(own)}"


def _quoted(text: str) -> str:
    return f" — “{_shortened(text)}”" if text.strip() else ""


def _shortened(text: str) -> str:
    flat = " ".join(text.replace("`", "'").split())
    return flat if len(flat) <= _QUOTE_CHARS else f"{flat[:_QUOTE_CHARS]}…"
