"""The rooms put together, where no room of its own can show it."""

import asyncio
import os
import socket
from pathlib import Path

import pytest

from bot.agents.models import build_model
from bot.app import changes
from bot.app.engine import opened_engine
from bot.app.playground import read_manifest, run_playground
from bot.app.slack import house_of
from bot.cluster.access import find_access
from bot.errors import ClusterError, SettingsError
from bot.settings import Settings, Writes, load_settings
from bot.slack import House
from tests.doubles.kube_api import serve_kube_api


async def test_a_cluster_that_comes_later_is_named_from_then_on(tmp_path: Path) -> None:
    environ = {"PATH": os.environ["PATH"], "KUBECONFIG": str(tmp_path / "config")}
    settings = load_settings({"KAIA_MODEL": "builtin"})
    async with (
        serve_kube_api() as api,
        opened_engine(
            settings,
            store_url=f"sqlite:///{tmp_path / 'kaia.db'}",
            model=build_model(settings),
            access=await find_access(environ),
            environ=environ,
        ) as engine,
    ):
        assert "cannot see a cluster" in engine.about()
        api.write_kubeconfig(tmp_path / "config", context="late")
        async with asyncio.timeout(20):
            await engine.keep_looking_for_a_cluster(environ, None, seconds=0.05)
        assert engine.cluster() == "late"
        assert "cannot see a cluster" not in engine.about()


@pytest.mark.parametrize(
    ("writes", "approving"), [("off", frozenset()), ("approve", frozenset({"S0SRE", "S0SHOP"}))]
)
def test_slack_learns_who_may_ask_and_which_groups_approve(
    tmp_path: Path, writes: str, approving: frozenset[str]
) -> None:
    (tmp_path / "kaia.yaml").write_text(
        "writes: {approvers: [U0BEN, S0SRE], namespaces: {shop: {approvers: [S0SHOP]}}}\n"
    )
    settings = load_settings(
        {
            "KAIA_CONFIG": str(tmp_path / "kaia.yaml"),
            "KAIA_WRITES": writes,
            "KAIA_ALLOWED_USERS": "U0ANN,S0ONCALL",
            "KAIA_ALLOWED_CHANNELS": "#incidents",
            "KAIA_ALLOWED_APPS": "A0ALERTS",
        }
    )

    assert house_of(settings) == House(
        users=frozenset({"U0ANN", "S0ONCALL"}),
        channels=frozenset({"#incidents"}),
        apps=frozenset({"A0ALERTS"}),
        approver_groups=approving,
        app_turns_per_hour=60,
    )


@pytest.mark.parametrize("is_server_only", [True, False])
async def test_a_port_that_is_taken_is_said_in_words(is_server_only: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=f"cannot listen on port {port}"):
            await run_playground(
                load_settings({"KAIA_MODEL": "builtin"}),
                None,
                port,
                is_server_only,
                environ={"PATH": os.environ["PATH"], "KUBECONFIG": os.devnull},
            )


async def test_a_context_that_was_named_and_is_not_there_ends_it(tmp_path: Path) -> None:
    async with serve_kube_api() as api:
        config = api.write_kubeconfig(tmp_path / "config", context="staging")
        with pytest.raises(ClusterError, match="stagin"):
            await run_playground(
                load_settings({"KAIA_MODEL": "builtin"}),
                "stagin",
                0,
                server_only=False,
                environ={"PATH": os.environ["PATH"], "KUBECONFIG": str(config)},
            )


def test_the_playground_grants_what_the_manifest_asks_for() -> None:
    assert "app_mentions:read" in read_manifest()["oauth_config"]["scopes"]["bot"]


def test_where_changes_may_be_proposed_people_and_model_are_told() -> None:
    writes = Writes.model_validate({"namespaces": {"shop": {}, "bank": {}}, "nodes": {}})
    off = load_settings({"KAIA_MODEL": "builtin"})
    file = off.file.model_copy(update={"writes": writes})
    on: Settings = off.model_copy(update={"writes": "approve", "file": file})

    assert "propose changes in bank, shop and of nodes" in changes.for_people(on)
    assert "propose_change" in changes.for_the_model(on)
    assert changes.for_people(off) == changes.for_the_model(off) == ""
