"""Everything of a cluster that a recording holds, read within bounds; it writes nothing.

What cannot be read is a gap with its reason. Only a cluster that does not answer at all ends it.
"""

import asyncio
import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.cluster.api import ClusterApi, NotReadable
from bot.cluster.gathering import gathered
from bot.errors import ClusterError
from bot.recordings.catalogue import kinds_in, stale_in, why_not
from bot.recordings.container_logs import MOST_LOGS, Source, read_log, sources_in
from bot.recordings.files import Json
from bot.recordings.format import NotRead
from bot.recordings.layout import Kind
from bot.recordings.listing import Listing, list_kind
from bot.recordings.server_side import read_discovery, read_openapi
from bot.redaction import Redactor

MOST_NAMESPACES = 200
MOST_OBJECTS = 50_000
_AT_ONCE = 6
_REASON_CHARS = 400
_REVIEW = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews"


@dataclass(slots=True)
class Read:
    """As the server gave it, secrets and all: none of it is kept like this."""

    at: datetime.datetime
    version: Json
    discovery: dict[str, Json]
    openapi: dict[str, Json] = field(default_factory=dict)
    namespaces: tuple[str, ...] = ()
    listings: list[Listing] = field(default_factory=list)
    logs: dict[Source, str] = field(default_factory=dict)
    access: dict[str, Json] = field(default_factory=dict)
    withheld: list[NotRead] = field(default_factory=list)
    """What is never asked for."""
    gaps: list[NotRead] = field(default_factory=list)

    @property
    def kinds(self) -> list[Kind]:
        return [listing.kind for listing in self.listings]

    def miss(self, what: str, why: str) -> None:
        self.gaps.append(NotRead(what, why[:_REASON_CHARS]))


async def read_cluster(
    api: ClusterApi,
    namespaces: Sequence[str],
    redactor: Redactor,
    *,
    wants: Callable[[Kind], bool] = lambda _kind: True,
) -> Read:
    """`namespaces` empty for all, `wants` for some kinds only. Raises ClusterError and
    RecordingError.
    """
    for name in namespaces:
        await _check_namespace(api, name)
    version = await _version(api)
    read = Read(datetime.datetime.now(datetime.UTC), version, await read_discovery(api))
    served = [kind for found in read.discovery.values() for kind in kinds_in(found)]
    for found in read.discovery.values():
        for group in stale_in(found):
            read.miss(group, "its own API server did not answer")
    read.withheld += (NotRead(kind.name, why) for kind in served if (why := why_not(kind)))
    kinds = [kind for kind in served if not why_not(kind) and wants(kind)]
    await _list_all(api, read, kinds, namespaces)
    read.namespaces = _found_namespaces(read, namespaces)
    await _read_logs(api, read)
    await _read_access(api, read)
    try:
        read.openapi = await read_openapi(api, served, redactor)
    except NotReadable as error:
        read.miss("OpenAPI, for `kubectl explain`", error.why)
    return read


async def _list_all(
    api: ClusterApi, read: Read, kinds: Sequence[Kind], namespaces: Sequence[str]
) -> None:
    slots, total = asyncio.Semaphore(_AT_ONCE), 0

    async def listed(kind: Kind) -> Listing | None:
        nonlocal total
        async with slots:
            if total >= MOST_OBJECTS:
                return None
            listing = await list_kind(api, kind, namespaces or ("",))
            total += listing.count
            return listing

    for kind, listing in zip(kinds, await gathered(*map(listed, kinds)), strict=True):
        if listing is None:
            read.miss(kind.name, f"left out: {MOST_OBJECTS:,} objects were recorded before it")
            continue
        for place, why in listing.gaps:
            read.miss(f"{kind.name} in {place}" if place else kind.name, why)
        for name, why in listing.left_out:
            read.miss(f"{kind.name} {name}", why)
        if listing.count or len(listing.gaps) < len(namespaces or ("",)):
            read.listings.append(_kept_to(listing, namespaces))


def _kept_to(listing: Listing, namespaces: Sequence[str]) -> Listing:
    """Of the namespaces themselves only those that were asked for."""
    if listing.kind.name == "namespaces" and namespaces:
        every = listing.objects[""]
        listing.objects[""] = [each for each in every if each["metadata"]["name"] in namespaces]
        listing.rows[""] = [row for row in listing.rows[""] if row[0] in namespaces]
    return listing


def _found_namespaces(read: Read, namespaces: Sequence[str]) -> tuple[str, ...]:
    held = {name for listing in read.listings for name in listing.objects if name}
    held |= {
        str(each["metadata"]["name"])
        for listing in read.listings
        if listing.kind.name == "namespaces"
        for each in listing.objects[""]
    }
    return tuple(sorted({*namespaces} or held))


async def _read_logs(api: ClusterApi, read: Read) -> None:
    pods = [listing.objects for listing in read.listings if listing.kind.name == "pods"]
    sources = sources_in(pod for by_place in pods for held in by_place.values() for pod in held)
    for source in sources[MOST_LOGS:]:
        read.miss(source.name, f"left out: {MOST_LOGS:,} logs were recorded before it")
    slots = asyncio.Semaphore(_AT_ONCE)

    async def one(source: Source) -> None:
        async with slots:
            try:
                text = await read_log(api, source)
            except NotReadable as error:
                read.miss(source.name, str(error) or error.why)
            else:
                if text is not None:
                    read.logs[source] = text

    await gathered(*(one(source) for source in sources[:MOST_LOGS]))


async def _read_access(api: ClusterApi, read: Read) -> None:
    for namespace in read.namespaces[MOST_NAMESPACES:]:
        read.miss(f"rights in {namespace}", f"left out after {MOST_NAMESPACES} namespaces")

    async def one(namespace: str) -> None:
        asked: dict[str, Any] = {
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SelfSubjectRulesReview",
            "spec": {"namespace": namespace},
        }
        try:
            read.access[namespace] = (await api.review(_REVIEW, asked)).get("status") or {}
        except NotReadable as error:
            read.miss(f"rights in {namespace}", str(error) or error.why)

    await gathered(*map(one, read.namespaces[:MOST_NAMESPACES]))


async def _version(api: ClusterApi) -> Json:
    try:
        return await api.get("/version")
    except NotReadable as error:
        raise ClusterError(
            f"The cluster does not say which version it is ({error}). Check with `kubectl version`."
        ) from error


async def _check_namespace(api: ClusterApi, name: str) -> None:
    """An empty list and a namespace that is not there look alike to the API."""
    try:
        await api.get(f"/api/v1/namespaces/{name}")
    except NotReadable as error:
        if error.why == "not found":
            raise ClusterError(
                f"There is no namespace {name}. `kubectl get namespaces` lists them."
            ) from error
