"""Gets the programs that check the chart, once, and keeps them; it never installs anything."""

import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.apiserver.programs import OLDEST_GO, ProgramsMissing, alone, go_build, test_home

HELM = "4.3.1"
HELM_UNITTEST = "1.1.2"
HELM_DOCS = "1.14.2"

_HERE = Path(__file__).parent
_OLDEST_HELM = (3, 14)
"""Older ones know neither `--skip-schema-validation` nor what the schema says."""

_NO_GO = f"""\
Programs that check the chart are missing, and there is no way to get them here:
install Go {".".join(map(str, OLDEST_GO))} or newer, and `make test-chart` builds them once \
(some minutes)."""


@dataclass(frozen=True, slots=True)
class Programs:
    helm: Path
    helm_unittest: Path
    helm_docs: Path


@dataclass(frozen=True, slots=True)
class _Tool:
    name: str
    version: str
    package: str
    stamp: str
    """What Go's linker is told, so that the program knows its version."""

    def path(self, home: Path) -> Path:
        return home / f"{self.name}-{self.version}"


_HELM = _Tool(
    "helm",
    HELM,
    "helm.sh/helm/v4/cmd/helm",
    f"-X helm.sh/helm/v4/internal/version.version=v{HELM}",
)
_UNITTEST = _Tool(
    "helm-unittest", HELM_UNITTEST, "github.com/helm-unittest/helm-unittest/cmd/helm-unittest", ""
)
_DOCS = _Tool(
    "helm-docs",
    HELM_DOCS,
    "github.com/norwoodj/helm-docs/cmd/helm-docs",
    f"-X main.version={HELM_DOCS}",
)


def find(environ: Mapping[str, str]) -> Programs:
    """The programs that are here already. Raises ProgramsMissing."""
    return _collect(environ, _refuse)


def get(environ: Mapping[str, str]) -> Programs:
    """The programs, built where they are missing. Raises ProgramsMissing."""
    home = test_home(environ)
    home.mkdir(parents=True, exist_ok=True)
    with alone(home / "lock"):
        return _collect(environ, _build)


def _collect(environ: Mapping[str, str], make: Callable[[_Tool, Path], None]) -> Programs:
    home = test_home(environ)

    def cached(tool: _Tool) -> Path:
        if not tool.path(home).exists():
            make(tool, tool.path(home))
        return tool.path(home)

    return Programs(_helm_on_path(environ) or cached(_HELM), cached(_UNITTEST), cached(_DOCS))


def _helm_on_path(environ: Mapping[str, str]) -> Path | None:
    helm = shutil.which("helm", path=environ.get("PATH"))
    if helm is None:
        return None
    told = subprocess.run([helm, "version", "--short"], capture_output=True, text=True, check=False)
    found = re.search(r"v(\d+)\.(\d+)\.", told.stdout)
    is_new_enough = found and tuple(map(int, found.groups())) >= _OLDEST_HELM
    return Path(helm) if is_new_enough else None


def _refuse(_tool: _Tool, target: Path) -> None:
    raise ProgramsMissing(f"{target} is not there yet: `make test-chart` gets it.")


def _build(tool: _Tool, target: Path) -> None:
    print(f"tests.chart: building {tool.name} {tool.version}", flush=True)  # noqa: T201 - a command line's own words
    stamps = [tool.stamp] if tool.stamp else []
    go_build(_HERE / tool.name, tool.package, target, stamps, without_go=_NO_GO)
