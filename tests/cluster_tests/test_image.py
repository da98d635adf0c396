"""The image's tree starts in a container that may do nothing, and holds nothing it should not.

What runs here is assembled from this machine's Python (`tests.image`). That the Dockerfile is built
by a Docker engine, and what its base image brings along, is not shown.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.apiserver.programs import ProgramsMissing
from tests.image import archive, containers, dockerfile, survey
from tests.image.containers import Ended
from tests.image.packages import ImageFailed
from tests.node.node import Node

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(600)]

PYTHON = "/opt/kaia/bin/python"
VERSION = archive.reference().rpartition(":")[2]


@pytest.fixture(scope="module")
def image(node: Node) -> str:
    """By the name that the chart has for it."""
    try:
        node.load(archive.get(os.environ))
    except (ImageFailed, ProgramsMissing) as problem:
        pytest.fail(str(problem), pytrace=False)
    containers.add_restricted_namespace(node)
    return f"kaia:{VERSION}"


@pytest.fixture(scope="module")
def found(node: Node, image: str) -> dict[str, Any]:
    code = Path(survey.__file__).read_text()
    ended = containers.run(node, "survey", image, command=[PYTHON, "-W", "ignore", "-c", code])
    assert ended.code == 0, ended.output
    facts: dict[str, Any] = json.loads(ended.output.splitlines()[-1])
    return facts


def kaia(node: Node, image: str, name: str, *args: str, **env: str) -> Ended:
    variables = [{"name": key, "value": value} for key, value in env.items()]
    return containers.run(node, name, image, args=list(args), env=variables)


def test_kaia_says_her_version(node: Node, image: str) -> None:
    assert kaia(node, image, "version", "--version") == Ended(0, f"kaia {VERSION}\n")


def test_without_arguments_she_asks_for_slacks_tokens(node: Node, image: str) -> None:
    ended = containers.run(node, "slack", image)
    assert ended.code == 2
    assert "SLACK_BOT_TOKEN" in ended.output
    assert "Traceback" not in ended.output


def test_doctor_says_what_is_missing(node: Node, image: str) -> None:
    ended = kaia(node, image, "doctor", "doctor", KAIA_MODEL="builtin")
    assert ended.code != 0
    assert "SLACK_BOT_TOKEN" in ended.output
    assert "/var/lib/kaia" in ended.output
    assert "Traceback" not in ended.output


@pytest.mark.parametrize(
    ("name", "command", "code"), [("reads", "get pods -A", 0), ("deletes", "delete pod web", 1)]
)
def test_commands_are_judged(node: Node, image: str, name: str, command: str, code: int) -> None:
    ended = kaia(node, image, name, "check-command", f"kubectl {command}")
    assert ended.code == code, ended.output


def test_kubectl_is_the_one_of_the_dockerfile(node: Node, image: str) -> None:
    asked = ["kubectl", "version", "--client", "--output=json"]
    ended = containers.run(node, "kubectl", image, command=asked)
    said = dockerfile.read(dockerfile.DOCKERFILE.read_text()).arguments["KUBECTL_VERSION"]
    assert json.loads(ended.output)["clientVersion"]["gitVersion"] == said


def test_every_module_is_importable(found: dict[str, Any]) -> None:
    assert found["unimportable"] == {}


def test_no_module_is_compiled_when_she_starts(found: dict[str, Any]) -> None:
    assert found["compiled at every start"] == []


@pytest.mark.parametrize("what", ["installers", "compilers", "gains rights", "anyone writes"])
def test_nothing_is_there_that_should_not_be(found: dict[str, Any], what: str) -> None:
    assert found[what] == []


def test_she_may_do_nothing_but_keep_her_state(found: dict[str, Any]) -> None:
    assert found["user"] == [65532, 65532, "kaia", "/tmp"]  # noqa: S108 - the image's HOME
    assert found["capabilities"] == ["0" * 16]
    assert found["root is read-only"]
    assert found["state is writable"]


def test_certificates_can_be_checked(found: dict[str, Any]) -> None:
    assert found["authorities"] > 50
