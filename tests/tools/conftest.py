"""A cluster that answers, and kubectl pointed at it."""

import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.audit import Record, unrecorded
from bot.cluster.access import ClusterAccess
from bot.cluster.processes import Bounds
from bot.redaction import Redactor
from bot.tools.runner import Kubectl
from tests.doubles.kube_api import KubeApi, serve_kube_api

MakeKubectl = Callable[..., Kubectl]


@pytest.fixture
async def kube_api() -> AsyncIterator[KubeApi]:
    async with serve_kube_api() as api:
        yield api


@pytest.fixture
def access(kube_api: KubeApi, tmp_path: Path) -> ClusterAccess:
    """What `find_access` says of the cluster that answers."""
    kubeconfig = kube_api.write_kubeconfig(tmp_path / "kubeconfig")
    return ClusterAccess(
        kind="kubeconfig",
        context="shop-cluster",
        server=kube_api.url,
        namespace="shop",
        kubeconfig=str(kubeconfig),
    )


@pytest.fixture
def make_kubectl(access: ClusterAccess, tmp_path: Path) -> MakeKubectl:
    """Kubectl with the real program, or with a script that stands for it."""

    def make(
        *,
        script: str | None = None,
        bounds: Bounds | None = None,
        environ: dict[str, str] | None = None,
        access: ClusterAccess = access,
        record: Record = unrecorded,
    ) -> Kubectl:
        program = None
        if script is not None:
            program = tmp_path / "bin" / "kubectl"
            program.parent.mkdir(exist_ok=True)
            program.write_text("#!/bin/sh\n" + script, encoding="utf-8")
            program.chmod(0o700)
        return Kubectl(
            access,
            Redactor(),
            environ={"PATH": os.environ["PATH"], "HOME": str(tmp_path), **(environ or {})},
            program=program,
            folder=tmp_path / "kubectl",
            bounds=bounds,
            record=record,
        )

    return make
