"""What a recording holds is read back as it was written."""

import datetime
import shutil
from pathlib import Path

from bot.recordings.format import Kind, NotRead, Recording
from tests.recordings.hand_made import COLUMNS, POD, SERVER, make, put

PODS = Kind("", "v1", "pods", "Pod")
DEPLOYMENTS = Kind("apps", "v1", "deployments", "Deployment")


def test_the_manifest_says_when_from_what_and_what_is_missing(tmp_path: Path) -> None:
    manifest = Recording.open(make(tmp_path / "shop")).manifest
    assert manifest.recorded_at == datetime.datetime(2026, 11, 27, 10, 20, tzinfo=datetime.UTC)
    assert (manifest.kubernetes, manifest.server) == ("v1.34.4", SERVER)
    assert manifest.not_read == (NotRead("secrets", "never recorded"),)
    assert (manifest.redactions, manifest.note) == (2, "by hand")


def test_objects_tables_logs_and_rights_are_found_by_their_names(tmp_path: Path) -> None:
    recording = Recording.open(make(tmp_path / "shop"))
    assert recording.objects(PODS) == [POD]
    table = recording.table(PODS)
    assert table is not None
    assert (table.columns, table.rows) == (COLUMNS, {("shop", "web"): ["web", "5m"]})
    assert recording.log("shop", "web", "app", False) == "2026-11-27T10:19:00.5Z started\n"
    assert recording.log("shop", "web", "app", True) is None
    assert recording.access("shop") == {"resourceRules": []}
    assert recording.access("other") is None
    assert recording.shared.openapi("v3") == {"paths": {"api/v1": {}}}
    assert recording.shared.openapi("v3/api/v1") == {"openapi": "3.0.0"}
    assert recording.shared.openapi("v3/apis/apps/v1") is None


def test_a_kind_of_which_there_was_nothing_is_known_and_empty(tmp_path: Path) -> None:
    recording = Recording.open(make(tmp_path / "shop"))
    assert recording.kinds() == (PODS, DEPLOYMENTS)
    assert recording.objects(DEPLOYMENTS) == []
    assert recording.table(DEPLOYMENTS) is None


def test_a_kind_that_the_manifest_does_not_list_is_known_by_its_files(tmp_path: Path) -> None:
    folder = make(tmp_path / "shop")
    node = {"metadata": {"name": "node-1"}}
    file = folder / "objects" / "core" / "v1" / "nodes" / "_cluster.json"
    put(file, {"kind": "NodeList", "items": [node]})
    nodes = Kind("", "v1", "nodes", "Node", is_namespaced=False)
    assert Recording.open(folder).objects(nodes) == [node]


def test_a_recording_that_was_sent_alone_may_hold_its_server_itself(tmp_path: Path) -> None:
    folder = make(tmp_path / "shop")
    shutil.move(tmp_path / "servers", folder / "servers")
    assert Recording.open(folder).shared.version == {"gitVersion": "v1.34.4"}


def test_names_of_roles_may_hold_a_colon(tmp_path: Path) -> None:
    folder = make(tmp_path / "shop")
    role = {"metadata": {"name": "system:node reader"}}
    place = folder / "objects" / "rbac.authorization.k8s.io" / "v1" / "clusterroles"
    put(place / "_cluster.json", {"kind": "ClusterRoleList", "items": [role]})
    kinds = {kind.plural: kind for kind in Recording.open(folder).kinds()}
    assert Recording.open(folder).objects(kinds["clusterroles"]) == [role]
