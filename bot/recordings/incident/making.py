"""A scenario's folder: a recording put together, with the files that make a scenario of it.

It reads the cluster now for what was not kept, and is refused where that does not answer and no
other recording of the same server lies beside the folder.
"""

import asyncio
import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

from bot.cluster.api import ClusterApi, NotReadable
from bot.cluster.reading import CLUSTER_WIDE
from bot.errors import ClusterError
from bot.recordings.catalogue import kinds_in, why_not
from bot.recordings.concealing import Concealer
from bot.recordings.files import Json
from bot.recordings.format import NotRead
from bot.recordings.incident import offline
from bot.recordings.incident.assembling import Origin, Sources
from bot.recordings.incident.kept import Kept, place_of
from bot.recordings.incident.logs import logs_of
from bot.recordings.incident.outputs import namespaces_in, objects_in, words_in
from bot.recordings.incident.parts import of_logs, of_objects
from bot.recordings.incident.receipts import FILE, Part, PastReceipt, written_receipts
from bot.recordings.layout import Kind
from bot.recordings.listing import Listing
from bot.recordings.reading import Read, read_cluster
from bot.recordings.recorder import Recorded, write_recording
from bot.recordings.server_side import written
from bot.recordings.writing import check_target
from bot.redaction import Redactor

_DEFINITIONS = "customresourcedefinitions"


@dataclass(frozen=True, slots=True)
class Incident:
    """All that a conversation gives of itself; without secrets."""

    kept: Kept | None
    receipts: tuple[PastReceipt, ...]
    namespace: str
    """Meant where nothing else says one."""
    note: str
    files: Mapping[str, str] = field(default_factory=dict)
    """Name -> text of what else belongs into the folder."""


@dataclass(frozen=True, slots=True)
class Made:
    recorded: Recorded
    parts: tuple[Part, ...]
    at: datetime.datetime
    """As of when it is."""
    counts: Mapping[Origin, int]
    is_read_now: bool
    """False where the cluster did not answer."""


async def make(api: ClusterApi, incident: Incident, target: Path, redactor: Redactor) -> Made:
    """Into a new folder, whose path is absolute. Raises RecordingError and ClusterError, and then
    leaves nothing. `redactor` is the conversation's own.
    """
    check_target(target)
    wanted = _concerned(api, incident)
    server = ""
    try:
        now = await _read_now(api, incident, wanted, redactor)
    except ClusterError as error:
        at = incident.kept.at if incident.kept else offline.when_read(incident.receipts)
        if at is None:
            raise offline.nothing_there(error) from error
        now, server = await asyncio.to_thread(offline.read_beside, target, error, at)
    return await asyncio.to_thread(_written, now, incident, target, redactor, server)


def _concerned(api: ClusterApi, incident: Incident) -> tuple[str, ...]:
    """Namespaces; where Kaia is kept to some, none beyond."""
    answering = [each for each in incident.receipts if each.answers]
    found = namespaces_in(answering)
    found |= frozenset(incident.kept.namespaces if incident.kept else ())
    bounds = api.access.namespaces
    kept_to = found & frozenset(bounds) if bounds else found
    return tuple(sorted(kept_to)) or (incident.namespace,)


def _recorded(now: Read, incident: Incident) -> tuple[str, ...]:
    """Those that are there, and those that were: people also ask for what never was."""
    then = incident.kept.namespaces if incident.kept else ()
    return tuple(sorted({*now.namespaces, *then}))


async def _read_now(
    api: ClusterApi, incident: Incident, wanted: Sequence[str], redactor: Redactor
) -> Read:
    words = words_in(incident.receipts)
    there = [each for each in wanted if await _exists(api, each)]

    def is_wanted(kind: Kind) -> bool:
        if kind.is_namespaced:
            return bool(there)
        named = {kind.plural, kind.kind.lower()} & words
        usual = kind.plural in (*CLUSTER_WIDE, _DEFINITIONS) or (kind.plural == "namespaces")
        return (usual or bool(named)) and (bool(there) or kind.plural != "namespaces")

    return await read_cluster(api, there, redactor, wants=is_wanted)


async def _exists(api: ClusterApi, namespace: str) -> bool:
    """One that may not be read by its name may be there."""
    try:
        await api.get(f"/api/v1/namespaces/{namespace}")
    except NotReadable as error:
        return error.why != "not found"
    return True


