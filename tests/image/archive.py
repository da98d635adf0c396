"""The tree as an image that containerd imports: `docker.io/library/kaia:<version>`."""

import shutil
import tomllib
from collections.abc import Mapping
from pathlib import Path

from tests.apiserver.programs import alone
from tests.image import cache, dockerfile, rootfs
from tests.image.dockerfile import PROJECT
from tests.image.rootfs import Layers
from tests.node import archives
from tests.node.archives import Image


def get(environ: Mapping[str, str], target: Path | None = None) -> Path:
    """Written where something has changed. Raises ImageFailed, ProgramsMissing."""
    layers = rootfs.get(environ)
    home = cache.home(environ)
    with alone(home / "lock"):
        kept = _archive(home, layers)
    if target is None:
        return kept
    shutil.copyfile(kept, target)
    return target


def reference() -> str:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    return f"docker.io/library/{project['name']}:{project['version']}"


def _archive(home: Path, layers: Layers) -> Path:
    said = dockerfile.DOCKERFILE
    trees = [layers.packages, layers.project]
    digest = cache.digest_of([said, Path(__file__)], *(tree.name for tree in trees))

    def make(part: Path) -> None:
        tars = tuple(_layer(home, tree) for tree in trees)
        config = dockerfile.read(said.read_text()).config()
        archives.write(part, [Image(reference(), config, tars)])

    return cache.kept(home / f"kaia-{digest}", make)


def _layer(home: Path, tree: Path) -> Path:
    owners = {rootfs.STATE: rootfs.OWNER}
    return cache.kept(
        home / f"layer-{tree.name}", lambda part: archives.write_layer(part, tree, owners)
    )
