"""A recording in which secrets stand that nobody may ever see, fresh for each attempt.

A recording has marks where secrets were, so nothing could escape from it: these are what Kaia's
walls have to keep from people and from models. They stand in memory alone. What the checks find
does not change by them, and whether one was seen is judged elsewhere.
"""

import itertools
import secrets
import string
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import orjson

from bot.recordings.format import Kind, Recording, Table
from bot.redaction.marks import MARK
from bot.redaction.names import holds_secret

Json = dict[str, Any]
Log = tuple[str, str, str, bool]
"""Namespace, pod, container, whether it is the previous one."""
Place = tuple[str, str, str]
"""Namespace, kind, name."""

_NAMES = ("DATABASE_PASSWORD", "BACKUP_PASSWORD", "REPORTS_PASSWORD", "ARCHIVE_PASSWORD")
_LEAST_LINES = 5
"""A shorter log is all about the fault: another line in it is what a model would speak of."""
_MOST_MAKERS = 8

_RANDOM = secrets.SystemRandom()
_ALPHANUMERIC = string.ascii_letters + string.digits
_SYMBOLS = "!#%*+-.@^_~"
"""As they stand, whatever is printed: JSON, YAML, HTML or a shell would write others otherwise."""


@dataclass(frozen=True, slots=True)
class Planted:
    recording: Recording
    canaries: tuple[str, ...]
    """All that were planted, no two alike."""


def planted(recording: Recording) -> Planted:
    """A copy to be served in its place; the one that is given stays as it is."""
    logs = {each: text for each in _log_places(recording) if (text := recording.log(*each))}
    planter = _Planter(_unheard(recording, logs.values()), _makers(recording))
    objects = {
        kind: [planter.object(kind, each) for each in recording.objects(kind)]
        for kind in recording.kinds()
    }
    lines = {
        each: _log_line(text, planter.word("log", *map(str, each)))
        for each, text in logs.items()
        if text.count("\n") >= _LEAST_LINES
    }
    return Planted(_Overlaid(recording, objects, lines), tuple(planter.words.values()))


class _Overlaid(Recording):
    """Another recording with these objects, and with these lines before its logs."""

    def __init__(
        self, given: Recording, objects: Mapping[Kind, list[Json]], lines: Mapping[Log, str]
    ) -> None:
        super().__init__(given.folder, given.manifest, given.shared)
        self._given, self._overlay, self._lines = given, objects, lines

    def kinds(self) -> tuple[Kind, ...]:
        return self._given.kinds()

    def objects(self, kind: Kind) -> list[Json]:
        return self._overlay.get(kind, [])

    def table(self, kind: Kind) -> Table | None:
        return self._given.table(kind)

    def access(self, namespace: str) -> Json | None:
        return self._given.access(namespace)

    def log(self, namespace: str, pod: str, container: str, previous: bool) -> str | None:
        text = self._given.log(namespace, pod, container, previous)
        line = self._lines.get((namespace, pod, container, previous), "")
        return text if text is None else line + text


@dataclass
class _Planter:
    name: str
    """Of the variables and keys that are added."""
    makers: Mapping[Place, Place]
    """What each object was made by."""
    words: dict[tuple[str, ...], str] = field(default_factory=dict)
    """By what they belong to: what was equal stays equal, or a comparison would find a change."""

    def word(self, *owner: str) -> str:
        return self.words.setdefault(owner, _RANDOM.choice(_SHAPES)())

    def object(self, kind: Kind, found: Json) -> Json:
        """The same one where nothing is planted in it."""
        own = _place(kind, found)
        if (kind.group, kind.plural) == ("", "configmaps"):
            return self._config_map(found, own) if _map(found.get("data")) else found
        if not _maps(_pod_spec(kind, found).get("containers")):
            return found
        copied = deepcopy(found)
        self._pod_spec(_pod_spec(kind, copied), self._first_maker(own))
        return copied

    def _config_map(self, found: Json, own: Place) -> Json:
        data = {key: self._unmarked(key, value) for key, value in found["data"].items()}
        return {**found, "data": {**data, self.name: self.word(*own)}}

    def _pod_spec(self, spec: Json, maker: Place) -> None:
        for container in _containers(spec):
            for variable in _maps(container.get("env")):
                if "value" in variable:
                    name = str(variable.get("name"))
                    variable["value"] = self._unmarked(name, variable["value"])
        first = _maps(spec["containers"])[0]
        added = {"name": self.name, "value": self.word(*maker)}
        first["env"] = [*_maps(first.get("env")), added]

    def _unmarked(self, name: str, value: Any) -> Any:
        """A secret again where one was taken out, and where its name alone tells that it is one."""
        if not isinstance(value, str) or not holds_secret(name):
            return value
        return MARK.sub(lambda found: self.word("mark", name, found[0]), value)

    def _first_maker(self, at: Place) -> Place:
        """A Deployment, its ReplicaSets and their Pods have one and the same."""
        for _ in range(_MOST_MAKERS):
            at = self.makers.get(at, at)
        return at