def _written(
    now: Read,
    incident: Incident,
    target: Path,
    redactor: Redactor,
    server: str,
) -> Made:
    sources = _sources(now, incident)
    read = _put_together(now, incident, sources, _recorded(now, incident))
    told = (*of_objects(sources, now.at), *of_logs(now, read, incident.kept))
    files = {PurePosixPath(name): text for name, text in incident.files.items()}
    files[PurePosixPath(FILE)] = written(written_receipts(incident.receipts, told))
    # The marks of what was kept are of the conversation's key; so equal secrets stay equal.
    concealer = Concealer(redactor)
    note = incident.note
    recorded = write_recording(read, target, concealer, note, extras=files, server=server)
    counts = dict.fromkeys(Origin, 0)
    for (_, _, origin), names in sources.origins.items():
        counts[origin] += len(names)
    return Made(recorded, told, read.at, counts, is_read_now=not server)


def _sources(now: Read, incident: Incident) -> Sources:
    known = _known(now)
    kept = incident.kept
    answering = [each for each in incident.receipts if each.answers]
    return Sources(
        kept.at if kept else now.at,
        kept,
        _by_kind(kept.objects if kept else (), known),
        _by_kind(objects_in(answering), known),
        {listing.kind: listing for listing in now.listings},
    )


def _known(now: Read) -> dict[tuple[str, str], Kind]:
    served = (kind for found in now.discovery.values() for kind in kinds_in(found))
    return {(kind.api_version, kind.kind): kind for kind in served if not why_not(kind)}


def _by_kind(
    objects: Sequence[Json] | Iterator[Json], known: Mapping[tuple[str, str], Kind]
) -> dict[Kind, dict[str, Json]]:
    """What the server does not serve, or never gives away, is left out."""
    found: dict[Kind, dict[str, Json]] = {}
    for each in objects:
        kind = known.get((str(each.get("apiVersion")), str(each.get("kind"))))
        if kind is not None:
            found.setdefault(kind, {}).setdefault(place_of(each), each)
    return found


def _put_together(now: Read, incident: Incident, sources: Sources, wanted: Sequence[str]) -> Read:
    kinds = {*sources.then, *sources.past, *sources.now, *_listed_then(now, incident.kept)}
    listings = [sources.listing(kind) for kind in sorted(kinds)]
    _add_namespaces(listings, sources, wanted)
    _prune_definitions(listings)
    gaps = [each for each in now.gaps if not _is_filled(each, sources)]
    read = replace(
        now,
        at=sources.at,
        namespaces=tuple(wanted),
        listings=listings,
        gaps=gaps,
        access={each: _access(now, each) for each in wanted},
    )
    read.logs = logs_of(now, incident, listings, sources.at)
    return read


def _listed_then(now: Read, kept: Kept | None) -> Iterator[Kind]:
    """That there was nothing of a kind is known too."""
    plurals = kept.listed if kept else {}
    for kind in _known(now).values():
        if kind.plural in plurals and ("." not in kind.group or kind.group.endswith(".k8s.io")):
            yield kind


def _is_filled(gap: NotRead, sources: Sources) -> bool:
    """What may not be read now was read then."""
    named = gap.what.partition(" in ")[0]
    return any(kind.name == named for kind in sources.then)


def _access(now: Read, namespace: str) -> Any:
    """Where nobody can be asked any more: what reads everything."""
    everything = {"verbs": ["get", "list", "watch"], "apiGroups": ["*"], "resources": ["*"]}
    otherwise = {"resourceRules": [everything], "nonResourceRules": [], "incomplete": False}
    return now.access.get(namespace) or next(iter(now.access.values()), otherwise)


def _add_namespaces(listings: list[Listing], sources: Sources, wanted: Sequence[str]) -> None:
    """One that is gone was there."""
    kind = Kind("", "v1", "namespaces", "Namespace", is_namespaced=False)
    listing = next((each for each in listings if each.kind == kind), None)
    if listing is None:
        listing = Listing(kind)
        listings.append(listing)
    there = {each["metadata"]["name"] for each in listing.objects[""]}
    for name in (each for each in wanted if each not in there):
        begun = sources.at.strftime("%Y-%m-%dT%H:%M:%SZ")
        metadata = {"name": name, "creationTimestamp": begun}
        gone: Json = {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}
        listing.objects[""].append({**gone, "status": {"phase": "Active"}})


def _prune_definitions(listings: list[Listing]) -> None:
    """Only of what there is one of: they are the largest objects of a cluster."""
    held = {f"{each.kind.plural}.{each.kind.group}" for each in listings if each.count}
    for listing in listings:
        if listing.kind.plural == _DEFINITIONS:
            every = listing.objects[""]
            listing.objects[""] = [each for each in every if each["metadata"]["name"] in held]
            listing.rows[""] = [row for row in listing.rows[""] if row[0] in held]
