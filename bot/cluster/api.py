"""The API server over `kubernetes.aio`: raw JSON and tables, read-only; it knows no kind."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal

import aiohttp
import orjson
from kubernetes.aio.client.api_client import ApiClient
from kubernetes.aio.client.configuration import Configuration
from kubernetes.aio.config import ConfigException
from kubernetes.aio.config.incluster_config import InClusterConfigLoader
from kubernetes.aio.config.kube_config import load_kube_config

from bot.cluster.access import SERVICE_ACCOUNT, ClusterAccess
from bot.errors import ClusterError

Json = dict[str, Any]
Why = Literal["forbidden", "not found", "failed"]
Query = Mapping[str, str | int]

JSON = "application/json"
TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io"
METADATA = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io"
DISCOVERY = "application/json;v=v2;g=apidiscovery.k8s.io;as=APIGroupDiscoveryList"

_CONNECTIONS = 8
"""A TLS handshake costs more than most reads: more connections are no faster (measured)."""
_PAGE = 500
_SECONDS = 20.0
_MOST_BYTES = 64 * 2**20
UNREACHABLE = (aiohttp.ClientError, asyncio.TimeoutError, ssl.SSLError, OSError)


class NotReadable(Exception):
    """One read that failed; the others may be fine."""

    def __init__(self, why: Why, sentence: str) -> None:
        super().__init__(sentence)
        self.why: Why = why


class ClusterApi:
    """Reads of one cluster. Use as `async with opened_api(access) as api`."""

    def __init__(
        self,
        access: ClusterAccess,
        environ: Mapping[str, str],
        *,
        service_account: Path = SERVICE_ACCOUNT,
    ) -> None:
        self.access = access
        self._environ = environ
        self._service_account = service_account
        self._client: ApiClient | None = None
        self._spent: list[ApiClient] = []
        self._opening = asyncio.Lock()
        self._slots = asyncio.Semaphore(_CONNECTIONS)

    async def get(self, path: str, query: Query | None = None, *, accept: str = JSON) -> Json:
        """One object, table or page. Raises NotReadable, or ClusterError where nothing answers."""
        raw = await self._read(path, query or {}, accept)
        try:
            found = orjson.loads(raw)
        except orjson.JSONDecodeError as error:
            raise NotReadable("failed", "the answer was no JSON") from error
        return found if isinstance(found, dict) else {}

    async def review(self, path: str, asked: Json) -> Json:
        """A question about rights: posted, and nothing of it is kept. Raises as `get` does."""
        raw = await self._read(path, {}, JSON, asked)
        found = orjson.loads(raw)
        return found if isinstance(found, dict) else {}

    async def text(self, path: str, query: Query) -> str:
        """What is no JSON: a log. Raises as `get` does."""
        raw = await self._read(path, query, "*/*")
        return raw.decode("utf-8", "replace")

    async def pages(
        self, path: str, query: Query | None = None, *, accept: str = JSON
    ) -> AsyncIterator[Json]:
        """A list, page by page: memory holds one page and what its reader keeps of the others."""
        more: dict[str, str | int] = {"limit": _PAGE, **(query or {})}
        while True:
            page = await self.get(path, more, accept=accept)
            yield page
            token = str((page.get("metadata") or {}).get("continue") or "")
            if not token:
                return
            more = {**more, "continue": token}

    async def close(self) -> None:
        opened = filter(None, (*self._spent, self._client))
        self._spent, self._client = [], None
        for client in opened:
            await client.close()

    async def _read(self, path: str, query: Query, accept: str, asked: Json | None = None) -> bytes:
        async with self._slots:
            client = await self._opened()
            status, raw = await self._request(client, path, query, accept, asked)
            if status == 401:  # a plugin's token has run out
                client = await self._renewed(client)
                status, raw = await self._request(client, path, query, accept, asked)
        if status == 200 or (asked and status == 201):
            return raw
        raise refusal(status, raw)

    async def _request(
        self, client: ApiClient, path: str, query: Query, accept: str, asked: Json | None
    ) -> tuple[int, bytes]:
        # Unpacking costs more than loopback and a cluster's own network save.
        headers = {"Accept": accept, "Accept-Encoding": "identity"}
        method, url, headers, body, _ = await client.param_serialize(
            "POST" if asked else "GET",
            path,
            query_params=list(query.items()),
            header_params={**headers, "Content-Type": JSON} if asked else headers,
            body=asked,
            auth_settings=["BearerToken"],
        )
        try:
            answer = await client.call_api(method, url, headers, body, _request_timeout=_SECONDS)
            raw: bytes = await answer.read()
        except UNREACHABLE as error:
            raise ClusterError(self.say_silence(error)) from error
        if len(raw) > _MOST_BYTES:
            raise NotReadable("failed", "the answer was too large to be looked at")
        return int(answer.status), raw

    async def _opened(self) -> ApiClient:
        async with self._opening:
            if self._client is None:
                self._client = await self._open()
            return self._client

    async def _renewed(self, spent: ApiClient) -> ApiClient:
        """With fresh credentials. Other reads may still be under way on the spent one."""
        async with self._opening:
            if self._client is spent:
                self._spent.append(spent)
                self._client = None
        return await self._opened()

    async def _open(self) -> ApiClient:
        return await self.new_client()

    async def new_client(self, connections: int = _CONNECTIONS) -> ApiClient:
        """For its caller to close: with connections of its own, for what holds them long. Raises
        ClusterError.
        """
        access = self.access
        if access.kind == "none":
            raise ClusterError(access.reason)
        try:
            return ApiClient(await self._configuration(access, connections))
        except (ConfigException, OSError, ValueError) as error:
            # Its own words may quote the kubeconfig, which holds credentials.
            raise ClusterError(
                f"The credentials for {access.server or 'the cluster'} cannot be read"
                f" ({type(error).__name__}). Check with `kubectl version`."
            ) from error

    async def _configuration(self, access: ClusterAccess, connections: int) -> Configuration:
        found = Configuration()
        # What the environment says of proxies is meant for Slack and models, as with kubectl.
        found.client_session_kwargs = {"trust_env": False}
        found.connection_pool_maxsize = connections
        found.retries = 1
        if access.kind == "in-cluster":
            self._load_in_cluster(found)
        else:
            await load_kube_config(
                config_file=access.kubeconfig,
                context=access.context,
                client_configuration=found,
                persist_config=False,
            )
        return found

    def _load_in_cluster(self, found: Configuration) -> None:
        InClusterConfigLoader(
            token_filename=str(self._service_account / "token"),
            cert_filename=str(self._service_account / "ca.crt"),
            environ=self._environ,
        ).load_and_set(found)

    def say_silence(self, error: BaseException) -> str:
        where = self.access.server or "the cluster"
        return (
            f"The cluster at {where} did not answer ({type(error).__name__}). Nothing follows from"
            " this about what runs in it. Check that it runs and that it can be reached:"
            " `kubectl version`."
        )


@asynccontextmanager
async def opened_api(
    access: ClusterAccess, environ: Mapping[str, str]
) -> AsyncIterator[ClusterApi]:
    api = ClusterApi(access, environ)
    try:
        yield api
    finally:
        await api.close()


def refusal(status: int, raw: bytes) -> NotReadable | ClusterError:
    message = _message(raw)
    match status:
        case 401:
            return ClusterError(
                "The cluster does not accept Kaia's credentials (unauthorized). Log in again, or"
                " renew the kubeconfig or the ServiceAccount's token."
            )
        case 403:
            return NotReadable("forbidden", message)
        case 404:
            return NotReadable("not found", message)
        case _:
            return NotReadable("failed", f"HTTP {status}: {message}")


def _message(raw: bytes) -> str:
    try:
        found = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return raw[:200].decode("utf-8", "replace")
    return str(found.get("message") or "") if isinstance(found, dict) else ""
