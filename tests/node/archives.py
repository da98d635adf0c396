"""Docker archives: images out of layers that are tar files already, as containerd imports them."""

import hashlib
import io
import json
import platform
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


@dataclass(frozen=True, slots=True)
class Image:
    reference: str
    config: dict[str, Any]
    """`Env`, `Cmd` and the like."""
    layers: tuple[Path, ...]
    """The lowest first."""


def write(target: Path, images: Sequence[Image]) -> Path:
    """What several images share is in the archive once."""
    digests = {layer: _digest(layer) for image in images for layer in image.layers}
    with tarfile.open(target, "w") as archive:
        for layer, digest in digests.items():
            archive.add(layer, f"{digest}.tar", filter=_plain)
        entries = [_add(archive, image, digests) for image in images]
        add_file(archive, "manifest.json", json.dumps(entries).encode())
    return target


def write_layer(target: Path, tree: Path, owners: dict[Path, int]) -> Path:
    """Everything in `tree` is root's but the `owners`' folders; no date of the tree's is kept."""

    def owned(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry = _plain(entry)
        entry.uid = entry.gid = owners.get(Path(entry.name), 0)
        return entry

    with tarfile.open(target, "w") as layer:
        for path in sorted(tree.iterdir()):
            layer.add(path, path.name, filter=owned)
    return target


def add_file(archive: tarfile.TarFile, name: str, content: bytes, mode: int = 0o644) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), mode
    archive.addfile(entry, io.BytesIO(content))


def _add(
    archive: tarfile.TarFile, image: Image, digests: dict[Path, str]
) -> dict[str, str | list[str]]:
    own = [digests[layer] for layer in image.layers]
    config = json.dumps(_whole(image, own)).encode()
    name = f"{hashlib.sha256(config).hexdigest()}.json"
    add_file(archive, name, config)
    layers = [f"{digest}.tar" for digest in own]
    return {"Config": name, "RepoTags": [image.reference], "Layers": layers}


def _whole(image: Image, digests: list[str]) -> dict[str, Any]:
    at = "1970-01-01T00:00:00Z"
    return {
        "architecture": _ARCHITECTURES.get(platform.machine(), platform.machine()),
        "os": "linux",
        "created": at,
        "config": image.config,
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest}" for digest in digests]},
        "history": [{"created": at, "created_by": "tests.node.archives"} for _ in digests],
    }


def _digest(layer: Path) -> str:
    with layer.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = entry.mtime = 0
    entry.uname = entry.gname = ""
    return entry
