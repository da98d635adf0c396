"""containerd of the node's own, with its pods' network and its images; it pulls from nowhere."""

import contextlib
import json
import os
import signal
import subprocess
from pathlib import Path

from tests.apiserver import processes
from tests.node import images, network
from tests.node.packages import Tools
from tests.node.place import Place

BRIDGE = "kaia0"
PODS = "10.245.0.0/24"
_PODS_GATEWAY = "10.245.0.1"

# Without restrict_oom_score_adj no sandbox starts where CAP_SYS_RESOURCE is missing.
_CONFIG = """\
version = 2
root = "{folder}/root"
state = "{folder}/state"
oom_score = 0
disabled_plugins = [{disabled}]
[grpc]
  address = "{socket}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "{pause}"
  netns_mounts_under_state_dir = true
  stream_server_address = "127.0.0.1"
  disable_apparmor = true
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
    default_runtime_name = "runc"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        SystemdCgroup = false
        Root = "{folder}/runc"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "{cni}"
    conf_dir = "{networks}"
"""
_DISABLED = (
    "io.containerd.snapshotter.v1.aufs",
    "io.containerd.snapshotter.v1.btrfs",
    "io.containerd.snapshotter.v1.zfs",
    "io.containerd.snapshotter.v1.devmapper",
    "io.containerd.tracing.processor.v1.otlp",
    "io.containerd.internal.v1.opt",
)


def start(place: Place, tools: Tools, *, outlives_us: bool) -> None:
    folder = place.home / "containerd"
    networks = folder / "networks"
    networks.mkdir(parents=True)
    (networks / "10-kaia.conflist").write_text(json.dumps(_pod_network(place.name, folder)))
    config = folder / "config.toml"
    disabled = ", ".join(f'"{name}"' for name in _DISABLED)
    words = {"folder": folder, "socket": place.socket, "cni": tools.cni, "networks": networks}
    config.write_text(_CONFIG.format(**words, pause=images.PAUSE, disabled=disabled))
    argv = network.within(place, [tools["containerd"], "--config", str(config)])
    processes.start(place.home, "containerd", argv, outlives_us=outlives_us, environ=tools.environ)


def answers(place: Place, tools: Tools) -> bool:
    return place.socket.exists() and _ctr(place, tools, "version").returncode == 0


def load(place: Place, tools: Tools, archive: Path) -> None:
    """Makes the images of an archive known to the node. Raises OSError."""
    done = _ctr(place, tools, "--namespace", "k8s.io", "images", "import", str(archive))
    if done.returncode != 0:
        raise OSError(f"containerd does not take {archive.name}: {done.stderr.strip()}")


def end_shims(place: Place) -> None:
    """They stand between containerd and the containers, and outlive both."""
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            argv = (process / "cmdline").read_bytes().split(b"\0")
            is_shim = Path(os.fsdecode(argv[0])).name.startswith("containerd-shim")
            if is_shim and os.fsencode(place.socket) in argv:
                os.kill(int(process.name), signal.SIGKILL)


def forget_addresses(place: Place) -> None:
    """The plugins note what they gave to a pod in a folder that cannot be moved."""
    results = Path("/var/lib/cni/results")
    for result in results.glob(f"{place.name}-*-eth0"):
        pod = result.name.removeprefix(f"{place.name}-").removesuffix("-eth0")
        for file in (result, results / f"cni-loopback-{pod}-lo"):
            file.unlink(missing_ok=True)


def _ctr(place: Place, tools: Tools, *arguments: str) -> subprocess.CompletedProcess[str]:
    argv = [tools["ctr"], "--address", str(place.socket), *arguments]
    return subprocess.run(
        argv, env=os.environ | tools.environ, capture_output=True, text=True, check=False
    )


def _pod_network(name: str, folder: Path) -> dict[str, object]:
    ranges = [[{"subnet": PODS, "rangeStart": "10.245.0.10", "gateway": _PODS_GATEWAY}]]
    addresses = {
        "type": "host-local",
        "dataDir": str(folder / "addresses"),
        "ranges": ranges,
        "routes": [{"dst": "0.0.0.0/0"}],
    }
    bridge = {
        "type": "bridge",
        "bridge": BRIDGE,
        "isGateway": True,
        "ipMasq": False,
        "hairpinMode": True,
        "ipam": addresses,
    }
    return {"cniVersion": "0.4.0", "name": name, "plugins": [bridge]}
