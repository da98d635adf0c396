"""What a container's own spec has to do with what its log complains about. Pure; no values."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.cluster.checks.evidence import seen
from bot.cluster.checks.logs.complaints import Complaint
from bot.cluster.checks.logs.unwell import Unwell
from bot.cluster.checks.pods.commands import command_of
from bot.cluster.checks.pods.mounted import missing_file, place_of
from bot.cluster.findings import Evidence
from bot.cluster.likeness import did_you_mean, spoken_hint
from bot.cluster.needs import ListOf
from bot.cluster.objects import Object, containers_of, flag, items, number, part, text, words
from bot.cluster.scene import Scene

_MOST_NAMES = 8
_NUMBER = re.compile(r"(?<![\w.])\d{2,5}(?![\w.])")
TOKENS = "/var/run/secrets/kubernetes.io/serviceaccount/"
"""Where the kubelet mounts the token of a ServiceAccount."""


@dataclass(frozen=True, slots=True)
class Circumstance:
    sentence: str
    evidence: tuple[Evidence, ...] = ()


def circumstance(scene: Scene, unwell: Unwell, complaint: Complaint) -> Circumstance:
    judge = _JUDGES.get(complaint.reason)
    return judge(scene, unwell, complaint) if judge is not None else Circumstance("")


def naming(unwell: Unwell, word: str) -> Evidence | None:
    """Where the container's spec says this word: the name of the variable, or its command."""
    whole = re.compile(rf"(?<![\w.-]){re.escape(word)}(?![\w-])")
    field = f"spec.containers[{unwell.name}]"
    for each in items(unwell.spec, "env"):
        if whole.search(text(each, "value")):
            return seen(unwell.ref, f"{field}.env[{text(each, 'name')}]", f"names {word}")
    for key in ("args", "command"):
        if any(whole.search(each) for each in words(unwell.spec, key)):
            return seen(unwell.ref, f"{field}.{key}", f"names {word}")
    return None


def port_beside(unwell: Unwell, complaint: Complaint) -> int:
    """The port that the line, or the container's spec, gives with this host; 0 where none does."""
    beside = re.compile(rf"(?<![\w.-]){re.escape(complaint.host)}[\w.]*:(\d{{2,5}})\b")
    values = [text(each, "value") for each in items(unwell.spec, "env")]
    given = (complaint.line, *values, *words(unwell.spec, "args"), *words(unwell.spec, "command"))
    found = next(filter(None, map(beside.search, given)), None)
    return int(found[1]) if found else 0


def _variable(scene: Scene, unwell: Unwell, complaint: Complaint) -> Circumstance:
    name = complaint.name
    names = {text(each, "name") for each in items(unwell.spec, "env")}
    if name in names:
        return Circumstance(f" The container defines `{name}`, so its value may be empty.")
    sources = items(unwell.spec, "envFrom")
    keys = _keys_of(scene, unwell, sources)
    if keys is None:
        return Circumstance(" It may come from a source in `envFrom` that cannot be read here.")
    names |= keys
    listed = ", ".join(sorted(names)[:_MOST_NAMES]) or "none"
    hint = spoken_hint(did_you_mean(name, names, most=1))
    has = f"it defines {listed}" if names else "it defines no variable"
    return Circumstance(
        f" The container does not define it; {has}.{hint}",
        (
            seen(
                unwell.ref,
                f"spec.containers[{unwell.name}].env",
                f"does not define {name}; defines {listed}",
            ),
        ),
    )


def _keys_of(scene: Scene, unwell: Unwell, sources: list[Object]) -> set[str] | None:
    """Names of keys that come from ConfigMaps; None where a source is a Secret or unread."""
    answer = scene.answer(ListOf("configmaps", unwell.namespace))
    known = {text(each, "metadata", "name"): words(each, "keys") for each in answer or ()}
    keys: set[str] = set()
    for source in sources:
        name = text(source, "configMapRef", "name")
        if name not in known:
            return None
        keys |= {text(source, "prefix") + key for key in known[name]}
    return keys


def _permission(_: Scene, unwell: Unwell, complaint: Complaint) -> Circumstance:
    user = _user(unwell)
    spoken = f" The container runs as user {user}" if user else ""
    if complaint.port:
        return _low_port(unwell, complaint.port, spoken)
    mount = _mount_of(unwell, complaint.path)
    if not mount:
        return _as_user(unwell, spoken)
    volume, at = text(mount, "name"), text(mount, "mountPath")
    if flag(mount, "readOnly"):
        field = f"spec.containers[{unwell.name}].volumeMounts[{volume}].readOnly"
        sentence = f" Volume `{volume}` is mounted read-only at `{at}`."
        return Circumstance(sentence, (seen(unwell.ref, field, "true"),))
    group = text(unwell.pod, "spec", "securityContext", "fsGroup")
    if user and user != "0" and not group:
        return Circumstance(
            f"{spoken}, and the pod has no fsGroup that would give it volume `{volume}` at `{at}`.",
            (
                seen(
                    unwell.ref,
                    "spec.securityContext",
                    f"user {user}, no fsGroup, volume {volume} at {at}",
                ),
            ),
        )
    return Circumstance(f"{spoken or ' It is'}{' in' if not spoken else ';'} volume `{volume}`.")


