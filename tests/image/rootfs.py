"""A tree of the image's shape from this machine's own Python; no base image and no engine is in it.

It shows that what the Dockerfile copies, sets and takes away is enough to start Kaia with. It does
not show that a Docker engine builds the Dockerfile, nor what the base image brings along: another
Python, another C library, a shell.
"""

import os
import shutil
import ssl
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.apiserver.programs import alone, newest_kubectl
from tests.image import cache, dockerfile, interpreter, packages
from tests.image.cache import digest_of
from tests.image.dockerfile import PROJECT

STATE = Path("var/lib/kaia")
OWNER = 65532

_RUNTIME = PROJECT / "requirements" / "runtime.txt"
_HERE = Path(__file__).parent
_FOLDERS = ("dev", "proc", "sys", "run", "home", "root", "var/tmp")
_FILES = {
    "etc/passwd": (
        "root:x:0:0:root:/root:/usr/sbin/nologin\nkaia:x:65532:65532::/tmp:/usr/sbin/nologin\n"
    ),
    "etc/group": "root:x:0:\nkaia:x:65532:\n",
    "etc/nsswitch.conf": "hosts: files dns\n",
}
_CERTIFICATES = Path("etc/ssl/certs/ca-certificates.crt")


@dataclass(frozen=True, slots=True)
class Layers:
    """Both belong into one tree, this one over that one; nothing else is in either."""

    packages: Path
    project: Path


def get(environ: Mapping[str, str]) -> Layers:
    """Assembles what has changed since the last time. Raises ImageFailed, ProgramsMissing."""
    kubectl = newest_kubectl(environ)
    home = cache.home(environ)
    with alone(home / "lock"), _source() as source:
        packages_ = home / f"packages-{_digest_of_packages()}"
        project = home / f"project-{digest_of([source], packages_.name)}"
        return Layers(
            cache.kept(packages_, lambda tree: _packages(tree, kubectl)),
            cache.kept(project, lambda tree: _project(tree, source)),
        )


def assemble(layers: Layers, target: Path) -> Path:
    """The whole tree."""
    for layer in (layers.packages, layers.project):
        shutil.copytree(layer, target, symlinks=True, dirs_exist_ok=True)
    if os.geteuid() == 0:
        os.chown(target / STATE, OWNER, OWNER)
    return target


def assembled(environ: Mapping[str, str], layers: Layers) -> Path:
    """The whole tree, kept with the layers."""
    home = cache.home(environ)
    target = home / f"rootfs-{digest_of([], layers.packages.name, layers.project.name)}"
    with alone(home / "lock"):
        return cache.kept(target, lambda tree: assemble(layers, tree))


def _digest_of_packages() -> str:
    builders = [_HERE / name for name in ("interpreter.py", "packages.py", "rootfs.py")]
    locks = [_RUNTIME, _RUNTIME.with_name("kubectl.txt")]
    return digest_of([*builders, *locks], sys.version, sys.base_prefix)


def _packages(tree: Path, kubectl: Path) -> None:
    _system(tree)
    interpreter.copy(tree)
    packages.install(tree, "--require-hashes", "--requirement", str(_RUNTIME))
    packages.compile_all(tree, interpreter.LIBRARY, packages.HOME / "lib")
    interpreter.copy_shared_libraries(tree)
    shutil.copy2(kubectl, tree / "usr/local/bin/kubectl")
    (tree / "usr/local/bin/kubectl").chmod(0o555)
    _certificates(tree)


def _system(tree: Path) -> None:
    for name in _FOLDERS:
        (tree / name).mkdir(parents=True)
    for name, text in _FILES.items():
        (tree / name).parent.mkdir(exist_ok=True)
        (tree / name).write_text(text)
    (tree / "tmp").mkdir()
    (tree / "tmp").chmod(0o1777)
    (tree / STATE).mkdir(parents=True)
    (tree / STATE).chmod(0o750)


def _certificates(tree: Path) -> None:
    """Those of certifi, as this machine's may hold some of its owner's."""
    bundle = next(tree.glob(f"{packages.HOME}/lib/*/site-packages/certifi/cacert.pem"))
    (tree / _CERTIFICATES).parent.mkdir(parents=True)
    shutil.copyfile(bundle, tree / _CERTIFICATES)
    looked_for = tree / Path(ssl.get_default_verify_paths().openssl_cafile).relative_to("/")
    if looked_for != tree / _CERTIFICATES:
        looked_for.parent.mkdir(parents=True, exist_ok=True)
        looked_for.symlink_to(f"/{_CERTIFICATES}")


@contextmanager
def _source() -> Iterator[Path]:
    """Only what the Dockerfile copies: a wheel that needs more is not built here either."""
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / "src"
        source.mkdir()
        for name in dockerfile.read(dockerfile.DOCKERFILE.read_text()).from_context():
            if name.startswith("requirements/"):
                continue
            if (PROJECT / name).is_dir():
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(PROJECT / name, source / name, ignore=ignored)
            else:
                shutil.copy2(PROJECT / name, source / name)
        yield source


def _project(tree: Path, source: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        wheel = packages.build_wheel(source, Path(scratch))
        packages.install(tree, "--no-deps", "--no-index", str(wheel))
    home = tree / packages.HOME
    for path in [*home.iterdir(), *(home / "bin").iterdir()]:
        if path.name not in ("bin", "lib", "kaia"):
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    packages.compile_all(tree, packages.HOME / "lib")
