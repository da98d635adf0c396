"""APIs that the cluster should serve and does not, by its APIServices. Pure."""

from collections.abc import Iterator

from bot.cluster.checks.evidence import seen
from bot.cluster.checks.quotation import quoted
from bot.cluster.checks.workloads.replicas import ref_of
from bot.cluster.findings import Finding, Ref, Severity
from bot.cluster.objects import Object, age_seconds, condition, text
from bot.cluster.scene import Scene

_STARTING_SECONDS = 60.0


def check(scene: Scene) -> Iterator[Finding]:
    for service in scene.all("apiservices"):
        state = condition(service, "Available")
        if text(state, "status") == "False" and _lasts(scene, state):
            yield _unserved(scene, ref_of(service, "APIService"), service, state)


def _lasts(scene: Scene, state: Object) -> bool:
    age = age_seconds(text(state, "lastTransitionTime"), scene.now)
    return age is None or age > _STARTING_SECONDS


def _unserved(scene: Scene, about: Ref, service: Object, state: Object) -> Finding:
    api = f"{text(service, 'spec', 'group')}/{text(service, 'spec', 'version')}"
    behind = Ref(
        "Service",
        text(service, "spec", "service", "namespace"),
        text(service, "spec", "service", "name"),
    )
    where = f" (Service `{behind.name}` in `{behind.namespace}`)" if behind.name else ""
    return Finding(
        text(state, "reason") or "Unavailable",
        _severity(scene, about),
        about,
        f"The API `{api}` is not served{where}: {quoted(text(state, 'message'), 300)}."
        f"{_consequence(api)}",
        since=text(state, "lastTransitionTime"),
        evidence=(
            seen(about, "status.conditions[Available].reason", text(state, "reason")),
            seen(about, "status.conditions[Available].message", text(state, "message")),
            *((seen(about, "spec.service.name", behind.name),) if behind.name else ()),
        ),
        next=(
            f"kubectl describe apiservice {about.name}",
            *((f"kubectl get pods -n {behind.namespace}",) if behind.namespace else ()),
        ),
        because_of=(behind,) if behind.name else (),
    )


def _severity(scene: Scene, about: Ref) -> Severity:
    """For a look into one namespace only what it uses of it is a fault."""
    if scene.is_whole_cluster:
        return "critical"
    is_used = "metrics" in about.name and scene.all("horizontalpodautoscalers")
    return "warning" if is_used else "info"


def _consequence(api: str) -> str:
    if api.startswith("metrics.k8s.io/"):
        return " `kubectl top` and autoscaling by cpu or memory do not work."
    return ""