def _as_user(unwell: Unwell, spoken: str) -> Circumstance:
    if not spoken:
        return Circumstance("")
    own = text(unwell.spec, "securityContext", "runAsUser")
    field = f"spec.containers[{unwell.name}].securityContext" if own else "spec.securityContext"
    return Circumstance(f"{spoken}.", (seen(unwell.ref, f"{field}.runAsUser", _user(unwell)),))


def _low_port(unwell: Unwell, port: int, spoken: str) -> Circumstance:
    if port >= 1024 or not spoken:
        return Circumstance("")
    field = f"spec.containers[{unwell.name}].securityContext"
    return Circumstance(
        f"{spoken}, who may not listen below port 1024.",
        (seen(unwell.ref, field, f"user {_user(unwell)}"),),
    )


def _read_only(_: Scene, unwell: Unwell, complaint: Complaint) -> Circumstance:
    mount = _mount_of(unwell, complaint.path)
    field = f"spec.containers[{unwell.name}]"
    if mount:
        name, at = text(mount, "name"), text(mount, "mountPath")
        found = seen(unwell.ref, f"{field}.volumeMounts[{name}]", f"mounted at {at}")
        return Circumstance(f" Volume `{name}` at `{at}` cannot be written to.", (found,))
    if not flag(unwell.spec, "securityContext", "readOnlyRootFilesystem"):
        return Circumstance("")
    path = f"{field}.securityContext.readOnlyRootFilesystem"
    where = f" and no volume is mounted at `{complaint.path}`" if complaint.path else ""
    return Circumstance(
        f" The container has readOnlyRootFilesystem{where}.", (seen(unwell.ref, path, "true"),)
    )


def _disk(_: Scene, unwell: Unwell, complaint: Complaint) -> Circumstance:
    mount = _mount_of(unwell, complaint.path)
    if not mount:
        return Circumstance("")
    name, at = text(mount, "name"), text(mount, "mountPath")
    volume = next((v for v in items(unwell.pod, "spec", "volumes") if text(v, "name") == name), {})
    claim = text(volume, "persistentVolumeClaim", "claimName")
    if claim:
        return Circumstance(f" Volume `{name}` at `{at}` is PersistentVolumeClaim `{claim}`.")
    limit = text(volume, "emptyDir", "sizeLimit")
    medium = text(volume, "emptyDir", "medium")
    if not limit:
        return Circumstance(f" Volume `{name}` is mounted at `{at}`.")
    kind = f"emptyDir{' in memory' if medium == 'Memory' else ''} of at most {limit}"
    found = seen(unwell.ref, f"spec.volumes[{name}].emptyDir.sizeLimit", limit)
    return Circumstance(f" Volume `{name}` at `{at}` is an {kind}.", (found,))


def _address(_: Scene, unwell: Unwell, complaint: Complaint) -> Circumstance:
    declared = list(_declared(unwell.pod))
    wanted = {complaint.port or port for name, port in declared if name == unwell.name}
    wanted |= {complaint.port} - {0}
    wanted |= {int(each) for each in _NUMBER.findall(command_of(unwell.spec))}
    rivals = [each for each in declared if each[0] != unwell.name and each[1] in wanted]
    if rivals:
        rival, port = rivals[0]
        field = f"spec.containers[{rival}].ports"
        return Circumstance(
            f" Container `{rival}` of the same pod has port {port} too, and they share one "
            f"network.",
            (seen(unwell.ref, field, port),),
        )
    if flag(unwell.pod, "spec", "hostNetwork"):
        found = seen(unwell.ref, "spec.hostNetwork", "true")
        return Circumstance(" The pod uses the network of its node (hostNetwork).", (found,))
    return Circumstance("")


def _declared(pod: Object) -> Iterator[tuple[str, int]]:
    for each, is_init in containers_of(part(pod, "spec")):
        if not is_init:
            yield from (
                (text(each, "name"), number(p, "containerPort")) for p in items(each, "ports")
            )


def _user(unwell: Unwell) -> str:
    own = text(unwell.spec, "securityContext", "runAsUser")
    return own or text(unwell.pod, "spec", "securityContext", "runAsUser")


def _mount_of(unwell: Unwell, path: str) -> Object:
    """The mount that holds the path, the deepest; an empty mapping where none does."""
    found = [
        each
        for each in items(unwell.spec, "volumeMounts")
        if path and f"{path}/".startswith(text(each, "mountPath").rstrip("/") + "/")
    ]
    return max(found, key=lambda each: len(text(each, "mountPath")), default={})


def _file(scene: Scene, unwell: Unwell, complaint: Complaint) -> Circumstance:
    if complaint.path.startswith(TOKENS):
        return _without_token(unwell)
    place = place_of(unwell.pod, unwell.spec, complaint.path)
    return Circumstance(*missing_file(scene, place)) if place is not None else Circumstance("")


def _without_token(unwell: Unwell) -> Circumstance:
    field = "automountServiceAccountToken"
    if text(unwell.pod, "spec", field) != "false":
        return Circumstance(
            f" The pod mounts no token; {field} of its ServiceAccount may be false."
        )
    found = seen(unwell.ref, f"spec.{field}", "false")
    return Circumstance(f" The pod mounts no token: its {field} is false.", (found,))


_JUDGES: dict[str, Callable[[Scene, Unwell, Complaint], Circumstance]] = {
    "MissingVariable": _variable,
    "FileMissing": _file,
    "PermissionDenied": _permission,
    "ReadOnlyFileSystem": _read_only,
    "DiskFull": _disk,
    "AddressInUse": _address,
}
