"""The node's own images, out of one static busybox."""

import subprocess
import tarfile
from collections.abc import Mapping
from pathlib import Path

from tests.node import archives
from tests.node.archives import Image, add_file

PAUSE = "registry.k8s.io/pause:3.10"
BUSYBOX = "docker.io/library/busybox:1.36"

_COMMANDS = {
    # What holds a pod's network needs to do nothing but live.
    PAUSE: ["/bin/sleep", "2147483647"],
    BUSYBOX: ["sh"],
}
_FOLDERS = (
    "bin",
    "etc",
    "home",
    "proc",
    "root",
    "sys",
    "dev",
    "tmp",
    "usr",
    "usr/bin",
    "var",
    "var/run",
)
_FILES = {
    "etc/passwd": "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/home:/bin/false\n",
    "etc/group": "root:x:0:\nnogroup:x:65534:\n",
}


def write_archive(
    target: Path, busybox: Path, commands: Mapping[str, list[str]] = _COMMANDS
) -> Path:
    """All images in one archive, by what each runs; they share their only layer."""
    layer = _write_layer(target.with_suffix(".layer"), busybox)
    images = [Image(name, _config(command), (layer,)) for name, command in commands.items()]
    archives.write(target, images)
    layer.unlink()
    return target


def _config(command: list[str]) -> dict[str, object]:
    return {"Env": ["PATH=/bin:/usr/bin"], "Cmd": command, "WorkingDir": "/"}


def _write_layer(target: Path, busybox: Path) -> Path:
    with tarfile.open(target, "w") as layer:
        for folder in _FOLDERS:
            _add_special(layer, folder, tarfile.DIRTYPE, mode=0o1777 if folder == "tmp" else 0o755)
        for name, text in _FILES.items():
            add_file(layer, name, text.encode())
        add_file(layer, "bin/busybox", busybox.read_bytes(), mode=0o755)
        for applet in _applets(busybox):
            _add_special(layer, f"bin/{applet}", tarfile.SYMTYPE, link="busybox")
    return target


def _applets(busybox: Path) -> list[str]:
    listed = subprocess.run([busybox, "--list"], capture_output=True, text=True, check=True)
    return [name for name in listed.stdout.split() if name != "busybox"]


def _add_special(
    archive: tarfile.TarFile, name: str, kind: bytes, *, mode: int = 0o777, link: str = ""
) -> None:
    entry = tarfile.TarInfo(name)
    entry.type, entry.mode, entry.linkname = kind, mode, link
    archive.addfile(entry)
