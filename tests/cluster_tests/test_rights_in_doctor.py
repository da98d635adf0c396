"""`kaia doctor` under the token of each tier says what the tier is meant to be."""

from pathlib import Path

import pytest
import yaml

from bot.doctor import Check
from bot.doctor.cluster_rights import check_cluster
from bot.settings import Writes
from tests.apiserver.server import ApiServer
from tests.chart.rendering import Object, Renderer
from tests.rights.tiers import (
    APPROVED,
    BOUND,
    CLUSTER,
    NAMESPACED,
    TIERS,
    UNBOUND,
    WRITES,
    Given,
    Tier,
    give,
    roles,
)

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(120)]

BANK, SHOP = BOUND


@pytest.fixture(scope="module")
def given(
    helm: Path, apiserver: ApiServer, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Given]:
    chart = Renderer(helm)
    return {
        tier.name: give(apiserver, tier, roles(chart, tier), tmp_path_factory.mktemp(tier.name))
        for tier in TIERS
    }


@pytest.fixture(scope="module")
def writes(helm: Path) -> Writes:
    """As the chart's own file of settings says it."""
    return Writes.model_validate(settings_in(Renderer(helm).objects(WRITES.values, WRITES.release)))


def settings_in(objects: list[Object]) -> Object:
    [text] = [
        text
        for each in objects
        if each["kind"] == "ConfigMap"
        for name, text in each["data"].items()
        if name == "kaia.yaml"
    ]
    found: Object = yaml.safe_load(text)["writes"]
    return found


async def checks(
    given: dict[str, Given],
    tier: Tier,
    writes: Writes | None = None,
    namespaces: tuple[str, ...] = (),
) -> dict[str, Check]:
    found = await check_cluster(given[tier.name].environ, None, writes, namespaces)
    return {check.name: check for check in found}


def not_ok(found: dict[str, Check]) -> list[Check]:
    """But for kubectl's version, which is this machine's."""
    return [each for each in found.values() if each.state != "ok" and each.name != "kubectl"]


async def test_of_the_cluster_it_finds_all_as_it_should_be(given: dict[str, Given]) -> None:
    found = await checks(given, CLUSTER)

    assert not_ok(found) == []
    assert found["reading"].sentence.endswith("in all namespaces.")


async def test_kept_to_its_namespaces_nothing_is_missing(given: dict[str, Given]) -> None:
    found = await checks(given, NAMESPACED, namespaces=BOUND)

    assert not_ok(found) == []
    assert f"in {BANK}, {SHOP}, and looks nowhere else" in found["reading"].sentence


async def test_a_namespace_without_its_role_is_named(given: dict[str, Given]) -> None:
    found = await checks(given, NAMESPACED, namespaces=(BANK, UNBOUND))

    assert found["reading"].state == "failed"
    assert found["reading"].sentence.endswith(f"in {UNBOUND}.")
    assert BANK not in found["reading"].sentence
    assert "KAIA_NAMESPACES" in found["reading"].advice


async def test_of_changes_it_says_which_may_be_made_where(
    given: dict[str, Given], writes: Writes
) -> None:
    found = await checks(given, WRITES, writes)

    assert not_ok(found) == []
    sentence = found["approved changes"].sentence
    assert f"as {APPROVED} in the group {APPROVED}" in sentence
    assert f"scale in {SHOP}; cordon, uncordon nodes" in sentence
    assert "delete pod" in sentence.partition(f"in {BANK}")[0]


async def test_changes_that_would_be_refused_are_named(
    given: dict[str, Given], writes: Writes
) -> None:
    allowed = {**writes.namespaces, UNBOUND: writes.namespaces[SHOP]}
    found = await checks(given, WRITES, writes.model_copy(update={"namespaces": allowed}))

    check = found["approved changes"]
    assert check.state == "failed"
    assert f"would be refused: scale in {UNBOUND}." in check.sentence


async def test_without_the_right_to_act_as_the_group_none_would_run(
    given: dict[str, Given], writes: Writes
) -> None:
    found = await checks(given, CLUSTER, writes)

    assert found["approved changes"].state == "failed"
    assert f"impersonate groups/{APPROVED}" in found["approved changes"].sentence


@pytest.mark.parametrize("tier", TIERS, ids=str)
async def test_no_tier_can_read_secrets_or_change_anything_itself(
    given: dict[str, Given], tier: Tier
) -> None:
    found = await checks(given, tier, namespaces=tier.namespaces)

    assert found["secrets"].sentence == "Kaia cannot read Secrets."
    assert found["changing"].state == "ok"
