"""A network namespace for the node, with a line to it: what it forwards and filters stays there."""

import subprocess

from tests.apiserver.flags import SERVICES
from tests.node.packages import Tools
from tests.node.place import Place


def make(place: Place, tools: Tools) -> None:
    _run(tools["ip"], "netns", "add", place.name)
    line = ("link", "add", place.name, "type", "veth", "peer", "name", "eth0", "netns", place.name)
    _run(tools["ip"], *line)
    _run(tools["ip"], "address", "add", f"{place.gateway}/30", "dev", place.name)
    _run(tools["ip"], "link", "set", place.name, "up")
    inside = (tools["ip"], "-netns", place.name)
    _run(*inside, "address", "add", f"{place.address}/30", "dev", "eth0")
    for interface in ("lo", "eth0"):
        _run(*inside, "link", "set", interface, "up")
    # To the Services and no further: what is asked of any other place is refused at once.
    _run(*inside, "route", "add", SERVICES, "via", place.gateway)


def within(place: Place, argv: list[str]) -> list[str]:
    """The same program in the node's network, under the same pid."""
    return ["nsenter", f"--net={place.network}", *argv]


def remove(place: Place, tools: Tools) -> None:
    """With it go its bridge, its rules and both ends of the line."""
    if place.network.exists():
        _run(tools["ip"], "netns", "delete", place.name)
    line = (tools["ip"], "link", "delete", place.name)
    subprocess.run(line, capture_output=True, check=False)


def _run(*argv: str) -> None:
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise OSError(f"`{' '.join(argv)}`: {done.stderr.strip()}")
