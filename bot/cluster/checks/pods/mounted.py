"""Which volume a path in a container comes from, and whether its file is there; opens none."""

from collections.abc import Iterator
from typing import NamedTuple

from bot.cluster.checks.evidence import seen
from bot.cluster.findings import Evidence, Ref
from bot.cluster.likeness import did_you_mean, spoken_hint
from bot.cluster.needs import ListOf
from bot.cluster.objects import Object, items, name_of, namespace_of, number, part, text, words
from bot.cluster.scene import Scene

_MOST_NAMES = 6
_ANY_EXECUTE = 0o111


class Place(NamedTuple):
    """A path inside of a mounted volume."""

    pod: Object
    volume: Object
    mount_path: str
    file: str
    """As the volume names it: what follows the mount's own path."""

    @property
    def name(self) -> str:
        return text(self.volume, "name")

    @property
    def config_map(self) -> str:
        return text(self.volume, "configMap", "name")

    @property
    def spoken(self) -> str:
        return f"volume `{self.name}`, mounted at `{self.mount_path}`"


def place_of(pod: Object, container: Object, path: str) -> Place | None:
    """The deepest mount that holds the path; None where none does, or where it is the file."""
    mounts = [
        each
        for each in items(container, "volumeMounts")
        if path.startswith(f"{text(each, 'mountPath').rstrip('/')}/")
        and not text(each, "subPath")
        and not text(each, "subPathExpr")
    ]
    mount = max(mounts, key=lambda each: len(text(each, "mountPath")), default=None)
    if mount is None:
        return None
    volumes = items(pod, "spec", "volumes")
    volume = next((each for each in volumes if each.get("name") == mount.get("name")), None)
    at = text(mount, "mountPath").rstrip("/")
    return Place(pod, volume, at, path.removeprefix(f"{at}/")) if volume is not None else None


def needs(place: Place | None) -> Iterator[ListOf]:
    if place is not None and place.config_map:
        yield ListOf("configmaps", namespace_of(place.pod))


def missing_file(scene: Scene, place: Place) -> tuple[str, tuple[Evidence, ...]]:
    """Why the file may not be there, as far as the volume shows; two empty ones where it is."""
    if place.config_map:
        return _of_config_map(scene, place)
    about, field = _pod(place), f"spec.volumes[{place.name}]"
    if secret := text(place.volume, "secret", "secretName"):
        proof = seen(about, f"{field}.secret.secretName", secret)
        whose = f"the Secret `{secret}`, of which Kaia reads nothing, has no such key"
        return f" It would come from {place.spoken}: maybe {whose}.", (proof,)
    if claim := text(place.volume, "persistentVolumeClaim", "claimName"):
        proof = seen(about, f"{field}.persistentVolumeClaim.claimName", claim)
        return f" It would be on {place.spoken}, which is the claim `{claim}`.", (proof,)
    if "emptyDir" in place.volume:
        begins = "an emptyDir, which is empty when the pod begins"
        return f" It would be on {place.spoken}, which is {begins}.", (
            seen(about, field, "emptyDir"),
        )
    return "", ()


def _of_config_map(scene: Scene, place: Place) -> tuple[str, tuple[Evidence, ...]]:
    namespace, name = namespace_of(place.pod), place.config_map
    known = scene.answer(ListOf("configmaps", namespace)) or ()
    found = next((each for each in known if name_of(each) == name), None)
    files = [text(each, "path") for each in items(place.volume, "configMap", "items")]
    if found is None or place.file in (files := files or words(found, "keys")):
        return "", ()
    has = ", ".join(f"`{each}`" for each in sorted(files)[:_MOST_NAMES]) or "nothing"
    hint = spoken_hint(did_you_mean(place.file, files, most=1))
    lacks = f"the ConfigMap `{name}` gives it no `{place.file}`, but {has}.{hint}"
    proofs = (
        seen(Ref("ConfigMap", namespace, name), "data", f"has {has}".replace("`", "")),
        seen(_pod(place), f"spec.volumes[{place.name}].configMap.name", name),
    )
    return f" It would come from {place.spoken}: {lacks}", proofs


def lacking_mode(place: Place) -> tuple[str, tuple[Evidence, ...]]:
    """That its files may be executed by nobody, which is what such volumes do unless told."""
    kind = next((kind for kind in ("configMap", "secret") if kind in place.volume), "")
    mode = number(part(place.volume, kind), "defaultMode", default=0o644)
    if not kind or items(place.volume, kind, "items") or mode & _ANY_EXECUTE:
        return "", ()
    field = f"spec.volumes[{place.name}].{kind}.defaultMode"
    source = place.config_map or text(place.volume, "secret", "secretName")
    whose = f"{'ConfigMap' if kind == 'configMap' else 'Secret'} `{source}`"
    modes = f"files of the {whose} get the mode {mode:04o} there"
    cure = "`defaultMode: 0755` would let them be executed"
    proof = seen(_pod(place), field, f"{mode:04o}")
    return f" It comes from {place.spoken}: {modes}, and {cure}.", (proof,)


def _pod(place: Place) -> Ref:
    return Ref("Pod", namespace_of(place.pod), name_of(place.pod))
