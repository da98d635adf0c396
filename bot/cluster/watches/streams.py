"""One list kept up to date: read once, then followed over the watch API. It judges nothing."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from typing import Any, TypeVar

import orjson
from kubernetes.aio.client.api_client import ApiClient

from bot.cluster.api import JSON, UNREACHABLE, ClusterApi, Json, NotReadable, Query, refusal
from bot.errors import ClusterError

_CONNECTIONS = 512
"""Each watch holds one for as long as it lasts."""
_WATCH_SECONDS = 120
"""The server ends a watch after this, and it is begun again where it stopped."""
_LONGEST_SECONDS = 135.0
"""A watch that outlives its end hangs on a connection that is dead."""
_MOST_BYTES = 4 * 2**20
"""Of one event."""


T = TypeVar("T")


class Expired(Exception):
    """The server no longer knows what happened since then: the list has to be read again."""


class Streams:
    """Watches of one cluster, on connections of their own."""

    def __init__(self, api: ClusterApi) -> None:
        self._api = api
        self._client: ApiClient | None = None
        self._opening = asyncio.Lock()

    async def read(self, path: str, query: Query, see: Callable[[Json], T]) -> tuple[list[T], str]:
        """All there is now, and since when to follow it. Raises as `ClusterApi.get`."""
        found: list[T] = []
        version = ""
        async for page in self._api.pages(path, query):
            found += [see(each) for each in page.get("items") or [] if isinstance(each, dict)]
            version = str((page.get("metadata") or {}).get("resourceVersion") or "")
        return found, version

    async def follow(self, path: str, query: Query, version: str) -> AsyncGenerator[Json, None]:
        """Events, until the connection ends. Raises Expired, NotReadable, ClusterError."""
        wanted = {**query, "watch": "true", "allowWatchBookmarks": "true"}
        wanted |= {"resourceVersion": version, "timeoutSeconds": _WATCH_SECONDS}
        try:
            async with self._opened(path, wanted) as answer, aclosing(_lines(answer)) as lines:
                async for line in lines:
                    yield _event(line)
        except UNREACHABLE as error:
            raise ClusterError(self._api.say_silence(error)) from error

    async def check(self, path: str, query: Query, version: str) -> None:
        """That it may be followed. Raises as `follow`."""
        wanted = {**query, "watch": "true", "resourceVersion": version, "timeoutSeconds": 1}
        try:
            async with self._opened(path, wanted):
                return
        except UNREACHABLE as error:
            raise ClusterError(self._api.say_silence(error)) from error

    async def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    @asynccontextmanager
    async def _opened(self, path: str, query: Query) -> AsyncIterator[Any]:
        client = await self._shared()
        method, url, headers, _, _ = await client.param_serialize(
            "GET",
            path,
            query_params=list(query.items()),
            header_params={"Accept": JSON, "Accept-Encoding": "identity"},
            auth_settings=["BearerToken"],
        )
        answer = await client.call_api(method, url, headers, _request_timeout=_LONGEST_SECONDS)
        raw = answer.response
        try:
            if raw.status != 200:
                await self._refuse(client, raw.status, await raw.content.read(_MOST_BYTES))
            yield raw
        finally:
            raw.close()

    async def _refuse(self, client: ApiClient, status: int, body: bytes) -> None:
        if status == 410:
            raise Expired
        if status == 401 and self._client is client:  # the next one reads its credentials anew
            self._client = None
            await client.close()
        raise refusal(status, body)

    async def _shared(self) -> ApiClient:
        async with self._opening:
            if self._client is None:
                self._client = await self._api.new_client(_CONNECTIONS)
            return self._client


async def _lines(answer: Any) -> AsyncGenerator[bytes, None]:
    """aiohttp's own lines end where its buffer does: an object may be longer."""
    begun = b""
    async for chunk in answer.content.iter_any():
        *whole, begun = (begun + chunk).split(b"\n")
        for line in whole:
            yield line
        if len(begun) > _MOST_BYTES:
            raise NotReadable("failed", "an event was too large to be looked at")


def _event(line: bytes) -> Json:
    try:
        event = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise NotReadable("failed", "an event was no JSON") from error
    found = event if isinstance(event, dict) else {}
    if found.get("type") == "ERROR":
        status = found.get("object") or {}
        if status.get("code") == 410:
            raise Expired
        raise NotReadable("failed", f"the watch ended with {status.get('reason') or 'an error'}")
    return found
