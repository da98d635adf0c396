"""The spec of a question about rights, posted as JSON or as protobuf, as kubectl may do."""

from collections.abc import Iterator
from typing import Any

import orjson

from bot.recordings.replay.statuses import Refused, bad_request

Json = dict[str, Any]

_PROTOBUF = "application/vnd.kubernetes.protobuf"
_MAGIC = b"k8s\x00"
_RAW, _SPEC = 2, 2
"""Field numbers of `runtime.Unknown` and of every review."""
_RESOURCE = {
    1: "namespace",
    2: "verb",
    3: "group",
    4: "version",
    5: "resource",
    6: "subresource",
    7: "name",
}
_PATH = {1: "path", 2: "verb"}


def spec_of(kind: str, raw: bytes, content_type: str) -> Json:
    """Raises Refused."""
    match content_type:
        case "application/json" | "application/octet-stream" | "":
            return _from_json(raw)
        case content if content == _PROTOBUF:
            return _from_protobuf(kind, raw)
        case _:
            said = f"the body of the request was in an unknown format: {content_type}"
            raise Refused(415, "UnsupportedMediaType", said, {})


def _from_json(raw: bytes) -> Json:
    try:
        found = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise bad_request("the body of the request is no JSON") from error
    spec = found.get("spec") if isinstance(found, dict) else None
    return spec if isinstance(spec, dict) else {}


def _from_protobuf(kind: str, raw: bytes) -> Json:
    if not raw.startswith(_MAGIC):
        raise bad_request("the body of the request is no protobuf of Kubernetes")
    try:
        review = dict(_fields(raw[len(_MAGIC) :])).get(_RAW, b"")
        spec = dict(_fields(dict(_fields(review)).get(_SPEC, b"")))
        if kind == "SelfSubjectRulesReview":
            return _texts(spec, {1: "namespace"})
        if 1 in spec:
            return {"resourceAttributes": _texts(dict(_fields(spec[1])), _RESOURCE)}
        return {"nonResourceAttributes": _texts(dict(_fields(spec.get(2, b""))), _PATH)}
    except (IndexError, UnicodeDecodeError) as error:
        raise bad_request("the body of the request is broken protobuf") from error


def _texts(found: dict[int, bytes], names: dict[int, str]) -> Json:
    return {name: found[number].decode() for number, name in names.items() if number in found}


def _fields(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """Fields that hold bytes, by their number; numbers are passed over. Raises IndexError."""
    at = 0
    while at < len(raw):
        key, at = _varint(raw, at)
        match key & 7:
            case 0:
                _, at = _varint(raw, at)
            case 1:
                at += 8
            case 5:
                at += 4
            case 2:
                length, at = _varint(raw, at)
                if at + length > len(raw):
                    raise IndexError(at)
                yield key >> 3, raw[at : at + length]
                at += length
            case _:
                raise IndexError(at)


def _varint(raw: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = raw[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
