"""Servers on this machine's loopback, reached by pods at the address of their node.

They go on listening on loopback only: what listens on the node stands in the node's own network,
where nothing but the node and its pods is.
"""

import asyncio
import ctypes
import os
import socket
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

from tests.doubles.forwarding import Forward
from tests.node.place import Place

_CLONE_NEWNET = 0x40000000


@asynccontextmanager
async def reached_by_pods(place: Place, port: int) -> AsyncIterator[str]:
    """The `host:port` under which a pod reaches what listens on this port of loopback."""
    listening = socket_within(place, socket.SOCK_STREAM)
    listening.listen()
    address, there = listening.getsockname()
    server = await asyncio.start_server(Forward(port), sock=listening)
    try:
        yield f"{address}:{there}"
    finally:
        server.close()


def socket_within(place: Place, kind: socket.SocketKind) -> socket.socket:
    """Bound to a free port at the node's address."""
    with ThreadPoolExecutor(1) as alone:
        return alone.submit(_bound, place, kind).result()


def _bound(place: Place, kind: socket.SocketKind) -> socket.socket:
    """In a thread that ends: it is the thread that enters the network, and it stays there."""
    with place.network.open("rb") as network:
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.setns(network.fileno(), _CLONE_NEWNET) != 0:
            problem = ctypes.get_errno()
            raise OSError(problem, os.strerror(problem), str(place.network))
    made = socket.socket(socket.AF_INET, kind)
    made.bind((place.address, 0))
    return made
