"""The programs that come from Linux itself: those on PATH, else unpacked; never installed."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.apiserver.programs import test_home
from tests.node.machine import NodeImpossible

_PACKAGES = {
    "containerd": "containerd",
    "ctr": "containerd",
    "containerd-shim-runc-v2": "containerd",
    "runc": "runc",
    "ip": "iproute2",
    "nft": "nftables",
    "busybox": "busybox-static",
}
_CNI_PACKAGE = "containernetworking-plugins"
_CNI_FOLDERS = ("/usr/lib/cni", "/opt/cni/bin", "/usr/libexec/cni")
_FOLDERS = ("usr/local/bin", "usr/sbin", "usr/bin", "sbin", "bin")


@dataclass(frozen=True, slots=True)
class Tools:
    """Where the programs are found."""

    path: str
    libraries: str
    """Where unpacked programs find libraries that are not installed."""
    cni: Path

    def __getitem__(self, name: str) -> str:
        return shutil.which(name, path=self.path) or name

    @property
    def environ(self) -> dict[str, str]:
        return {"PATH": self.path, "LD_LIBRARY_PATH": self.libraries}


def get(environ: Mapping[str, str]) -> Tools:
    """Unpacks what is missing, where apt-get can get it. Raises NodeImpossible."""
    if missing := _missing(environ):
        _unpack(_root(environ), missing)
    return find(environ)


def find(environ: Mapping[str, str]) -> Tools:
    """What is here already. Raises NodeImpossible."""
    if missing := _missing(environ):
        raise NodeImpossible(f"these packages are missing: {', '.join(missing)}")
    return _tools(environ)


def _missing(environ: Mapping[str, str]) -> list[str]:
    """Names of packages."""
    tools = _tools(environ)
    packages = [
        package
        for program, package in _PACKAGES.items()
        if shutil.which(program, path=tools.path) is None
    ]
    if not _is_static(Path(tools["busybox"])):
        packages.append(_PACKAGES["busybox"])
    if not (tools.cni / "host-local").exists():
        packages.append(_CNI_PACKAGE)
    return list(dict.fromkeys(packages))


def _tools(environ: Mapping[str, str]) -> Tools:
    root = _root(environ)
    unpacked = [str(root / folder) for folder in _FOLDERS]
    cni = [Path(f"{root}{folder}") for folder in _CNI_FOLDERS] + [Path(f) for f in _CNI_FOLDERS]
    libraries = sorted({str(file.parent) for file in root.glob("usr/lib/**/*.so.*")})
    return Tools(
        path=os.pathsep.join([*unpacked, environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"]),
        libraries=os.pathsep.join(libraries),
        cni=next((folder for folder in cni if (folder / "bridge").exists()), cni[0]),
    )


def _root(environ: Mapping[str, str]) -> Path:
    return test_home(environ) / "packages"


def _is_static(program: Path) -> bool:
    """A program that needs a loader names it near its beginning; an image of one file has none."""
    if not program.is_file():
        return True  # missing altogether, which is said already
    with program.open("rb") as file:
        return b"/ld-" not in file.read(4096)


def _unpack(root: Path, packages: list[str]) -> None:
    """With what they depend on, as far as that is not installed."""
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        raise NodeImpossible(
            f"without apt-get these packages have to be installed by hand: {', '.join(packages)}"
        )
    archives = root / "archives"
    (archives / "partial").mkdir(parents=True, exist_ok=True)
    download = ["apt-get", "install", "--download-only", "--no-install-recommends", "-y", "-qq"]
    download += [
        "-o",
        "APT::Sandbox::User=root",
        "-o",
        f"Dir::Cache::archives={archives}",
        *packages,
    ]
    if not _succeeds(download):
        _succeeds(["apt-get", "update", "-qq"])
        if not _succeeds(download):
            raise NodeImpossible(f"apt-get does not give these packages: {', '.join(packages)}")
    for archive in sorted(archives.glob("*.deb")):
        subprocess.run(["dpkg-deb", "--extract", archive, root], check=True)
        archive.unlink()


def _succeeds(argv: list[str]) -> bool:
    return subprocess.run(argv, stdin=subprocess.DEVNULL, check=False).returncode == 0
