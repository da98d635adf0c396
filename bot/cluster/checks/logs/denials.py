"""What RBAC denied to unwell workloads, and the rule that is missing; it grants nothing."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bot.cluster.checks.evidence import logged, seen, told
from bot.cluster.checks.logs.unwell import Unwell, lines_of, logs_of, unwell_containers
from bot.cluster.checks.logs.wording import is_order, plain_line
from bot.cluster.checks.network.selection import workloads_in
from bot.cluster.findings import Evidence, Finding, Ref, Severity
from bot.cluster.needs import Need
from bot.cluster.objects import Object, event_time, moment, name_of, text
from bot.cluster.scene import Scene

_DENIED = re.compile(
    r"""User\s\\?"system:serviceaccount:(?P<home>[\w.-]+):(?P<account>[\w.-]+)\\?"\s
    cannot\s(?P<verb>\w+)\sresource\s\\?"(?P<resource>[\w./-]+)\\?"
    (?:\sin\sAPI\sgroup\s\\?"(?P<group>[\w.-]*)\\?")?
    (?:\sin\sthe\snamespace\s\\?"(?P<namespace>[\w.-]+)\\?"|(?P<wide>\sat\sthe\scluster\sscope))?""",
    re.VERBOSE,
)
_RECENT_SECONDS = 3600
_MOST_RULES = 3
_MOST_EVIDENCE = 6


@dataclass(frozen=True, slots=True, order=True)
class Denial:
    """Who may not do what where; `place` is empty for the whole cluster."""

    home: str
    account: str
    group: str
    resource: str
    verb: str
    place: str

    @property
    def user(self) -> tuple[str, str]:
        return self.home, self.account


@dataclass(slots=True)
class _Heard:
    """All that was denied to one ServiceAccount of one workload."""

    severity: Severity
    since: str
    next: str
    pods: tuple[str, ...] = ()
    denials: list[Denial] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)


def needs(scene: Scene) -> Iterator[Need]:
    yield from logs_of(scene)


def check(scene: Scene) -> Iterator[Finding]:
    heard: dict[tuple[Ref, str, str], _Heard] = {}
    for unwell in unwell_containers(scene):
        _hear_log(scene, unwell, heard)
    for event in scene.all("events"):
        _hear_event(scene, event, heard)
    for (about, home, account), each in heard.items():
        yield _finding(about, f"{home}/{account}", each)


def denials_in(lines: Sequence[str]) -> dict[Denial, str]:
    """Each with the line that says so."""
    found: dict[Denial, str] = {}
    for line in map(plain_line, lines):
        said = None if is_order(line) else _DENIED.search(line)
        if said is not None:
            found.setdefault(_denial(said), line)
    return found


def _denial(said: re.Match[str]) -> Denial:
    place = said["namespace"] or ""
    group = said["group"] or ""
    return Denial(said["home"], said["account"], group, said["resource"], said["verb"], place)


def _hear_log(scene: Scene, unwell: Unwell, heard: dict[tuple[Ref, str, str], _Heard]) -> None:
    account = text(unwell.pod, "spec", "serviceAccountName")
    for denial, line in denials_in(lines_of(scene, unwell)).items():
        key = (unwell.owner, *denial.user)
        severity: Severity = "warning" if unwell.works(scene) else "critical"
        found = heard.setdefault(
            key, _Heard(severity, unwell.since(scene), unwell.log_command, unwell.pods)
        )
        found.denials.append(denial)
        found.evidence.append(logged(name_of(unwell.pod), unwell.name, line))
        if account == denial.account and unwell.namespace == denial.home:
            found.evidence.append(seen(unwell.ref, "spec.serviceAccountName", account))


def _hear_event(scene: Scene, event: Object, heard: dict[tuple[Ref, str, str], _Heard]) -> None:
    at = moment(event_time(event))
    if at is None or (scene.now - at).total_seconds() > _RECENT_SECONDS:
        return
    for denial in denials_in([text(event, "message")]):
        about = _user_of(scene, denial) or _involved(event)
        since = text(event, "firstTimestamp") or event_time(event)
        look = f"kubectl describe {about.spoken} -n {about.namespace}"
        found = heard.setdefault((about, *denial.user), _Heard("warning", since, look))
        found.denials.append(denial)
        found.evidence.append(told(event))


def _user_of(scene: Scene, denial: Denial) -> Ref | None:
    """The workload that runs as this ServiceAccount."""
    for each in workloads_in(scene, denial.home):
        if text(each.template, "spec", "serviceAccountName") == denial.account:
            return each.ref
    return None


def _involved(event: Object) -> Ref:
    kind, namespace, name = (
        text(event, "involvedObject", key) for key in ("kind", "namespace", "name")
    )
    return Ref(kind, namespace, name)


def _finding(about: Ref, account: str, heard: _Heard) -> Finding:
    denials = sorted(set(heard.denials))
    home, _, name = account.partition("/")
    rules = [_rule(each) for each in _by_resource(denials)[:_MOST_RULES]]
    deeds = [_deed(each) for each in _by_resource(denials)[:_MOST_RULES]]
    places = {each[0].place for each in _by_resource(denials)}
    bindings = "clusterrolebindings" if "" in places else "rolebindings"
    scope = "" if "" in places else f" -n {min(places)}"
    return Finding(
        reason="RbacDenied",
        severity=heard.severity,
        about=about,
        cause=(
            f"ServiceAccount `{name}` of namespace `{home}`, as which {about.spoken} runs, may not "
            f"{'; nor '.join(deeds)}. Missing rule: {'; '.join(rules)}."
        ),
        since=heard.since,
        evidence=tuple(dict.fromkeys(heard.evidence))[:_MOST_EVIDENCE],
        next=(
            f"kubectl get {bindings}{scope} -o wide",
            heard.next,
        ),
        pods=heard.pods if about.kind != "Pod" else (),
    )


def _by_resource(denials: Sequence[Denial]) -> list[list[Denial]]:
    """Those that one rule would permit."""
    grouped: dict[tuple[str, str, str], list[Denial]] = {}
    for each in denials:
        grouped.setdefault((each.group, each.resource, each.place), []).append(each)
    return list(grouped.values())


def _deed(denials: Sequence[Denial]) -> str:
    first = denials[0]
    verbs = " or ".join(each.verb for each in denials)
    what = f"`{first.resource}`" + (f" of API group `{first.group}`" if first.group else "")
    where = f"namespace `{first.place}`" if first.place else "the whole cluster"
    return f"{verbs} {what} in {where}"


def _rule(denials: Sequence[Denial]) -> str:
    first = denials[0]
    verbs = ", ".join(f'"{each.verb}"' for each in denials)
    return f'apiGroups ["{first.group}"], resources ["{first.resource}"], verbs [{verbs}]'
