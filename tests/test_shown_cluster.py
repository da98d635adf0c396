"""Which cluster the playground shows, and what it tells of it."""

import os
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.app.shown import SHOP, opened_cluster
from bot.errors import ClusterError, RecordingError
from bot.settings import Settings, load_settings
from tests.doubles.kube_api import serve_kube_api


def environ(kubeconfig: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "KUBECONFIG": str(kubeconfig)}


@pytest.fixture
def settings() -> Settings:
    return load_settings(
        {
            "KAIA_MODEL": "builtin",
            "KAIA_CLUSTER_NAME": "staging",
            "KAIA_NAMESPACES": "bank",
        }
    ).model_copy(update={"writes": "approve"})


async def test_ones_own_cluster_is_shown_where_it_answers(
    settings: Settings, tmp_path: Path
) -> None:
    async with serve_kube_api() as api:
        config = api.write_kubeconfig(tmp_path / "config", context="mine")
        async with opened_cluster(settings, environ(config), tmp_path) as shown:
            assert shown.access.context == "mine"
            assert shown.settings is settings
            assert "context mine" in shown.lines[0]
            assert shown.welcome.banner == ""
            assert shown.welcome.questions[1] == "what is not well in bank?"
            assert not shown.is_substitute


async def test_without_a_cluster_the_recorded_shop_is_shown_and_said_to_be_one(
    settings: Settings, tmp_path: Path
) -> None:
    async with opened_cluster(settings, environ(tmp_path / "none"), tmp_path) as shown:
        assert shown.access.server.startswith("http://127.0.0.1:")
        assert "No cluster of yours: " in shown.lines[0]
        assert "a recorded shop, not your cluster" in shown.lines[1]
        assert "A recorded shop, not your cluster" in shown.welcome.banner
        assert shown.welcome.questions[0] == "why is cart failing?"
        assert shown.is_substitute


async def test_what_is_set_for_ones_own_cluster_does_not_hold_for_a_recording(
    settings: Settings, tmp_path: Path
) -> None:
    async with opened_cluster(settings, environ(tmp_path / "none"), tmp_path) as shown:
        assert shown.settings.cluster_name == "shop (recorded)"
        assert shown.settings.writes == "off"
        assert shown.settings.namespaces == shown.access.namespaces == ()


async def test_a_recording_that_is_named_keeps_ones_own_cluster_from_being_asked(
    settings: Settings, tmp_path: Path
) -> None:
    async with serve_kube_api() as api:
        config = api.write_kubeconfig(tmp_path / "config")
        async with opened_cluster(settings, environ(config), tmp_path, recording=SHOP) as shown:
            assert "a recorded shop" in shown.lines[0]
            assert not shown.is_substitute
        assert api.seen == []


async def test_another_recording_is_called_by_its_folder(
    settings: Settings, tmp_path: Path
) -> None:
    shutil.copytree(SHOP, tmp_path / "friday")
    shutil.copytree(SHOP.parent / "servers", tmp_path / "servers")
    async with opened_cluster(
        settings, environ(tmp_path / "none"), tmp_path, recording=tmp_path / "friday"
    ) as shown:
        assert shown.settings.cluster_name == "friday (recorded)"
        assert f"a recording, not your cluster ({tmp_path / 'friday'})" in shown.lines[0]
        assert shown.welcome.banner.startswith("A recording, not your cluster")
        assert shown.welcome.questions == (
            "what is wrong with statefulset db?",
            "what is not well in shop?",
            "is everything well in office?",
        )


async def test_a_folder_that_is_no_recording_is_said_in_words(
    settings: Settings, tmp_path: Path
) -> None:
    with pytest.raises(RecordingError, match="no recording"):
        async with opened_cluster(
            settings, environ(tmp_path / "none"), tmp_path, recording=tmp_path
        ):
            pass


async def test_a_context_that_was_named_is_never_replaced_by_a_recording(
    settings: Settings, tmp_path: Path
) -> None:
    async with serve_kube_api() as api:
        config = api.write_kubeconfig(tmp_path / "config", context="mine")
        with pytest.raises(ClusterError, match="miner"):
            async with opened_cluster(settings, environ(config), tmp_path, context="miner"):
                pass


@pytest.mark.parametrize(
    "arguments",
    [
        ("--shop", "--context", "mine"),
        ("--shop", "--recording", "x"),
        ("--context", "a", "--recording", "b"),
    ],
)
def test_only_one_thing_can_be_looked_at(arguments: tuple[str, ...]) -> None:
    done = CliRunner().invoke(app, ["playground", *arguments])

    assert done.exit_code == 2
    assert "give one" in done.output
