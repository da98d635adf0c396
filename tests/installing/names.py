"""The cluster's name server for one test: it knows the Services there are, and nothing else."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.apiserver.client import Client
from tests.installing.reach import socket_within
from tests.node.node import Node

_ADDRESS = "10.96.0.10"
"""Where the kubelet tells every pod to ask."""
_OF_SERVICES = ".svc.cluster.local"
_ONE_ADDRESS, _NO_SUCH_NAME = 1, 3
_SERVICES = "/api/v1/namespaces/kube-system/services"
_SLICES = "/apis/discovery.k8s.io/v1/namespaces/kube-system/endpointslices"


class _Resolver(asyncio.DatagramProtocol):
    def __init__(self, client: Client) -> None:
        self._client = client

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._transport.sendto(self._answer(data), addr)

    def _answer(self, asked: bytes) -> bytes:
        """RFC 1035, section 4: the question again, and at most one address."""
        labels, end = _name(asked)
        address = self._address(".".join(labels))
        [kind] = struct.unpack_from("!H", asked, end)
        found = [address] if address and kind == _ONE_ADDRESS else []
        flags = 0x8580 | (0 if address else _NO_SUCH_NAME)
        header = asked[:2] + struct.pack("!HHHHH", flags, 1, len(found), 0, 0)
        records = [
            struct.pack("!HHHIH", 0xC00C, kind, 1, 0, 4) + socket.inet_aton(each) for each in found
        ]
        return b"".join([header, asked[12 : end + 4], *records])

    def _address(self, name: str) -> str:
        if not name.endswith(_OF_SERVICES):
            return ""
        service, _, namespace = name.removesuffix(_OF_SERVICES).partition(".")
        path = f"/api/v1/namespaces/{namespace}/services/{service}"
        return str(self._client.get(path)["spec"]["clusterIP"]) if self._client.has(path) else ""


@asynccontextmanager
async def names_of_services(node: Node) -> AsyncIterator[None]:
    """Pods can resolve the names of Services meanwhile."""
    listening = socket_within(node.place, socket.SOCK_DGRAM)
    address, port = listening.getsockname()
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(
        lambda: _Resolver(node.client), sock=listening
    )
    node.client.post(_SERVICES, _service())
    node.client.post(_SLICES, _slice(address, port))
    try:
        yield
    finally:
        node.client.delete(f"{_SLICES}/kube-dns-kaia")
        node.client.delete(f"{_SERVICES}/kube-dns")
        transport.close()


def _name(asked: bytes) -> tuple[list[str], int]:
    """The labels of the name that is asked for, and where it ends."""
    labels, at = [], 12
    while length := asked[at]:
        labels.append(asked[at + 1 : at + 1 + length].decode().lower())
        at += 1 + length
    return labels, at + 1


def _service() -> dict[str, object]:
    ports = [{"name": "dns", "port": 53, "protocol": "UDP"}]
    return {"metadata": {"name": "kube-dns"}, "spec": {"clusterIP": _ADDRESS, "ports": ports}}


def _slice(address: str, port: int) -> dict[str, object]:
    return {
        "metadata": {
            "name": "kube-dns-kaia",
            "labels": {"kubernetes.io/service-name": "kube-dns"},
        },
        "addressType": "IPv4",
        "ports": [{"name": "dns", "port": port, "protocol": "UDP"}],
        "endpoints": [{"addresses": [address], "conditions": {"ready": True}}],
    }
