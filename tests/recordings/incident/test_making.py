"""A scenario is the cluster as it was seen, though it is mended when it is made."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app.shown import SHOP
from bot.cluster.access import ClusterAccess
from bot.cluster.api import opened_api
from bot.errors import ClusterError
from bot.recordings.format import Kind, Recording
from bot.recordings.incident import Incident, Kept, Made, PastReceipt, make, receipts_of
from tests.recordings.incident.conftest import REDACTOR, Later, Looked, cluster, look

PODS = Kind("", "v1", "pods", "Pod")
DEPLOYMENTS = Kind("apps", "v1", "deployments", "Deployment")
CONFIG_MAPS = Kind("", "v1", "configmaps", "ConfigMap")


SHOWN = "apiVersion: v1\nkind: Pod\nmetadata: {name: gone-1, namespace: shop}\nspec: {}\n"
GONE = PastReceipt(
    1, "kubectl get pod gone-1 --namespace=shop --output=yaml", 0, SHOWN, "", 1_700_000_000.0
)


def incident(kept: Kept | None, *receipts: PastReceipt) -> Incident:
    return Incident(kept, receipts, "shop", "a test", {"scenario.yaml": "format: 1\n"})


def faults(looked: Looked) -> list[tuple[str, str, str]]:
    return [(each.reason, each.about.spoken, each.cause) for each in looked.report.faults]


def names(recording: Recording, kind: Kind) -> set[str]:
    return {each["metadata"]["name"] for each in recording.objects(kind)}


async def made_of(
    later: Path, target: Path, kept: Kept | None, *receipts: PastReceipt
) -> tuple[Made, Recording]:
    async with cluster(later, target.parent / "now") as api:
        made = await make(api, incident(kept, *receipts), target, REDACTOR)
    return made, Recording.open(target)


def well(items: list[dict[str, Any]]) -> None:
    """Every workload has what it wants."""
    for each in items:
        wanted = each["spec"].get("replicas", 1)
        status = {"replicas": wanted, "readyReplicas": wanted, "availableReplicas": wanted}
        each["status"] |= status | {"updatedReplicas": wanted}
        each["metadata"]["resourceVersion"] += "0"


def mend(later: Later) -> None:
    later.change("core/v1/pods", lambda items: items.clear())
    later.change("core/v1/events", lambda items: items.clear())
    later.change("apps/v1/deployments", well)


class TestWhatWasSeen:
    async def test_is_found_again_with_the_same_causes_though_all_of_it_is_gone(
        self, then: Looked, later: Later, tmp_path: Path
    ) -> None:
        mend(later)
        async with cluster(later.folder, tmp_path / "mended") as api:
            assert faults(await look(api, "shop")) != faults(then)
        await made_of(later.folder, tmp_path / "made", then.kept)
        async with cluster(tmp_path / "made", tmp_path / "again") as api:
            again = await look(api, "shop")
        assert faults(again) == faults(then)

    async def test_is_as_old_in_the_replay_as_it_was(
        self, then: Looked, later: Later, tmp_path: Path
    ) -> None:
        mend(later)
        _, recording = await made_of(later.folder, tmp_path / "made", then.kept)
        assert recording.manifest.recorded_at == then.scene.now.replace(microsecond=0)
        table = recording.table(PODS)
        assert table is not None
        at = [column["name"] for column in table.columns].index
        for row in then.scene.rows:
            cells = table.rows[row.namespace, row.name]
            assert (cells[at("Status")], cells[at("Age")]) == (row.status, row.age)

    async def test_is_told_of_what_has_changed_since_and_in_its_row_too(
        self, then: Looked, later: Later, tmp_path: Path
    ) -> None:
        mend(later)
        _, recording = await made_of(later.folder, tmp_path / "made", then.kept)
        table = recording.table(DEPLOYMENTS)
        assert table is not None
        at = [column["name"] for column in table.columns].index
        seen = {each["metadata"]["name"]: each for each in then.scene.all("deployments")}
        unready = [each for each in seen.values() if "readyReplicas" not in each["status"]]
        assert unready
        for each in recording.objects(DEPLOYMENTS):
            name, status = each["metadata"]["name"], each["status"]
            assert status == seen[name]["status"]
            ready = f"{status.get('readyReplicas', 0)}/{each['spec']['replicas']}"
            assert table.rows["shop", name][at("Ready")] == ready

    async def test_what_came_later_is_not_among_it(
        self, then: Looked, later: Later, tmp_path: Path
    ) -> None:
        def add(items: list[dict[str, Any]]) -> None:
            fresh = json.loads(json.dumps(items[0]))
            fresh["metadata"] |= {"name": "came-later", "uid": "1"}
            items.append(fresh)

        for kind in ("core/v1/pods", "apps/v1/deployments"):
            later.change(kind, add)
        _, recording = await made_of(later.folder, tmp_path / "made", then.kept)
        assert "came-later" not in names(recording, PODS) | names(recording, DEPLOYMENTS)

    async def test_pods_that_were_well_and_are_gone_have_their_labels_from_their_workload(
        self, then: Looked, later: Later, tmp_path: Path
    ) -> None:
        mend(later)
        kept = replace(then.kept, labels={})
        made, recording = await made_of(later.folder, tmp_path / "made", kept)
        healthy = [row.name for row in then.scene.rows if not row.is_unwell]
        assert healthy
        found = {each["metadata"]["name"]: each for each in recording.objects(PODS)}
        assert all(found[name]["metadata"]["labels"] for name in healthy)
        told = "\n".join(f"{part.what}: {part.how}" for part in made.parts)
        assert "put together from the table of pods" in told

    async def test_of_config_maps_only_the_names_of_keys_were_kept(
        self, then: Looked, later: Later, tmp_path: Path
    ) -> None:
        one = {"apiVersion": "v1", "kind": "ConfigMap", "keys": ["hours"],
               "metadata": {"name": "gone", "namespace": "shop"}}  # fmt: skip
        kept = replace(then.kept, objects=(*then.kept.objects, one))
        _, recording = await made_of(later.folder, tmp_path / "made", kept)
        [found] = [
            each for each in recording.objects(CONFIG_MAPS) if each["metadata"]["name"] == "gone"
        ]
        assert [*found["data"]] == ["hours"]
        assert "not kept" in found["data"]["hours"]


class TestWhatWasNotKept:
    async def test_is_read_again_and_said_so_with_its_time(
        self, then: Looked, later: Later, tmp_path: Path
    ) -> None:
        made, _ = await made_of(later.folder, tmp_path / "made", then.kept)
        how = {part.what.partition(":")[0]: part.how for part in made.parts}
        assert how["serviceaccounts in shop"].startswith("read again at export, which may differ")
        assert how["deployments.apps in shop"] == "as seen then"

    async def test_without_a_look_all_is_as_it_is_now(self, later: Later, tmp_path: Path) -> None:
        made, recording = await made_of(later.folder, tmp_path / "made", None)
        assert names(recording, DEPLOYMENTS) == names(Recording.open(SHOP), DEPLOYMENTS) - {
            each["metadata"]["name"]
            for each in Recording.open(SHOP).objects(DEPLOYMENTS)
            if each["metadata"]["namespace"] != "shop"
        }
        assert {part.how[:10] for part in made.parts} == {"read again"}

    async def test_an_object_that_is_gone_and_was_shown_by_a_command_is_an_object_again(
        self, later: Later, tmp_path: Path
    ) -> None:
        made, recording = await made_of(later.folder, tmp_path / "made", None, GONE)
        assert "gone-1" in names(recording, PODS)
        assert receipts_of(tmp_path / "made") == (GONE,)
        assert any("from the output of a command" in part.how for part in made.parts)

    async def test_a_namespace_that_never_was_is_not_made_up(
        self, then: Looked, later: Later, tmp_path: Path
    ) -> None:
        asked = PastReceipt(1, "kubectl get pods --namespace=shopp", 0, "No resources", "", 1.0)
        made, recording = await made_of(later.folder, tmp_path / "made", then.kept, asked)
        assert recording.manifest.namespaces == ("shop",)
        assert made.recorded.namespaces == ("shop",)

    async def test_a_namespace_that_is_gone_was_there(
        self, then: Looked, later: Later, tmp_path: Path
    ) -> None:
        def gone(items: list[dict[str, Any]]) -> None:
            items[:] = [each for each in items if each["metadata"]["name"] != "shop"]

        later.change("core/v1/namespaces", gone, "_cluster")
        await made_of(later.folder, tmp_path / "made", then.kept)
        async with cluster(tmp_path / "made", tmp_path / "again") as api:
            assert faults(await look(api, "shop")) == faults(then)


class TestWithoutTheCluster:
    @staticmethod
    async def away(tmp_path: Path, kept: Kept | None, *receipts: PastReceipt) -> Made:
        access = ClusterAccess(kind="none", reason="No cluster answers.")
        (tmp_path / "out").mkdir(exist_ok=True)
        async with opened_api(access, {}) as api:
            return await make(api, incident(kept, *receipts), tmp_path / "out" / "made", REDACTOR)

    async def test_it_is_refused_with_what_to_do_and_nothing_is_left(
        self, then: Looked, tmp_path: Path
    ) -> None:
        with pytest.raises(ClusterError, match=r"Export again when it answers; or put the folder"):
            await self.away(tmp_path, then.kept)
        assert [*(tmp_path / "out").iterdir()] == []

    async def test_a_recording_of_the_same_server_beside_it_is_enough(
        self, then: Looked, later: Later, tmp_path: Path
    ) -> None:
        (tmp_path / "out").mkdir()
        (later.folder.parent / "servers").rename(tmp_path / "out" / "servers")
        made = await self.away(tmp_path, then.kept)
        assert not made.is_read_now
        async with cluster(tmp_path / "out" / "made", tmp_path / "again") as api:
            assert faults(await look(api, "shop")) == faults(then)

    async def test_what_commands_said_is_enough_without_a_kept_look(
        self, later: Later, tmp_path: Path
    ) -> None:
        (tmp_path / "out").mkdir()
        (later.folder.parent / "servers").rename(tmp_path / "out" / "servers")
        made = await self.away(tmp_path, None, GONE)
        assert made.at.timestamp() == GONE.started
        assert names(Recording.open(tmp_path / "out" / "made"), PODS) == {"gone-1"}
        assert receipts_of(tmp_path / "out" / "made") == (GONE,)

    @pytest.mark.parametrize("receipts", [(), (replace(GONE, answers=False),)])
    async def test_without_both_there_is_nothing_to_export(
        self, later: Later, tmp_path: Path, receipts: tuple[PastReceipt, ...]
    ) -> None:
        (tmp_path / "out").mkdir()
        (later.folder.parent / "servers").rename(tmp_path / "out" / "servers")
        with pytest.raises(ClusterError, match=r"Nothing was exported: .* neither a look nor"):
            await self.away(tmp_path, None, *receipts)

    async def test_a_server_that_cannot_be_read_is_said_with_that_nothing_was_exported(
        self, then: Looked, tmp_path: Path
    ) -> None:
        (tmp_path / "out" / "servers" / "v1").mkdir(parents=True)
        with pytest.raises(ClusterError, match=r"^Nothing was exported: .* is of no help: "):
            await self.away(tmp_path, then.kept)


async def test_what_was_written_after_the_look_is_in_no_log(
    then: Looked, later: Later, tmp_path: Path
) -> None:
    kept = replace(then.kept, at=then.kept.at - timedelta(days=4000), logs={})
    _, recording = await made_of(later.folder, tmp_path / "made", kept)
    assert not [*_logs(recording.folder)]


def _logs(folder: Path) -> Sequence[Path]:
    return [*(folder / "logs").rglob("*.log")] if (folder / "logs").is_dir() else []