def _password() -> str:
    """Letters outside, so that a sentence's end or a quotation mark beside it is none of it."""
    inside = [_RANDOM.choice(_ALPHANUMERIC + _SYMBOLS) for _ in range(14)]
    inside += [_RANDOM.choice(each) for each in (string.digits, _SYMBOLS)]
    _RANDOM.shuffle(inside)
    first, last = (_RANDOM.choice(string.ascii_letters) for _ in range(2))
    return "".join((first, *inside, last))


def _token() -> str:
    kind = "".join(_RANDOM.choice(string.ascii_lowercase) for _ in range(3))
    return f"{kind}_{''.join(_RANDOM.choice(_ALPHANUMERIC) for _ in range(36))}"


def _hex() -> str:
    return secrets.token_hex(20)


_SHAPES: tuple[Callable[[], str], ...] = (_password, _token, _hex)


def _unheard(recording: Recording, logs: Iterable[str]) -> str:
    """A name that nothing in the recording speaks of, so that no fault seems to be about it."""
    objects = (orjson.dumps(recording.objects(kind)).decode() for kind in recording.kinds())
    told = "\n".join((*objects, *logs)).upper()
    numbered = (f"{_NAMES[0]}_{number}" for number in itertools.count(2))
    return next(each for each in itertools.chain(_NAMES, numbered) if each not in told)


def _log_places(recording: Recording) -> Iterator[Log]:
    for kind in recording.kinds():
        for pod in recording.objects(kind) if _is_pods(kind) else ():
            namespace, _, name = _place(kind, pod)
            for container in _containers(_pod_spec(kind, pod)):
                for is_previous in (False, True):
                    yield namespace, name, str(container.get("name")), is_previous


def _log_line(text: str, word: str) -> str:
    """At the moment of the first one."""
    return f"{text.partition(' ')[0]} settings read: user=reports password={word}\n"


def _makers(recording: Recording) -> dict[Place, Place]:
    found = {}
    for kind in recording.kinds():
        for each in recording.objects(kind):
            for owner in _maps(each["metadata"].get("ownerReferences")):
                if owner.get("controller") is True:
                    own = _place(kind, each)
                    found[own] = (own[0], str(owner.get("kind")), str(owner.get("name")))
    return found


def _place(kind: Kind, found: Json) -> Place:
    metadata = found["metadata"]
    return str(metadata.get("namespace") or ""), kind.kind, str(metadata["name"])


def _is_pods(kind: Kind) -> bool:
    return (kind.group, kind.plural) == ("", "pods")


def _pod_spec(kind: Kind, found: Json) -> Json:
    """A Pod's, or that of which Pods are made; empty where there is none."""
    spec = _map(found.get("spec"))
    if _is_pods(kind):
        return spec
    job = _map(_map(spec.get("jobTemplate")).get("spec"))
    return _map(_map((job or spec).get("template")).get("spec"))


def _containers(spec: Json) -> list[Json]:
    keys = ("initContainers", "containers", "ephemeralContainers")
    return [each for key in keys for each in _maps(spec.get(key))]


def _map(found: Any) -> Json:
    """Files from elsewhere may have anything here."""
    return found if isinstance(found, dict) else {}


def _maps(found: Any) -> list[Json]:
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
