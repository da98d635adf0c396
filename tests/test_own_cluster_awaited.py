"""A cluster of one's own that answers while the recorded shop is shown."""

import asyncio
import os
from pathlib import Path
from typing import Any

import pytest

from bot.app.awaited import own_cluster_awaited
from bot.app.shown import Shown
from bot.cluster.access import ClusterAccess
from bot.playground import Welcome, Workspace
from bot.settings import Settings
from tests.doubles.kube_api import serve_kube_api


def plugin(program: Path) -> dict[str, Any]:
    """Credentials from a program, which leaves a mark when it is run."""
    program.write_text('#!/bin/sh\ntouch "$0.ran"\nexit 1\n', encoding="utf-8")
    program.chmod(0o755)
    api = "client.authentication.k8s.io/v1"
    return {"exec": {"apiVersion": api, "command": str(program), "interactiveMode": "Never"}}


def shown(*, is_substitute: bool = True) -> Shown:
    access = ClusterAccess("kubeconfig", context="recording")
    return Shown(access, Settings(), (), Welcome("A recorded shop."), is_substitute)


@pytest.fixture
def workspace() -> Workspace:
    workspace = Workspace()
    workspace.welcome = shown().welcome
    return workspace


def environ(config: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "KUBECONFIG": str(config)}


async def test_it_is_said_once_in_the_terminal_and_in_the_banner(
    workspace: Workspace, tmp_path: Path
) -> None:
    said: list[str] = []
    config = tmp_path / "config"
    async with (
        serve_kube_api() as api,
        own_cluster_awaited(shown(), workspace, said.append, environ(config), seconds=0.02),
        asyncio.timeout(20),
    ):
        assert workspace.welcome.banner == "A recorded shop."
        api.write_kubeconfig(config, context="mine")
        await workspace.changes.until(lambda: "answers now" in workspace.welcome.banner)

    [line] = said
    assert line.startswith("Your cluster answers now: context mine, server https://127.0.0.1:")
    assert "start again" in line
    assert workspace.welcome.banner == (
        "Your cluster answers now (context mine): start again to look at it. A recorded shop."
    )
    assert workspace.welcome.questions == shown().welcome.questions


async def test_who_chose_a_recording_is_not_told_and_the_cluster_is_not_asked(
    workspace: Workspace, tmp_path: Path
) -> None:
    async with serve_kube_api() as api:
        config = environ(api.write_kubeconfig(tmp_path / "config"))
        chosen = shown(is_substitute=False)
        async with own_cluster_awaited(chosen, workspace, pytest.fail, config, seconds=0):
            assert [each.get_name() for each in asyncio.all_tasks()].count(
                "own cluster awaited"
            ) == 0
        assert api.seen == []


async def test_a_credential_plugin_is_not_run_again_and_again(
    workspace: Workspace, tmp_path: Path
) -> None:
    async with serve_kube_api() as api:
        user = plugin(tmp_path / "log-in")
        config = api.write_kubeconfig(tmp_path / "config", user=user)
        async with own_cluster_awaited(
            shown(), workspace, lambda _: None, environ(config), seconds=0.01
        ):
            await asyncio.sleep(0.5)
            api.write_kubeconfig(config)
            async with asyncio.timeout(20):
                await workspace.changes.until(lambda: bool(api.seen))
    assert not (tmp_path / "log-in.ran").exists()


async def test_nothing_is_left_behind_at_the_end(workspace: Workspace, tmp_path: Path) -> None:
    before = asyncio.all_tasks()
    nowhere = environ(tmp_path / "none")
    async with own_cluster_awaited(shown(), workspace, pytest.fail, nowhere, seconds=0.01):
        await asyncio.sleep(0.05)
        assert len(asyncio.all_tasks()) == len(before) + 1

    assert asyncio.all_tasks() == before
