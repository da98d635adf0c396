"""Objects and logs that outputs of past commands still show, though they are gone; pure.

Commands are in the one form in which Kaia runs them: long flags, each with its value after `=`.
"""

import re
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import yaml

from bot.cluster.objects import Object, containers_of, part
from bot.recordings.container_logs import Source
from bot.recordings.files import Json
from bot.recordings.incident.receipts import PastReceipt

_STAMPED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)(?: |\Z)")
_SAID_BY_KUBECTL = re.compile(r'Defaulted container "[^"]*" out of: ')
_DEFAULT_CONTAINER = "kubectl.kubernetes.io/default-container"
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_OF_MANY = ("selector", "prefix", "all-containers", "all-pods")

PodOf = Callable[[str, str], Object | None]
"""Namespace and name -> the pod."""


def words_in(receipts: Sequence[PastReceipt]) -> frozenset[str]:
    """All that was named in the commands: types, names, namespaces."""
    parts = (re.split(r"[\s/,=]+", each.command.lower()) for each in receipts)
    return frozenset(word for words in parts for word in words)


def namespaces_in(receipts: Sequence[PastReceipt]) -> frozenset[str]:
    found = (_flags(_words(each)).get("namespace", "") for each in receipts)
    return frozenset(found) - {""}


def objects_in(receipts: Sequence[PastReceipt]) -> Iterator[Json]:
    """The first that was shown of each comes first."""
    for each in receipts:
        words = _words(each)
        if words[1:2] == ["get"] and each.exit_code == 0:
            yield from _objects(_flags(words).get("output", ""), each.output)


def logs_in(receipts: Sequence[PastReceipt], pod_of: PodOf) -> dict[Source, str]:
    """Lines after their times; where they were read without, they end when the command ran."""
    found: dict[Source, str] = {}
    for each in receipts:
        words = _words(each)
        if words[1:2] != ["logs"] or each.exit_code != 0:
            continue
        source = _source(words[2:], pod_of)
        if source is not None and source not in found:
            lines = [li for li in each.output.splitlines() if not _SAID_BY_KUBECTL.match(li)]
            found[source] = stamped(lines, datetime.fromtimestamp(each.started, UTC))
    return {source: text for source, text in found.items() if text}


def stamped(lines: Sequence[str], last: datetime) -> str:
    """A millisecond apart: a log is in order, and more than that nobody knows."""
    if lines and all(_STAMPED.match(line) for line in lines):
        return "".join(f"{line}\n" for line in lines)
    first = last - timedelta(milliseconds=len(lines))
    times = (first + timedelta(milliseconds=count) for count in range(len(lines)))
    return "".join(
        f"{at.strftime('%Y-%m-%dT%H:%M:%S')}.{at.microsecond // 1000:03}000000Z {line}\n"
        for at, line in zip(times, lines, strict=True)
    )


def _objects(form: str, output: str) -> Iterator[Json]:
    if form not in ("yaml", "json"):
        return
    try:
        # A cut output, or one in which a mark took the place of more than a value, is none.
        found = orjson.loads(output) if form == "json" else yaml.load(output, Loader=_LOADER)  # noqa: S506 - a safe loader
        plain = orjson.loads(orjson.dumps(found, option=orjson.OPT_UTC_Z))
    except (ValueError, TypeError, yaml.YAMLError, RecursionError):
        return
    for each in _listed(plain):
        metadata = each.get("metadata")
        is_named = isinstance(metadata, dict) and isinstance(metadata.get("name"), str)
        if is_named and isinstance(each.get("kind"), str) and each.get("apiVersion"):
            yield each


def _listed(found: Any) -> list[Json]:
    if not isinstance(found, dict):
        return []
    held = found.get("items")
    if isinstance(held, list) and str(found.get("kind")).endswith("List"):
        return [each for each in held if isinstance(each, dict)]
    return [found]


def _source(words: Sequence[str], pod_of: PodOf) -> Source | None:
    """None for what is of several containers, or of a pod that only the cluster could choose."""
    flags = _flags(words)
    names = [word for word in words if not word.startswith("-")]
    if any(each in flags for each in _OF_MANY) or not names:
        return None
    kind, _, name = names[0].rpartition("/")
    if kind not in ("", "po", "pod", "pods"):
        return None
    namespace = flags.get("namespace", "")
    container = flags.get("container") or (names[1] if len(names) > 1 else "")
    container = container or _default_container(pod_of(namespace, name) or {})
    is_previous = flags.get("previous", "false") == "true"
    return Source(namespace, name, container, is_previous) if container else None


def _default_container(pod: Object) -> str:
    chosen = part(pod, "metadata", "annotations").get(_DEFAULT_CONTAINER)
    held = [
        str(each.get("name")) for each, is_init in containers_of(part(pod, "spec")) if not is_init
    ]
    return str(chosen or (held[0] if held else ""))


def _words(receipt: PastReceipt) -> list[str]:
    try:
        return shlex.split(receipt.command)
    except ValueError:
        return []


def _flags(words: Sequence[str]) -> Mapping[str, str]:
    pairs = (word[2:].partition("=") for word in words if word.startswith("--"))
    return {name: value if equals else "true" for name, equals, value in pairs}
