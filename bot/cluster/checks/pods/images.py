"""Images that cannot be pulled, and what the registry says of it; asks no registry."""

import re

from bot.cluster.checks.evidence import seen, told
from bot.cluster.checks.pods.containers import (
    Container,
    Trouble,
    began,
    breakdown,
    describe,
    is_on,
    pod_events,
    quoted,
)
from bot.cluster.checks.workloads.replicas import owned, replicasets, revision
from bot.cluster.likeness import did_you_mean, spoken_hint
from bot.cluster.objects import Object, containers_of, items, part, text
from bot.cluster.scene import Scene

REASONS = frozenset({
    "ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull",
    "ImageInspectError", "RegistryUnavailable", "SignatureValidationFailed",
})  # fmt: skip

# The first that matches says why. What names a transport comes before what may be part of a name.
_KINDS: tuple[tuple[str, str, str], ...] = (
    (r"no match(ing)? .*(platform|manifest for)", "platform",
     "the registry has it, but not for the architecture of this node"),
    (r"toomanyrequests|\b429\b|rate limit", "rate",
     "the registry refuses for now: too many pulls (rate limit)"),
    (r"HTTP response to HTTPS client", "plain", "the registry speaks HTTP where HTTPS is expected"),
    (r"x509|certificate|failed to verify", "tls", "the registry's TLS certificate is not accepted"),
    (r"no such host|server misbehaving|dial tcp: lookup ", "host",
     "the name of the registry `{registry}` cannot be resolved"),
    (r"TLS handshake timeout|i/o timeout|deadline exceeded|Client\.Timeout|timed out", "timeout",
     "the registry `{registry}` does not answer in time"),
    (r"connection refused|no route to host|network is unreachable|connection reset", "reach",
     "the registry `{registry}` cannot be reached"),
    (r"\btls: ", "tls", "TLS with the registry `{registry}` fails"),
    (r"repository does not exist or may require|insufficient_scope", "denied",
     "the registry `{registry}` has no such repository, or wants credentials that it does not get"),
    (r"unauthori[sz]ed|\b401\b|\b403\b|forbidden|denied|authori[sz]ation failed|no basic auth",
     "denied",
     "the registry `{registry}` refuses: credentials are missing or not accepted"),
    (r"name unknown|NAME_UNKNOWN|repository .*not found", "missing",
     "the registry `{registry}` has no such repository"),
    (r"not found|manifest unknown|MANIFEST_UNKNOWN|\b404\b|no such image", "missing",
     "the registry `{registry}` has no such {what}"),
    (r"no space left", "disk", "the node has no space left for it"),
)  # fmt: skip
_WELL_KNOWN = (
    "alpine", "busybox", "debian", "elasticsearch", "golang", "grafana/grafana", "haproxy", "httpd",
    "kafka", "mariadb", "memcached", "mongo", "mysql", "nginx", "node", "openjdk", "postgres",
    "prom/prometheus", "python", "rabbitmq", "redis", "registry", "traefik", "ubuntu", "wordpress",
)  # fmt: skip
_FIXED = {
    "InvalidImageName": "the name is no valid image reference",
    "ErrImageNeverPull": "it is not on the node, and `imagePullPolicy: Never` forbids to pull it",
    "ImageInspectError": "the container runtime cannot inspect it",
    "SignatureValidationFailed": "its signature is not accepted",
}


def examine(scene: Scene, container: Container) -> Trouble | None:
    if container.waiting not in REASONS:
        return None
    events = [
        each
        for each in pod_events(scene, container.pod, "Failed", "BackOff", "InspectFailed")
        if is_on(each, container) and "image" in text(each, "message").lower()
    ]
    said, event = _said(container, events)
    image = text(container.spec, "image")
    kind, why = _sorted_out(container, said, image)
    secret = _missing_secret(scene, container) if kind == "denied" else None
    state = container.field("state.waiting.reason")
    return Trouble(
        container.pod,
        container.waiting if container.waiting in _FIXED else "ImagePullBackOff",
        breakdown(scene, container.pod),
        f"{container.spoken} cannot get its image `{image}`: {why}{_quote(container, said)}"
        f"{_about_secrets(container, secret) if kind == 'denied' else ''}."
        f"{spoken_hint(_likely(scene, container, image)) if kind in {'missing', 'denied'} else ''}",
        key=f"{container.name} {image}",
        since=began(container.pod, events),
        evidence=(
            seen(container.about, state, container.waiting),
            seen(container.about, container.wish("image"), image),
            *map(told, filter(None, (event, secret))),
        ),
        next=(describe(container.pod),),
    )


