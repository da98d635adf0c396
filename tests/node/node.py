"""A cluster of one real node; it ends what it started and leaves no mount and no interface."""

import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.apiserver import kubeconfigs, processes
from tests.apiserver.certificates import Authority
from tests.apiserver.client import Client
from tests.apiserver.limits import allow_reading, token
from tests.apiserver.server import ServerFailed
from tests.node import cgroups, control_plane, images, kubelet, network, runtime
from tests.node.packages import Tools
from tests.node.place import NODE, Place
from tests.node.programs import Programs

_READY_WITHIN_SECONDS = 90


@dataclass(frozen=True, slots=True)
class Node:
    """A running node and the ways to reach it."""

    place: Place
    client: Client
    """As an administrator."""
    kubectl: Path
    tools: Tools

    @property
    def home(self) -> Path:
        return self.place.home

    @property
    def url(self) -> str:
        return control_plane.url(self.place)

    @property
    def kubeconfig(self) -> Path:
        """An administrator's."""
        return self.home / "admin.kubeconfig"

    @property
    def limited_kubeconfig(self) -> Path:
        """A ServiceAccount's, which reads everything but Secrets."""
        return self.home / "limited.kubeconfig"

    def load(self, archive: Path) -> None:
        """Makes the images of a docker archive known to the node, which pulls from nowhere."""
        runtime.load(self.place, self.tools, archive)


def start(home: Path, programs: Programs, *, outlives_us: bool = False) -> Node:
    """Starts everything in an empty `home`; the node is ready when it returns.

    Raises ServerFailed, or OSError where this machine refuses something.
    """
    (home / "pki").mkdir(parents=True)
    place = Place(home)
    try:
        return _start(place, programs, outlives_us=outlives_us)
    except BaseException:
        _end(place, programs.tools)
        raise


def stop(home: Path, tools: Tools) -> list[str]:
    """Ends everything and takes its state away; returns what was still running."""
    ended = _end(Place(home), tools)
    shutil.rmtree(home)
    return ended


def _start(place: Place, programs: Programs, *, outlives_us: bool) -> Node:
    authority = Authority(place.home / "pki")
    admin = authority.issue("admin", group="system:masters")
    client = Client(control_plane.url(place), authority, admin)
    node = Node(place, client, programs.kubectl, programs.tools)
    network.make(place, programs.tools)
    cgroups.make(place.name)
    control_plane.start_api(place, programs, authority, outlives_us=outlives_us)
    runtime.start(place, programs.tools, outlives_us=outlives_us)
    archive = images.write_archive(place.home / "images.tar", Path(programs.tools["busybox"]))
    _until(place, lambda: runtime.answers(place, programs.tools))
    node.load(archive)
    _until(place, client.is_ready)
    control_plane.start_controllers(place, programs, authority, outlives_us=outlives_us)
    kubelet.start(place, programs, authority, outlives_us=outlives_us)
    kubelet.start_proxy(place, programs, authority, client, outlives_us=outlives_us)
    _write_kubeconfigs(node, authority)
    _until(place, lambda: _is_ready(client))
    return node


def _end(place: Place, tools: Tools) -> list[str]:
    ended = processes.stop(place.home)
    cgroups.end_processes(place.name)
    runtime.end_shims(place)
    _unmount(place.home)
    cgroups.remove(place.name)
    network.remove(place, tools)
    runtime.forget_addresses(place)
    _forget_logs(place.home)
    return ended


def _write_kubeconfigs(node: Node, authority: Authority) -> None:
    allow_reading(node.client)
    admin = kubeconfigs.certificate_of(authority, "admin")
    kubeconfigs.write(node.kubeconfig, node.url, authority, admin)
    limited = {"token": token(node.client)}
    kubeconfigs.write(node.limited_kubeconfig, node.url, authority, limited)


def _is_ready(client: Client) -> bool:
    """Pods can be made from here on."""
    if not client.has(f"/api/v1/nodes/{NODE}"):
        return False
    conditions = client.get(f"/api/v1/nodes/{NODE}")["status"].get("conditions", [])
    return any(one["type"] == "Ready" and one["status"] == "True" for one in conditions) and (
        client.has("/api/v1/namespaces/default/serviceaccounts/default")
    )


def _until(place: Place, holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _READY_WITHIN_SECONDS
    while not holds():
        for name in sorted(file.stem for file in place.home.glob("*.pid")):
            if not processes.is_running(place.home, name):
                raise ServerFailed(f"{name} ended:\n{processes.end_of_log(place.home, name)}")
        if time.monotonic() > deadline:
            raise ServerFailed(f"not ready:\n{processes.end_of_log(place.home, 'kubelet')}")
        time.sleep(0.1)


def _unmount(home: Path) -> None:
    """The deepest first: volumes of pods, their networks, the roots of containers."""
    mounts = [line.split(" ")[1] for line in Path("/proc/self/mounts").read_text().splitlines()]
    for point in sorted((m for m in mounts if m.startswith(f"{home}{os.sep}")), reverse=True):
        subprocess.run(["umount", "--lazy", point], capture_output=True, check=False)


def _forget_logs(home: Path) -> None:
    """The kubelet links every container's log from here, wherever its own folders are."""
    for link in Path("/var/log/containers").glob("*.log"):
        with contextlib.suppress(OSError):
            if link.readlink().is_relative_to(home):
                link.unlink()
