"""`kaia triage` as a process: exit codes, the shape of its JSON, and what it never prints."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.apiserver import workloads
from tests.apiserver.server import NODE, ApiServer
from tests.doubles import troubles
from tests.doubles.troubles import CANARY

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(120)]

ILL, WELL = "triage-ill", "triage-well"
_ROOT = Path(__file__).parents[2]
_LEAKS = f"""\
starting
ERROR login failed: password={CANARY}
ERROR dial postgres://shop:{CANARY}@db.{ILL}.svc:5432/shop refused
Authorization: Bearer {CANARY}
"""


class Ended(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def report(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.out)
        return found


@pytest.fixture(scope="module", autouse=True)
def scene(apiserver: ApiServer) -> None:
    client = apiserver.client
    for name in (ILL, WELL):
        workloads.add_namespace(client, name)
    workloads.add_pod(client, WELL, "cart", workloads.healthy())
    workloads.add_secret(client, ILL, "db", CANARY)
    troubles.add_config_map(client, ILL, "settings", url=CANARY)
    add_leaking_pod(apiserver)


def add_leaking_pod(apiserver: ApiServer) -> None:
    """The value stands wherever a person could have put it."""
    status = workloads.crash_looping()
    last = status["containerStatuses"][0]["lastState"]["terminated"]
    last["message"] = f"fatal: password={CANARY} was refused"
    env = [
        {"name": "DB_PASSWORD", "value": CANARY},
        {"name": "URL", "valueFrom": {"configMapKeyRef": {"name": "settings", "key": "url"}}},
    ]
    container = {"name": "app", "image": workloads.IMAGE, "env": env, "args": [f"--key={CANARY}"]}
    path = f"/api/v1/namespaces/{ILL}/pods"
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "leaky", "annotations": {"example.com/token": CANARY}},
        "spec": {"nodeName": NODE, "containers": [container]},
    }
    made = apiserver.client.post(path, pod)
    apiserver.client.patch(f"{path}/leaky/status", {"status": status})
    message = f"Liveness probe failed: GET /health?token={CANARY} gave 500"
    workloads.add_event(apiserver.client, made, "Unhealthy", message, count=30)
    workloads.add_event(apiserver.client, made, "BackOff", "Back-off restarting", count=12)
    for previous in (False, True):
        workloads.add_log(apiserver, ILL, "leaky", _LEAKS, previous=previous)


def triage(home: Path, kubeconfig: Path | str | None, *options: str) -> Ended:
    folders = os.pathsep.join(
        [os.environ.get("PATH", os.defpath), str(Path(sys.executable).parent)]
    )
    environ = {"PATH": folders, "HOME": str(home)}
    if kubeconfig is not None:
        environ["KUBECONFIG"] = str(kubeconfig)
    done = subprocess.run(
        [sys.executable, "-m", "bot", "triage", *options],
        cwd=_ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="module")
def found(apiserver: ApiServer, tmp_path_factory: pytest.TempPathFactory) -> Ended:
    home = tmp_path_factory.mktemp("home")
    return triage(home, apiserver.limited_kubeconfig, "-n", ILL, "--json")


def test_findings_end_it_with_1_and_stand_in_one_object(found: Ended) -> None:
    report = found.report

    assert found.code == 1
    assert {*report} == {"scope", "healthy", "findings", "not_read", "fine"}
    assert report["scope"]["namespaces"] == [ILL]
    assert report["scope"]["objects"]["pods"] == 1
    assert report["healthy"] is False
    [finding] = report["findings"]
    assert (finding["severity"], finding["kind"]) == ("critical", "Pod")
    assert (finding["namespace"], finding["name"]) == (ILL, "leaky")
    assert all(isinstance(finding[key], str) for key in ("reason", "cause", "since"))
    assert finding["cause"].endswith(".")
    assert {key for each in finding["evidence"] for key in each} == {"path", "value"}
    assert all(command.startswith("kubectl ") for command in finding["next"])


def test_every_value_that_is_told_is_a_string_a_number_or_a_claim(found: Ended) -> None:
    objects = found.report["scope"]["objects"]

    assert all(isinstance(count, int) for count in objects.values())
    assert found.out.strip().count("\n{") == 0


def test_health_ends_it_with_0(apiserver: ApiServer, tmp_path: Path) -> None:
    ended = triage(tmp_path, apiserver.limited_kubeconfig, "-n", WELL, "--json")
    said = triage(tmp_path, apiserver.limited_kubeconfig, "-n", WELL)

    assert (ended.code, said.code) == (0, 0)
    assert ended.report["healthy"] is True
    assert ended.report["findings"] == []
    assert said.out.startswith(f"Healthy (ns={WELL}, 1 pod).")


def test_the_whole_cluster_can_be_looked_at(apiserver: ApiServer, tmp_path: Path) -> None:
    ended = triage(tmp_path, apiserver.limited_kubeconfig, "-A", "--json")

    assert ended.code == 1
    assert {ILL, WELL} <= {*ended.report["scope"]["namespaces"]}
    assert CANARY not in ended.out + ended.err


def test_several_namespaces_are_looked_at_together(apiserver: ApiServer, tmp_path: Path) -> None:
    ended = triage(tmp_path, apiserver.limited_kubeconfig, "-n", WELL, "-n", ILL, "--json")

    assert ended.code == 1
    assert ended.report["scope"]["namespaces"] == [WELL, ILL]


def test_words_for_people_say_the_same(apiserver: ApiServer, tmp_path: Path) -> None:
    ended = triage(tmp_path, apiserver.limited_kubeconfig, "-n", ILL)

    assert ended.code == 1
    assert ended.out.startswith(f"1 finding (ns={ILL}, 1 pod).")
    assert f"CRITICAL  Pod {ILL}/leaky" in ended.out
    assert CANARY not in ended.out + ended.err


def test_no_value_of_a_person_is_ever_printed(found: Ended) -> None:
    assert "leaky" in found.out
    assert CANARY not in found.out + found.err


class TestWhereNothingCanBeSeen:
    def test_a_namespace_that_does_not_exist(self, apiserver: ApiServer, tmp_path: Path) -> None:
        ended = triage(tmp_path, apiserver.limited_kubeconfig, "-n", "triage-il")

        assert (ended.code, ended.out) == (2, "")
        assert ended.err.startswith("kaia: There is no namespace triage-il. Did you mean `triage-")

    def test_one_namespace_and_all_of_them(self, apiserver: ApiServer, tmp_path: Path) -> None:
        ended = triage(tmp_path, apiserver.limited_kubeconfig, "-n", ILL, "-A")

        assert (ended.code, ended.out) == (2, "")
        assert "not both" in ended.err

    def test_a_cluster_that_does_not_answer(self, apiserver: ApiServer, tmp_path: Path) -> None:
        ended = triage(tmp_path, silent(apiserver, tmp_path), "-n", ILL, "--json")

        assert (ended.code, ended.out) == (2, "")
        assert "did not answer" in ended.err
        assert "Traceback" not in ended.err

    @pytest.mark.parametrize("kubeconfig", [None, "nowhere"])
    def test_no_kubeconfig(self, tmp_path: Path, kubeconfig: str | None) -> None:
        ended = triage(tmp_path, None if kubeconfig is None else tmp_path / kubeconfig)

        assert (ended.code, ended.out) == (2, "")
        assert "kubeconfig" in ended.err
        assert "Traceback" not in ended.err

    def test_a_context_that_is_not_there(self, apiserver: ApiServer, tmp_path: Path) -> None:
        ended = triage(tmp_path, apiserver.limited_kubeconfig, "--context", "kaia-test")

        assert (ended.code, ended.out) == (2, "")
        assert "kaia-tests" in ended.err

    @pytest.mark.parametrize("options", [(), ("--json",)])
    def test_without_rights_it_says_which_are_missing(
        self, blind: Path, tmp_path: Path, options: tuple[str, ...]
    ) -> None:
        ended = triage(tmp_path, blind, *options)

        gaps = ended.out.partition("apiGroups")[0] if not options else ended.out
        assert ended.code == 2
        assert "pods" in gaps
        assert f" in {WELL}" in gaps
        assert "apiGroups" in ended.out

    @pytest.mark.parametrize("options", [("-A",), ("-n", WELL, "-n", ILL)])
    def test_rights_in_one_namespace_do_not_make_the_cluster_healthy(
        self, narrow: Path, tmp_path: Path, options: tuple[str, ...]
    ) -> None:
        ended = triage(tmp_path, narrow, *options, "--json")
        said = triage(tmp_path, narrow, *options)

        assert (ended.code, said.code) == (2, 2)
        assert ended.report["healthy"] is False
        assert said.out.startswith("Nothing found, but not all could be looked at (looked only at")

    def test_what_could_not_be_read_has_the_rule_that_would_permit_it(
        self, blind: Path, tmp_path: Path
    ) -> None:
        report = triage(tmp_path, blind, "--json").report

        pods = next(each for each in report["not_read"] if each["what"] == f"pods in {WELL}")
        assert report["healthy"] is False
        assert pods["why"] == "forbidden"
        [rule] = troubles.rules_in(pods["missing_rule"])
        assert rule == {"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list", "watch"]}


@pytest.fixture(scope="module")
def blind(apiserver: ApiServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An account that may read nothing."""
    troubles.add_account(apiserver.client, WELL, "blind")
    path = tmp_path_factory.mktemp("blind") / "kubeconfig"
    return troubles.kubeconfig_of(apiserver, (WELL, "blind"), path)


@pytest.fixture(scope="module")
def narrow(apiserver: ApiServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An account that may read one namespace."""
    troubles.add_account(apiserver.client, WELL, "narrow")
    rules = troubles.readable(apiserver.client, is_namespaced=True)
    troubles.allow(apiserver.client, (WELL, "narrow"), "narrow", rules, inside=WELL)
    path = tmp_path_factory.mktemp("narrow") / "kubeconfig"
    return troubles.kubeconfig_of(apiserver, (WELL, "narrow"), path)


def silent(apiserver: ApiServer, folder: Path) -> Path:
    """A kubeconfig of a server that is not there."""
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    config = json.loads(apiserver.limited_kubeconfig.read_text())
    config["clusters"][0]["cluster"]["server"] = f"https://127.0.0.1:{port}"
    path = folder / "silent"
    path.write_text(json.dumps(config))
    return path
