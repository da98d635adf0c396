"""What helm makes of the chart: objects, refusals and notes. It never asks a cluster."""

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

Object = dict[str, Any]
Values = Mapping[str, Any]

ROOT = Path(__file__).parents[2]
CHART = ROOT / "helm"
CI_FILES = sorted((CHART / "ci").glob("*-values.yaml"))

OLDEST = "1.30"
"""Of Chart.yaml's kubeVersion."""


class ChartRefused(Exception):
    """Helm renders nothing; its own words."""


@dataclass(frozen=True, slots=True)
class Release:
    """How the chart is asked for."""

    name: str = "kaia"
    namespace: str = "kaia"
    kubernetes: str = OLDEST
    chart: Path = CHART
    file: Path | None = None
    skips_schema: bool = False

    def arguments(self) -> list[str]:
        more = ["--values", str(self.file)] if self.file else []
        more += ["--skip-schema-validation"] if self.skips_schema else []
        return [self.name, str(self.chart), "--namespace", self.namespace, *more]


@dataclass(frozen=True, slots=True)
class Renderer:
    """Renders what was not rendered yet: tests only read what they are given."""

    helm: Path
    _rendered: dict[tuple[Release, str], str] = field(default_factory=dict)

    def text(self, values: Values | None = None, release: Release | None = None) -> str:
        """Raises ChartRefused."""
        release, given = release or Release(), json.dumps(values or {})
        key = release, given
        if key not in self._rendered:
            version = ["--kube-version", f"{release.kubernetes}.0"]
            self._rendered[key] = self.run("template", *release.arguments(), *version, given=given)
        return self._rendered[key]

    def objects(self, values: Values | None = None, release: Release | None = None) -> list[Object]:
        """Raises ChartRefused."""
        documents = yaml.load_all(self.text(values, release), Loader=_Loader)
        return [document for document in documents if document]

    def refusal(self, values: Values, release: Release | None = None) -> str:
        """What helm says, or nothing where it renders."""
        try:
            self.text(values, release)
        except ChartRefused as refused:
            return " ".join(str(refused).split())
        return ""

    def notes(self, values: Values | None = None) -> str:
        """What is said after an installation."""
        given = json.dumps(values or {})
        told = self.run("install", *Release().arguments(), "--dry-run=client", given=given)
        return told.partition("NOTES:\n")[2].strip("\n")

    def run(self, *arguments: str, given: str = "") -> str:
        """Raises ChartRefused."""
        argv = [str(self.helm), *arguments, *(["--values", "-"] if given else [])]
        done = subprocess.run(
            argv, input=given, capture_output=True, text=True, check=False, env=_environ()
        )
        if done.returncode != 0:
            raise ChartRefused(done.stderr)
        return done.stdout


def _environ() -> dict[str, str]:
    """Nothing of the person's own helm, and no cluster to ask."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HELM_")}
    return {**kept, "KUBECONFIG": os.devnull}


class _Loader(yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader):  # type: ignore[misc]
    """Refuses a key that is there twice, which YAML forbids and PyYAML forgives."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> Any:
        keys = [self.construct_object(key, deep=True) for key, _value in node.value]
        twice = [key for key in keys if keys.count(key) > 1]
        assert not twice, f"{twice} stand twice in one mapping at line {node.start_mark.line}"
        return super().construct_mapping(node, deep)
