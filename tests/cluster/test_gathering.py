"""Several reads at once: all of them, or the one error that says why not."""

import asyncio

import pytest

from bot.cluster.gathering import gathered
from bot.errors import ClusterError


async def give(value: int, *, after: int = 0) -> int:
    for _ in range(after):
        await asyncio.sleep(0)
    return value


async def fail(error: Exception) -> int:
    raise error


async def test_results_come_in_order_however_long_each_takes() -> None:
    assert await gathered(give(1, after=5), give(2), give(3, after=2)) == [1, 2, 3]


async def test_nothing_to_read_is_nothing_read() -> None:
    assert await gathered() == []


async def test_one_cluster_error_comes_out_of_several_and_of_nested_ones() -> None:
    with pytest.raises(ClusterError, match="gone"):
        await gathered(fail(ClusterError("gone")), fail(ClusterError("gone")), give(1))
    with pytest.raises(ClusterError, match="gone"):
        await gathered(give(1), gathered(fail(ClusterError("gone"))))


async def test_none_outlives_the_others() -> None:
    ended: list[str] = []

    async def wait() -> int:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("waited")
        return 0

    with pytest.raises(ClusterError):
        await gathered(wait(), fail(ClusterError("gone")))

    assert ended == ["waited"]


async def test_another_error_is_not_hidden() -> None:
    with pytest.raises(ExceptionGroup) as raised:
        await gathered(fail(ValueError("odd")), give(1))

    assert raised.group_contains(ValueError)
