"""Bytes beside the Web API: a file's, fetched with the token; a word to a press's own address.

The token goes to Slack's own hosts alone, whatever address an answer names.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import aiohttp

from bot.slack.sending.outbound import CallRefused, CallUnclear, Outbound
from bot.slack.wording.text import safe_mrkdwn

_DOWNLOAD = "the download of a file"
_REPLY = "the answer to a press"
_MOST_REDIRECTS = 3


@dataclass(frozen=True, slots=True)
class Fetched:
    content: bytes
    is_cut: bool
    mimetype: str


def is_slacks(address: str, api_url: str) -> bool:
    """Whether an address belongs to the server that the token is for: to its host or, over https,
    to a host below it, as files.slack.com is below slack.com.
    """
    try:
        asked, api = urlsplit(address), urlsplit(api_url)
        host, home = (asked.hostname or "").lower(), (api.hostname or "").lower()
        is_plain = asked.port is None and asked.username is None
    except ValueError:
        return False
    home = "slack.com" if home.endswith(".slack.com") else home
    if not host or asked.username is not None or asked.scheme not in {"https", api.scheme}:
        return False
    if home == "slack.com":
        return is_plain and (host == home or host.endswith(f".{home}"))
    return host == home or (is_plain and asked.scheme == "https" and host.endswith(f".{home}"))


class Transfers:
    def __init__(self, outbound: Outbound, *, timeout_seconds: float = 30) -> None:
        self._client = outbound.client
        self._timeout_seconds = timeout_seconds

    async def fetch(self, address: str, most: int) -> Fetched:
        """The first `most` bytes. Raises CallRefused, CallUnclear."""
        try:
            async with asyncio.timeout(self._timeout_seconds):
                return await self._fetched(address, most)
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
            raise CallUnclear(_DOWNLOAD, type(error).__name__) from error

    async def _fetched(self, address: str, most: int) -> Fetched:
        for _ in range(_MOST_REDIRECTS + 1):
            if not is_slacks(address, self._client.base_url):
                raise CallRefused(_DOWNLOAD, "not_of_slack")
            headers = {"Authorization": f"Bearer {self._client.token}"}
            async with self._session().get(
                address, headers=headers, proxy=self._client.proxy, allow_redirects=False
            ) as answer:
                if 300 <= answer.status < 400 and answer.headers.get("location"):
                    address = urljoin(address, answer.headers["location"])
                    continue
                if answer.status != 200:
                    raise CallRefused(_DOWNLOAD, f"HTTP {answer.status}")
                return await _read(answer, most)
        raise CallRefused(_DOWNLOAD, "too_many_redirects")

    async def reply(self, address: str, text: str) -> None:
        """To whoever pressed, where Kaia may not post. Raises CallRefused, CallUnclear."""
        if not is_slacks(address, self._client.base_url):
            raise CallRefused(_REPLY, "not_of_slack")
        said: Mapping[str, object] = {
            "response_type": "ephemeral",
            "replace_original": False,
            "text": safe_mrkdwn(text),
        }
        try:
            async with (
                asyncio.timeout(self._timeout_seconds),
                self._session().post(
                    address, json=said, proxy=self._client.proxy, allow_redirects=False
                ) as answer,
            ):
                if answer.status != 200:
                    raise CallRefused(_REPLY, f"HTTP {answer.status}")
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
            raise CallUnclear(_REPLY, type(error).__name__) from error

    def _session(self) -> aiohttp.ClientSession:
        if self._client.session is None:
            raise CallUnclear(_DOWNLOAD, "no session")
        return self._client.session


async def _read(answer: aiohttp.ClientResponse, most: int) -> Fetched:
    content = bytearray()
    async for part in answer.content.iter_chunked(64 * 1024):
        content += part
        if len(content) > most:
            break
    return Fetched(bytes(content[:most]), len(content) > most, answer.content_type)
