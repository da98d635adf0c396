"""`kaia record` against a real API server: what it keeps, and what never reaches a file."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.recordings.format import Kind, Recording
from tests.apiserver import scene, workloads
from tests.apiserver.server import NODE, ApiServer
from tests.doubles import troubles
from tests.doubles.canaries import Watch
from tests.doubles.careless import POD, CarelessTeam
from tests.doubles.careless_texts import YARD

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(300)]

PODS = Kind("", "v1", "pods", "Pod")
NODES = Kind("", "v1", "nodes", "Node", is_namespaced=False)
DEPLOYMENTS = Kind("apps", "v1", "deployments", "Deployment")
_ROOT = Path(__file__).parents[2]
UNMARKED = "only the log knows"


def run_record(kubeconfig: Path, target: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", "record", "-o", str(target), *words],
        cwd=_ROOT,
        env={**os.environ, "KUBECONFIG": str(kubeconfig), "HOME": str(target.parent)},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )


@pytest.fixture(scope="module")
def apiserver(own_apiserver: ApiServer) -> ApiServer:
    return own_apiserver


@pytest.fixture(scope="module")
def team(apiserver: ApiServer) -> Iterator[CarelessTeam]:
    scene.set_up(apiserver)
    team = CarelessTeam(apiserver)
    team.set_up()
    with troubles.served_widgets(apiserver.client) as root:
        team.add_widget(root)
        password = team.word(f"{POD}: variable")
        workloads.add_log(apiserver, YARD, "noisy-124", f"{UNMARKED}: {password} was tried\n")
        yield team
    team.leave()


@pytest.fixture(scope="module")
def recorded(
    apiserver: ApiServer, team: CarelessTeam, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, str]:
    """As an administrator, who may read Secrets too: the folder, and what was printed."""
    target = tmp_path_factory.mktemp("recordings") / "yard"
    ran = run_record(apiserver.kubeconfig, target, "--note", f"db: {team.dsn('note')}")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return target, ran.stdout


class TestSecrets:
    def test_no_piece_of_one_reaches_a_file_or_the_terminal(
        self, recorded: tuple[Path, str], team: CarelessTeam
    ) -> None:
        folder, printed = recorded
        watch = Watch(team.canaries | {"scene": scene.CANARY})
        assert watch.seen_in(printed) == {}
        assert watch.seen_below(folder, folder.parent / "servers") == {}

    def test_a_password_that_one_object_gives_away_is_hidden_in_every_log(
        self, recorded: tuple[Path, str]
    ) -> None:
        log = Recording.open(recorded[0]).log(YARD, "noisy-124", "app", previous=False)
        assert log is not None
        assert f"{UNMARKED}: [redacted:" in log

    def test_they_are_not_even_asked_for(
        self, apiserver: ApiServer, tmp_path: Path, recorded: tuple[Path, str]
    ) -> None:
        since = apiserver.audit_log.stat().st_size
        run_record(apiserver.kubeconfig, tmp_path / "again", "-n", scene.NAMESPACE)
        asked = {event["requestURI"] for event in apiserver.requests(since)}
        assert any("/pods" in uri for uri in asked)
        assert not any("secrets" in uri for uri in asked)
        why = {each.what: each.why for each in Recording.open(recorded[0]).manifest.not_read}
        assert why["secrets"].startswith("never recorded")


class TestWhatIsKept:
    def test_objects_are_those_of_the_server(
        self, recorded: tuple[Path, str], apiserver: ApiServer
    ) -> None:
        kept = Recording.open(recorded[0])
        path = f"/api/v1/namespaces/{scene.NAMESPACE}/pods/{scene.POD}"
        served = apiserver.client.get(path)
        served["metadata"].pop("managedFields")
        assert served in kept.objects(PODS)
        assert [each["metadata"]["name"] for each in kept.objects(NODES)] == [NODE]

    def test_tables_are_the_server_s_own(self, recorded: tuple[Path, str]) -> None:
        table = Recording.open(recorded[0]).table(PODS)
        assert table is not None
        names = [column["name"] for column in table.columns]
        cells = dict(zip(names, table.rows[scene.NAMESPACE, scene.POD], strict=True))
        assert cells["Name"] == scene.POD
        assert cells["Status"] == "CrashLoopBackOff"
        assert cells["Node"] == NODE

    def test_logs_are_kept_with_their_times_and_so_is_the_one_before(
        self, recorded: tuple[Path, str]
    ) -> None:
        kept = Recording.open(recorded[0])
        for previous in (False, True):
            log = kept.log(scene.NAMESPACE, scene.POD, "app", previous=previous)
            assert log is not None
            stamp, _, line = log.splitlines()[-1].partition(" ")
            assert stamp.endswith("Z")
            assert line == "giving up after 5 attempts"
        assert kept.log(scene.NAMESPACE, "cart", "app", previous=True) is None

    def test_version_discovery_and_schemas_are_shared(self, recorded: tuple[Path, str]) -> None:
        shared = Recording.open(recorded[0]).shared
        assert shared.version["gitVersion"] == Recording.open(recorded[0]).manifest.kubernetes
        assert shared.discovery["/apis"]["items"]
        index, apps = shared.openapi("v3"), shared.openapi("v3/apis/apps/v1")
        assert index is not None and "apis/apps/v1" in index["paths"]  # noqa: PT018 - of one thing
        assert apps is not None
        assert "io.k8s.api.apps.v1.Deployment" in apps["components"]["schemas"]

    def test_a_second_recording_of_the_same_server_shares_what_the_first_wrote(
        self, recorded: tuple[Path, str], apiserver: ApiServer
    ) -> None:
        folder = recorded[0]
        ran = run_record(apiserver.kubeconfig, folder.parent / "later", "-n", scene.NAMESPACE)
        assert ran.returncode == 0, ran.stderr
        assert len([*(folder.parent / "servers").iterdir()]) == 1
        later = Recording.open(folder.parent / "later")
        assert later.manifest.namespaces == (scene.NAMESPACE,)
        assert {each["metadata"]["namespace"] for each in later.objects(PODS)} == {scene.NAMESPACE}
        assert later.access(scene.NAMESPACE) is not None

    @pytest.mark.usefixtures("team")
    def test_two_readings_of_the_same_files_are_equal_text(
        self, apiserver: ApiServer, tmp_path: Path
    ) -> None:
        first, second = tmp_path / "first", tmp_path / "second"
        for target in (first, second):
            run_record(apiserver.kubeconfig, target, "-n", scene.NAMESPACE)
        place = Path("objects", "apps", "v1", "deployments", f"{scene.NAMESPACE}.json")
        assert (first / place).read_text() == (second / place).read_text()
        assert json.loads((first / place).read_text())["kind"] == "DeploymentList"


class TestGaps:
    @pytest.mark.usefixtures("team")
    def test_what_may_not_be_read_is_named_and_the_rest_is_there(
        self, apiserver: ApiServer, tmp_path: Path
    ) -> None:
        ran = run_record(apiserver.limited_kubeconfig, tmp_path / "limited")
        assert ran.returncode == 1, ran.stderr
        assert "podtemplates: forbidden" in ran.stdout
        kept = Recording.open(tmp_path / "limited")
        assert kept.objects(DEPLOYMENTS)
        gaps: dict[str, Any] = {each.what: each.why for each in kept.manifest.not_read}
        assert gaps["podtemplates"].startswith("forbidden")
        assert "podtemplates" not in {kind.plural for kind in kept.kinds()}

    def test_a_namespace_that_is_not_there_is_said_and_nothing_is_left(
        self, apiserver: ApiServer, tmp_path: Path
    ) -> None:
        ran = run_record(apiserver.kubeconfig, tmp_path / "none" / "x", "-n", "nowhere")
        assert ran.returncode == 2
        assert "There is no namespace nowhere." in ran.stderr
        assert not (tmp_path / "none").exists()
