"""Field selectors: by which fields the API server selects, kind by kind, and where they stand."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.recordings.replay.statuses import bad_request

Json = Mapping[str, Any]
Matches = Callable[[Json], bool]
Read = Callable[[Json], str]
Readable = Mapping[str, Read]


def parse(selector: str, readable: Readable, known: Callable[[str], str]) -> Matches:
    """`known` says how the server refuses a field that it cannot select by, and nothing where it
    does not. Raises Refused.
    """
    terms = [_term(each, selector) for each in selector.split(",") if each.strip()]
    for field, _, _ in terms:
        if field not in readable and (said := known(field)):
            raise bad_request(said)
    return lambda found: all(
        (readable.get(field, _nothing)(found) == value) is is_equal
        for field, value, is_equal in terms
    )


def _term(text: str, selector: str) -> tuple[str, str, bool]:
    for sign, is_equal in (("!=", False), ("==", True), ("=", True)):
        field, found, value = text.partition(sign)
        if found:
            return field, value.replace("\\,", ",").replace("\\=", "="), is_equal
    raise bad_request(f"invalid selector: '{selector}'; can't understand '{text}'")


def readable_fields(group: str, plural: str, *, is_namespaced: bool, is_custom: bool) -> Readable:
    own = _OWN.get((group, plural), {})
    both = {"metadata.name": _at("metadata.name")}
    # Built-in kinds without fields of their own take the namespace even where they have none.
    if is_namespaced or not (own or is_custom):
        both["metadata.namespace"] = _at("metadata.namespace")
    return {**both, **own}


def refusal(group: str, plural: str, *, is_custom: bool) -> Callable[[str], str]:
    """The server's words for a field that cannot be selected by."""
    if group in _OTHERS_ARE_EMPTY:
        return lambda _: ""
    if is_custom or (group, plural) in _OWN:
        return lambda field: f"field label not supported: {field}"
    only = 'only "metadata.name", "metadata.namespace"'
    return lambda field: f'"{field}" is not a known field selector: {only}'


def custom_fields(definition: Json, version: str) -> Readable:
    """Those that a CustomResourceDefinition names for this version: `.spec.color`."""
    versions = (definition.get("spec") or {}).get("versions") or []
    paths = [
        str(field.get("jsonPath") or "").lstrip(".")
        for each in versions
        if each.get("name") == version
        for field in each.get("selectableFields") or []
    ]
    return {path: _at(path) for path in paths}


def _nothing(_: Json) -> str:
    return ""


def _at(path: str, default: str = "") -> Read:
    keys = path.split(".")

    def read(found: Json) -> str:
        value: Any = found
        for key in keys:
            value = value.get(key) if isinstance(value, Mapping) else None
        return default if value is None or value == "" else _written(value)

    return read


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _first(*paths: str) -> Read:
    reads = [_at(path) for path in paths]
    return lambda found: next((text for read in reads if (text := read(found))), "")


def _plain(*paths: str, **defaults: str) -> dict[str, Read]:
    return {path: _at(path, defaults.get(path.rpartition(".")[2], "")) for path in paths}


_OTHERS_ARE_EMPTY = frozenset({"metrics.k8s.io"})
"""Groups whose own server knows every field, and nothing of most."""
_ABOUT = ("kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath")
_PODS = _plain(
    "spec.nodeName",
    "spec.restartPolicy",
    "spec.schedulerName",
    "spec.serviceAccountName",
    "spec.hostNetwork",
    "status.phase",
    "status.podIP",
    "status.nominatedNodeName",
    hostNetwork="false",
)
_OWN: dict[tuple[str, str], dict[str, Read]] = {
    ("", "pods"): _PODS | {"status.podIPs": _at("status.podIP")},
    ("", "nodes"): _plain("spec.unschedulable", unschedulable="false"),
    ("", "namespaces"): {"name": _at("metadata.name"), **_plain("status.phase")},
    ("", "services"): _plain("spec.clusterIP", "spec.type"),
    ("", "secrets"): _plain("type"),
    ("", "replicationcontrollers"): _plain("status.replicas", replicas="0"),
    ("", "events"): {
        **_plain(*(f"involvedObject.{each}" for each in _ABOUT), "reason", "type"),
        "reportingComponent": _at("reportingComponent"),
        "source": _first("source.component", "reportingComponent"),
    },
    ("events.k8s.io", "events"): {
        **_plain(*(f"regarding.{each}" for each in _ABOUT), "reason", "type"),
        "reportingController": _at("reportingController"),
    },
    ("apps", "replicasets"): _plain("status.replicas", replicas="0"),
    ("batch", "jobs"): {"status.successful": _at("status.succeeded", "0")},
    ("certificates.k8s.io", "certificatesigningrequests"): _plain("spec.signerName"),
}
