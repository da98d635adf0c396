"""ConfigMaps, Secrets, their keys and claims that a pod names and that are not there."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from bot.cluster.checks.evidence import absent, seen, told
from bot.cluster.checks.pods.containers import (
    Container,
    Trouble,
    began,
    breakdown,
    containers_in,
    describe,
    is_on,
    pod_events,
    pod_ref,
)
from bot.cluster.findings import Evidence
from bot.cluster.likeness import did_you_mean, spoken_hint
from bot.cluster.needs import ListOf
from bot.cluster.objects import Object, items, name_of, namespace_of, part, text, words
from bot.cluster.scene import Scene

_THERE = "is there now; the kubelet did not find it before, and tries again"
KINDS = {"configmap": "ConfigMap", "secret": "Secret", "config": "ConfigMap"}
_NO_OBJECT = re.compile(r'\b(configmap|secret)s? "([^"]+)" not found', re.IGNORECASE)
_NO_KEY = re.compile(r"couldn't find key (\S+) in (ConfigMap|Secret) [^/\s]+/(\S+)")
_NO_ITEM = re.compile(r"references non-existent (config|secret) key: ([^\s\]]+)")
_NO_CLAIM = re.compile(r'persistentvolumeclaims? "([^"]+)" not found')
_VOLUME = re.compile(r'for volume "([^"]+)"')


class Missing(NamedTuple):
    kind: str
    name: str
    key: str = ""
    """Empty where the whole object is missing."""

    @property
    def path(self) -> str:
        return f"{self.name}/{self.key}" if self.key else self.name

    @property
    def spoken(self) -> str:
        of_what = f"the {self.kind} `{self.name}`"
        return f"the key `{self.key}` of {of_what}" if self.key else of_what


def examine(scene: Scene, container: Container) -> Trouble | None:
    """What the kubelet could not find for the environment of a container."""
    if container.waiting != "CreateContainerConfigError":
        return None
    missing = named_in(container.message)
    if missing is None:
        return None
    events = [each for each in pod_events(scene, container.pod, "Failed") if is_on(each, container)]
    about = seen(container.about, container.field("state.waiting.message"), container.message)
    wish = _wish(container, missing)
    reading = (about, *((wish,) if wish else ()), *map(told, events[-1:]))
    what = f"{container.spoken} cannot be created"
    return _trouble(scene, container.pod, missing, what, reading, events)


def examine_volumes(scene: Scene, pod: Object) -> Iterator[Trouble]:
    """What the kubelet could not find for the volumes of a pod that has not started yet."""
    for event in _latest_by_volume(pod_events(scene, pod, "FailedMount")):
        said = text(event, "message")
        volume, path = _volume(pod, said)
        missing = named_in(said) or _missing_item(volume, said)
        if missing is None:
            continue
        wish = seen(pod_ref(pod), path, missing.name) if path else None
        what = f"No container starts, because the volume `{text(volume, 'name')}` cannot be mounted"
        reading = (told(event), *((wish,) if wish else ()))
        yield _trouble(scene, pod, missing, what, reading, [event])


def named_in(message: str) -> Missing | None:
    """What a message of the kubelet says is missing."""
    if found := _NO_KEY.search(message):
        return Missing(found[2], found[3].rstrip(".,"), found[1])
    if found := _NO_OBJECT.search(message):
        return Missing(KINDS[found[1].lower()], found[2])
    if found := _NO_CLAIM.search(message):
        return Missing("PersistentVolumeClaim", found[1].rpartition("/")[2])
    return None


def needs(scene: Scene, pod: Object) -> Iterator[ListOf]:
    """The ConfigMaps of its namespace, where the kubelet complains about one."""
    said = [each.message for each in containers_in(pod)]
    said += [text(each, "message") for each in pod_events(scene, pod, "FailedMount")]
    if any(re.search(r"configmap|config key", each, re.IGNORECASE) for each in said):
        yield ListOf("configmaps", namespace_of(pod))


def _trouble(
    scene: Scene,
    pod: Object,
    missing: Missing,
    what: str,
    reading: tuple[Evidence, ...],
    events: list[Object],
) -> Trouble:
    known = scene.answer(ListOf("configmaps", namespace_of(pod)))
    state, hint = _looked_up(missing, known)
    is_there = state == _THERE
    is_proven = missing.kind == "ConfigMap" and known is not None and not is_there
    return Trouble(
        pod,
        _reason(missing),
        "info" if is_there else breakdown(scene, pod),
        f"{what}: {missing.spoken} {state}.{hint}",
        key=missing.path,
        since=began(pod, events),
        evidence=(*reading, *([absent(missing.kind, missing.path)] if is_proven else ())),
        next=_commands(pod, missing),
    )


def _reason(missing: Missing) -> str:
    kind = {"PersistentVolumeClaim": "Claim"}.get(missing.kind, missing.kind)
    return f"{kind}KeyMissing" if missing.key else f"{kind}Missing"


def _looked_up(missing: Missing, known: tuple[Object, ...] | None) -> tuple[str, str]:
    """What there is to say of it, and a hint with names that exist."""
    if missing.kind == "Secret":
        return "does not exist, says the kubelet (Kaia itself never reads Secrets)", ""
    if missing.kind != "ConfigMap" or known is None:
        return "does not exist, says the kubelet", ""
    found = next((each for each in known if name_of(each) == missing.name), None)
    if found is None:
        names = did_you_mean(missing.name, map(name_of, known))
        return "does not exist in the namespace", spoken_hint(names)
    keys = words(found, "keys")
    if not missing.key or missing.key in keys:
        return _THERE, ""
    some = ", ".join(f"`{each}`" for each in sorted(keys)[:6])
    has = f"does not exist; the ConfigMap has {some}" if keys else "does not exist: it has no keys"
    return has, spoken_hint(did_you_mean(missing.key, keys))


def _commands(pod: Object, missing: Missing) -> tuple[str, ...]:
    place = f"-n {namespace_of(pod)}"
    if missing.kind == "ConfigMap" and missing.key:
        return (f"kubectl describe configmap {missing.name} {place}", describe(pod))
    if missing.kind == "Secret":
        return (describe(pod),)
    plural = "configmaps" if missing.kind == "ConfigMap" else "persistentvolumeclaims"
    return (f"kubectl get {plural} {place}", describe(pod))


def _wish(container: Container, missing: Missing) -> Evidence | None:
    """The field of the spec that names it."""
    ref, source = ("configMapKeyRef", "configMapRef")
    if missing.kind == "Secret":
        ref, source = ("secretKeyRef", "secretRef")
    for each in items(container.spec, "env"):
        found = part(each, "valueFrom", ref)
        if text(found, "name") == missing.name and missing.key in {"", text(found, "key")}:
            path = container.wish(f"env[{text(each, 'name')}].valueFrom.{ref}")
            return seen(container.about, path, f"{missing.name}/{text(found, 'key')}")
    for place, each in enumerate(items(container.spec, "envFrom")):
        if text(each, source, "name") == missing.name:
            path = container.wish(f"envFrom[{place}].{source}.name")
            return seen(container.about, path, missing.name)
    return None


def _latest_by_volume(events: list[Object]) -> list[Object]:
    """Of each volume the last thing said; messages without a volume speak for themselves."""
    latest: dict[str, Object] = {}
    for each in events:
        found = _VOLUME.search(text(each, "message"))
        latest[found[1] if found else text(each, "message")] = each
    return list(latest.values())


def _volume(pod: Object, said: str) -> tuple[Object, str]:
    """The volume that a message is about, and where the spec names what it holds."""
    found = _VOLUME.search(said)
    claim = _NO_CLAIM.search(said)
    for each in items(pod, "spec", "volumes"):
        name = text(each, "name")
        holds = claim and text(each, "persistentVolumeClaim", "claimName") == claim[1]
        if (found and name == found[1]) or holds:
            kinds = ("configMap", "secret", "projected", "persistentVolumeClaim")
            kind = next((kind for kind in kinds if kind in each), "")
            return each, f"spec.volumes[{name}]" + (f".{kind}" if kind else "")
    return {"name": found[1] if found else ""}, ""


def _missing_item(volume: Object, said: str) -> Missing | None:
    """Of a missing key the kubelet names the volume and not the object."""
    found = _NO_ITEM.search(said)
    if found is None:
        return None
    kind, key = KINDS[found[1]], found[2]
    field = "configMap" if kind == "ConfigMap" else "secret"
    sources = [volume, *items(volume, "projected", "sources")]
    holders = [part(each, field) for each in sources if field in each]
    wanted = [each for each in holders if any(text(i, "key") == key for i in items(each, "items"))]
    holder = (wanted or holders or [{}])[0]
    name = text(holder, "name") or text(holder, "secretName")
    return Missing(kind, name, key) if name else None
