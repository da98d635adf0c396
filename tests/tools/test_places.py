"""Whether a word is a namespace, where those may not be listed."""

from pathlib import Path

import pytest

from bot.cluster.api import opened_api
from bot.tools.asked import read
from bot.tools.places import Tried, tried
from tests.doubles.tiny_cluster import serve_tiny_cluster


@pytest.mark.parametrize(
    ("text", "forbidden", "expected"),
    [
        ("what is wrong in shop?", {"namespaces"}, Tried(open=("shop",))),
        ("what is wrong in empty?", set(), Tried(open=("empty",))),
        ("what is wrong in empty?", {"namespaces"}, Tried()),
        ("what is wrong in shop?", {"pods"}, Tried(closed=("shop",))),
        ("what is wrong in nowhere?", set(), Tried()),
        ("a pod is stuck in Terminating", {"pods"}, Tried()),
        ("what is wrong in namespace shop?", {"pods"}, Tried()),
    ],
)
async def test_what_stands_behind_in_is_tried(
    tmp_path: Path, text: str, forbidden: set[str], expected: Tried
) -> None:
    async with serve_tiny_cluster() as cluster:
        cluster.add_namespaces("empty", "shop")
        cluster.add_pod("shop", "cart")
        cluster.forbidden = forbidden
        async with opened_api(cluster.access(tmp_path), {}) as api:
            assert await tried(api, read(text)) == expected
