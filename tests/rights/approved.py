"""The roles of approved changes as one file, for who installs without the chart."""

import yaml

from bot.settings import Writes
from tests.chart.rendering import ROOT, Object, Release, Renderer
from tests.rights.tiers import Tier, roles

FILE = ROOT / "docs" / "approved-changes.yaml"
NAMESPACE = "shop"
_NAME = Writes().as_group
_HEAD = """\
# The rights of approved changes, as the chart makes them for `writes.namespaces: {shop: {}}` and
# nodes, in a release `kaia` in the namespace `kaia`, with the names that Kaia takes where its own
# settings give none: `asUser` and `asGroup` are `kaia-approved`. See approvals.md.
# `python -m tests.rights` writes this file.
"""
_TIER = Tier(
    "documented",
    Release("kaia", "kaia"),
    {
        "writes": {
            "enabled": True,
            "approvers": ["U0123ABCD"],
            "asUser": _NAME,
            "asGroup": _NAME,
            "namespaces": {NAMESPACE: {}},
            "nodes": {"changes": ["cordon", "uncordon"]},
        }
    },
)


def written(chart: Renderer) -> str:
    made = [each for each in roles(chart, _TIER) if "approved" in each["metadata"]["name"]]
    return _HEAD + yaml.safe_dump_all(map(_bare, made), sort_keys=False, explicit_start=True)


def _bare(each: Object) -> Object:
    """Labels are the release's, which there is none of."""
    metadata = {key: value for key, value in each["metadata"].items() if key != "labels"}
    return {**each, "metadata": metadata}
