"""`helm uninstall` takes all away but what the chart says it keeps: the claim of its volume."""

from pathlib import Path

import pytest

from tests.installing.installed import prepared
from tests.installing.inventory import objects_of
from tests.node.node import Node

NAMESPACE = "kaia-for-a-while"
_EVERYTHING = {
    "podDisruptionBudget": {"enabled": True},
    "networkPolicy": {"enabled": True},
    "writes": {"enabled": True, "approvers": ["U0123ABCD"], "namespaces": {NAMESPACE: {}}},
    "runbooks": {"pods.md": "# Pods\n\nLook at their events.\n"},
}
pytestmark = [pytest.mark.cluster, pytest.mark.timeout(300)]


async def test_nothing_is_left_but_the_claim(
    node: Node, kaia_image: Path, helm: Path, tmp_path: Path
) -> None:
    node.load(kaia_image)
    async with prepared(node, helm, tmp_path, NAMESPACE, **_EVERYTHING) as release:
        before = objects_of(node.client, NAMESPACE)
        await release.install()
        added = objects_of(node.client, NAMESPACE) - before
        await release.uninstall()
        kept = {each for each in added if each.startswith("persistentvolumeclaims/")}
        await release.until(lambda: objects_of(node.client, NAMESPACE) - before == kept)
    assert len(kept) == 1
    role = f"clusterroles/kaia-read.{NAMESPACE}"
    assert {role, "deployments/kaia", "networkpolicies/kaia"} <= added