def _quote(container: Container, said: str) -> str:
    words = essence(said)
    return f" ({quoted(words)})" if words and container.waiting != "ErrImageNeverPull" else ""


def essence(message: str) -> str:
    """The end of a chain of `failed to …: failed to …: why`, which is what tells."""
    flat = " ".join(message.split())
    tail = flat.rpartition('": ')[2]
    return tail if len(tail) >= 8 else flat


def _said(container: Container, events: list[Object]) -> tuple[str, Object | None]:
    """What explains most: the kubelet's own message, or the event where that is only a summary."""
    failed = [
        each for each in events
        if not text(each, "message").startswith(("Back-off", "Error: ImagePull", "Error: ErrImage"))
    ]  # fmt: skip
    event = failed[-1] if failed else (events[-1] if events else None)
    is_summary = re.fullmatch(r'Back-off pulling image "[^"]*"\.?', container.message.strip())
    if event is not None and failed and (is_summary or not container.message):
        return text(event, "message"), event
    return container.message, event


def _sorted_out(container: Container, said: str, image: str) -> tuple[str, str]:
    fixed = _FIXED.get(container.waiting)
    if fixed is not None:
        return container.waiting, fixed
    # Names may hold any word, so what is looked at is only what is not quoted.
    bare = re.sub(r'"[^"]*"', "", said).replace(image, "")
    for pattern, kind, why in _KINDS:
        if re.search(pattern, bare, re.IGNORECASE):
            what = "digest" if "@" in image else f"tag `{tag_of(image)}`, or no such repository"
            return kind, why.format(registry=registry_of(image), what=what)
    return "other", "the pull fails"


def registry_of(image: str) -> str:
    first, slash, _ = image.partition("/")
    is_host = slash and ("." in first or ":" in first or first == "localhost")
    return first if is_host else "docker.io"


def tag_of(image: str) -> str:
    last = image.partition("@")[0].rpartition("/")[2]
    return last.partition(":")[2] or "latest"


def _likely(scene: Scene, container: Container, image: str) -> tuple[str, ...]:
    """What it ran before, else images that other workloads run, or that everybody knows."""
    before = _before(scene, container, image)
    if before:
        return (before,)
    plurals = ("deployments", "statefulsets", "daemonsets")
    templates = [
        part(each, "spec", "template", "spec") for plural in plurals for each in scene.all(plural)
    ]
    known = {text(box, "image") for spec in templates for box, _ in containers_of(spec)}
    repository = _repository(image)
    near = did_you_mean(image, {each for each in known if not _is_far(each, image)}, most=1)
    return near or (
        did_you_mean(repository, _WELL_KNOWN, most=1) if repository not in _WELL_KNOWN else ()
    )


def _before(scene: Scene, container: Container, image: str) -> str:
    """Of the same repository, in the newest of its Deployment's older ReplicaSets."""
    owner = scene.owner(container.pod)
    older = sorted(owned(replicasets(scene, owner.namespace), owner), key=revision, reverse=True)
    for each in older:
        spec = part(each, "spec", "template", "spec")
        for box, _ in containers_of(spec):
            known = text(box, "image")
            if text(box, "name") == container.name and known != image:
                return known if _repository(known) == _repository(image) else ""
    return ""


def _repository(image: str) -> str:
    return image.partition("@")[0].removesuffix(f":{tag_of(image)}")


def _is_far(known: str, image: str) -> bool:
    """Of the same repository and versions apart: what somebody else still runs, and no slip."""
    if _repository(known) != _repository(image):
        return False
    old, new = (_VERSION.findall(tag_of(each)) for each in (known, image))
    steps = [abs(int(a) - int(b)) for a, b in zip(old, new, strict=False) if a != b]
    return bool(steps) and steps[0] > 1


_VERSION = re.compile(r"\d+")


def _missing_secret(scene: Scene, container: Container) -> Object | None:
    events = pod_events(scene, container.pod, "FailedToRetrieveImagePullSecret")
    return events[-1] if events else None


def _about_secrets(container: Container, missing: Object | None) -> str:
    names = [text(each, "name") for each in items(container.pod, "spec", "imagePullSecrets")]
    spoken = ", ".join(f"`{each}`" for each in names)
    if missing is not None:
        return f"; the kubelet cannot find the pull secret ({spoken})"
    return (
        f"; the pod names the pull secret {spoken}" if names else "; the pod names no pull secret"
    )
