"""Container images out of one static busybox, as an archive that containerd imports."""

import hashlib
import io
import json
import platform
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PAUSE = "registry.k8s.io/pause:3.10"
BUSYBOX = "docker.io/library/busybox:1.36"

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
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


@dataclass(frozen=True, slots=True)
class Image:
    reference: str
    command: tuple[str, ...]


IMAGES = (
    # What holds a pod's network needs to do nothing but live.
    Image(PAUSE, ("/bin/sleep", "2147483647")),
    Image(BUSYBOX, ("sh",)),
)


def write_archive(target: Path, busybox: Path) -> Path:
    """All images in one archive; they share their only layer."""
    layer = _layer(busybox)
    with tarfile.open(target, "w") as archive:
        _add(archive, "layer.tar", layer)
        entries = [_add_image(archive, image, layer) for image in IMAGES]
        _add(archive, "manifest.json", json.dumps(entries).encode())
    return target


def _add_image(archive: tarfile.TarFile, image: Image, layer: bytes) -> dict[str, Any]:
    config = json.dumps(_config(image, layer)).encode()
    name = f"{hashlib.sha256(config).hexdigest()}.json"
    _add(archive, name, config)
    return {"Config": name, "RepoTags": [image.reference], "Layers": ["layer.tar"]}


def _config(image: Image, layer: bytes) -> dict[str, Any]:
    digest = f"sha256:{hashlib.sha256(layer).hexdigest()}"
    return {
        "architecture": _ARCHITECTURES.get(platform.machine(), platform.machine()),
        "os": "linux",
        "created": "1970-01-01T00:00:00Z",
        "config": {"Env": ["PATH=/bin:/usr/bin"], "Cmd": list(image.command), "WorkingDir": "/"},
        "rootfs": {"type": "layers", "diff_ids": [digest]},
        "history": [{"created": "1970-01-01T00:00:00Z", "created_by": "tests.node.images"}],
    }


def _layer(busybox: Path) -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as layer:
        for folder in _FOLDERS:
            _add_special(layer, folder, tarfile.DIRTYPE, mode=0o1777 if folder == "tmp" else 0o755)
        for name, text in _FILES.items():
            _add(layer, name, text.encode())
        _add(layer, "bin/busybox", busybox.read_bytes(), mode=0o755)
        for applet in _applets(busybox):
            _add_special(layer, f"bin/{applet}", tarfile.SYMTYPE, link="busybox")
    return held.getvalue()


def _applets(busybox: Path) -> list[str]:
    listed = subprocess.run([busybox, "--list"], capture_output=True, text=True, check=True)
    return [name for name in listed.stdout.split() if name != "busybox"]


def _add(archive: tarfile.TarFile, name: str, content: bytes, mode: int = 0o644) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), mode
    archive.addfile(entry, io.BytesIO(content))


def _add_special(
    archive: tarfile.TarFile, name: str, kind: bytes, *, mode: int = 0o777, link: str = ""
) -> None:
    entry = tarfile.TarInfo(name)
    entry.type, entry.mode, entry.linkname = kind, mode, link
    archive.addfile(entry)
