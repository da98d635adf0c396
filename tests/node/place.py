"""Where one node lives: its folder, its name, its addresses. Two nodes never share any of it."""

import hashlib
import ipaddress
from dataclasses import dataclass
from pathlib import Path

NODE = "kaia-node"
# For tests of network devices, so nobody's own network uses it (RFC 2544).
_OUTSIDE = ipaddress.ip_network("198.18.0.0/15")


@dataclass(frozen=True, slots=True)
class Place:
    home: Path

    @property
    def name(self) -> str:
        """Of its network namespace, its cgroups and its network interface (at most 15 letters)."""
        return f"kaia-{self._digest.hex()[:8]}"

    @property
    def gateway(self) -> str:
        """This machine's end of the line to the node."""
        return str(_OUTSIDE[self._line * 4 + 1])

    @property
    def address(self) -> str:
        """The node's end: API server and kubelet answer here."""
        return str(_OUTSIDE[self._line * 4 + 2])

    @property
    def network(self) -> Path:
        return Path("/run/netns", self.name)

    @property
    def socket(self) -> Path:
        return self.home / "containerd" / "containerd.sock"

    @property
    def _digest(self) -> bytes:
        return hashlib.sha256(str(self.home).encode()).digest()

    @property
    def _line(self) -> int:
        return int.from_bytes(self._digest[:4], "big") % (_OUTSIDE.num_addresses // 4)
