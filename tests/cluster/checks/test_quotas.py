"""Quotas that are used up, in numbers."""

import pytest

from bot.cluster.checks.quotas import check
from bot.cluster.findings import Ref, is_confirmed
from tests.doubles.idle_pods import Json, a_scene


def _quota(hard: Json, used: Json) -> Json:
    return {
        "kind": "ResourceQuota",
        "metadata": {"name": "compute", "namespace": "shop"},
        "spec": {"hard": hard},
        "status": {"hard": hard, "used": used},
    }


def test_a_quota_that_is_used_up_is_told_with_every_number() -> None:
    hard = {"pods": "3", "requests.cpu": "2", "requests.memory": "4Gi"}
    used = {"pods": "3", "requests.cpu": "1900m", "requests.memory": "1Gi"}
    (found,) = check(a_scene(resourcequotas=[_quota(hard, used)]))
    assert found.cause == (
        "Quota `compute` is used up: `pods` 3 of 3 (100 %), `requests.cpu` 1900m of 2 (95 %); "
        "nothing more that needs them can be made here."
    )
    assert (found.reason, found.severity) == ("QuotaUsedUp", "warning")
    assert found.about == Ref("ResourceQuota", "shop", "compute")
    assert is_confirmed(found)


def test_a_quota_that_is_nearly_used_up_is_worth_knowing() -> None:
    (found,) = check(a_scene(resourcequotas=[_quota({"pods": "10"}, {"pods": "9"})]))
    assert (found.reason, found.severity) == ("QuotaNearlyUsedUp", "info")


@pytest.mark.parametrize(
    "quota",
    [
        _quota({"pods": "10"}, {"pods": "8"}),
        _quota({"services.loadbalancers": "0"}, {"services.loadbalancers": "0"}),
        _quota({"pods": "10"}, {}),
        _quota({"pods": "many"}, {"pods": 3}),
        {"metadata": {"name": "odd"}, "status": []},
    ],
)
def test_a_quota_with_room_or_a_ban_yields_nothing(quota: Json) -> None:
    assert not list(check(a_scene(resourcequotas=[quota])))
