"""Another host that can vanish: a network namespace behind a pair of interfaces. Needs root.

What listens on this machine's loopback is reached from there at `address`; nothing leaves the
machine. A host that vanishes says nothing to anybody: no reset, no end of a connection.
"""

import asyncio
import contextlib
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

from tests.doubles.forwarding import LOOPBACK, Forward


class NoOtherHost(Exception):
    """This machine allows none; the sentence says why."""


@dataclass(frozen=True, slots=True)
class OtherHost:
    name: str
    address: str
    """Of this machine, as seen from there."""
    network: str

    @property
    def prefix(self) -> tuple[str, ...]:
        """Before a command that is to run there; the process keeps its pid."""
        return ("ip", "netns", "exec", self.name)

    def seen_from_there(self, text: str) -> str:
        """With this machine's loopback address replaced."""
        return text.replace(LOOPBACK, self.address)

    def vanish(self) -> None:
        _ip(*self.prefix[1:], "ip", "link", "set", f"{self.name}-b", "down")

    def come_back(self) -> None:
        _ip(*self.prefix[1:], "ip", "link", "set", f"{self.name}-b", "up")

    @asynccontextmanager
    async def reaching(self, *ports: int) -> AsyncIterator[None]:
        """Servers that listen on these ports of loopback can be reached from there."""
        async with contextlib.AsyncExitStack() as stack:
            for port in ports:
                server = await asyncio.start_server(Forward(port), self.address, port)
                stack.callback(server.close)
            yield


@contextmanager
def other_host() -> Iterator[OtherHost]:
    """Raises NoOtherHost."""
    if os.getuid() != 0 or shutil.which("ip") is None:
        raise NoOtherHost("A host that vanishes needs root and the program ip (iproute2).")
    number = os.getpid() % 250
    host = OtherHost(f"kaia{number}", f"10.231.{number}.1", f"10.231.{number}.0/24")
    try:
        _make(host, f"10.231.{number}.2")
    except subprocess.CalledProcessError as error:
        _remove(host)
        why = error.stderr.decode(errors="replace").strip()
        raise NoOtherHost(f"No network namespace can be made here: {why}") from error
    try:
        yield host
    finally:
        _remove(host)


def _make(host: OtherHost, there: str) -> None:
    here, inside = f"{host.name}-a", f"{host.name}-b"
    _ip("netns", "add", host.name)
    _ip("link", "add", here, "type", "veth", "peer", "name", inside, "netns", host.name)
    _ip("addr", "add", f"{host.address}/24", "dev", here)
    _ip("link", "set", here, "up")
    _ip(*host.prefix[1:], "ip", "link", "set", "lo", "up")
    _ip(*host.prefix[1:], "ip", "addr", "add", f"{there}/24", "dev", inside)
    _ip(*host.prefix[1:], "ip", "link", "set", inside, "up")


def _remove(host: OtherHost) -> None:
    for command in (("link", "del", f"{host.name}-a"), ("netns", "del", host.name)):
        with contextlib.suppress(subprocess.CalledProcessError):
            _ip(*command)


def _ip(*arguments: str) -> None:
    subprocess.run(("ip", *arguments), check=True, capture_output=True)
