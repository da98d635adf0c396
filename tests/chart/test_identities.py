"""Whom approved changes run as: somebody that is nobody else, and no other release's."""

from typing import Any

import pytest

from bot.settings import Writes
from tests.chart.objects import address, of_kind
from tests.chart.reading import settings_read
from tests.chart.rendering import Object, Release, Renderer
from tests.rights.rules import account, given_to, group
from tests.rights.tiers import ROLES

pytestmark = pytest.mark.chart

_WRITES = {"enabled": True, "approvers": ["U0123ABCD"], "namespaces": {"shop": {}}}
_EVERYTHING: dict[str, Any] = {"writes": {**_WRITES, "nodes": {}}, "rbac": {"bindView": True}}
_NARROW: dict[str, Any] = {
    "writes": _WRITES,
    "rbac": {"bindView": True, "scope": "namespaced", "namespaces": ["shop"]},
}
_PAIRS = {
    "one name": (Release("kaia", "one"), Release("kaia", "two")),
    "one namespace": (Release("kaia", "one"), Release("kaia-two", "one")),
    "names that meet in the middle": (Release("kaia-b", "a"), Release("kaia", "b-a")),
    "and the other way": (Release("kaia", "a-kaia"), Release("kaia-kaia", "a")),
    "names that differ late": (Release("kaia" + "x" * 48 + "a"), Release("kaia" + "x" * 48 + "b")),
}
_OF_OTHERS = [
    "system:masters",
    "system:admin",
    "kubernetes-admin",
    "kubeadm:cluster-admins",
    "cluster-admin",
    "Cluster_Admins",
    "admin",
    "platform-admins",
    "administrators",
    "root",
    "oidc:sre",
    "ann@example.com",
    "kaia-approved:other:kaia",
]


def roles(chart: Renderer, values: dict[str, Any], release: Release) -> list[Object]:
    return of_kind(chart.objects(values, release), *ROLES)


@pytest.mark.parametrize("values", [_EVERYTHING, _NARROW], ids=["cluster", "namespaced"])
@pytest.mark.parametrize("pair", _PAIRS.values(), ids=_PAIRS)
def test_two_releases_share_no_role_and_no_rights(
    chart: Renderer, pair: tuple[Release, Release], values: dict[str, Any]
) -> None:
    """In whichever namespaces they are: Helm refuses what is another release's."""
    first, second = (roles(chart, values, each) for each in pair)
    assert len(first) == len(second)
    assert not {address(each) for each in first} & {address(each) for each in second}
    assert not _identities(first) & _identities(second)


def test_a_name_of_the_release_alone_holds_the_rights_and_reaches_the_bot(
    chart: Renderer, tmp_path: Any
) -> None:
    release = Release("kaia", "team")
    objects = chart.objects(_EVERYTHING, release)
    name = "kaia-approved:team:kaia"
    read = settings_read(objects, tmp_path).file.writes
    assert (read.as_user, read.as_group) == (name, name)
    # Kubernetes' own `view`, which is bound too, is no role of the chart's.
    roles_and_bindings = of_kind(objects, *ROLES)
    held = [one for one in roles_and_bindings if one.get("roleRef", {}).get("name") != "view"]
    assert given_to(group(name), held, "shop")
    own = given_to(account("team", "kaia"), held, "shop")
    assert {(r.resource, r.name) for r in own if r.verb == "impersonate"} == {
        ("users", name),
        ("groups", name),
    }


def test_the_longest_names_make_an_identity_the_bot_takes(chart: Renderer, tmp_path: Any) -> None:
    release = Release("k" * 53, "n" * 63)
    read = settings_read(chart.objects(_EVERYTHING, release), tmp_path).file.writes
    assert Writes.model_validate(read.model_dump()) == read


@pytest.mark.parametrize("key", ["asUser", "asGroup"])
@pytest.mark.parametrize("name", _OF_OTHERS)
def test_a_name_that_may_be_somebody_elses_is_refused(chart: Renderer, key: str, name: str) -> None:
    refusal = chart.refusal({"writes": {**_WRITES, key: name}})
    assert f"writes.{key} has to be a name of your own that nobody else has" in refusal


@pytest.mark.parametrize("name", ["hands", "kaia-approved", "kaia-approved:kaia:kaia", "mastery"])
def test_a_name_of_ones_own_is_taken(chart: Renderer, name: str) -> None:
    assert chart.refusal({"writes": {**_WRITES, "asUser": name, "asGroup": name}}) == ""


def _identities(objects: list[Object]) -> set[str]:
    """Names that may be acted as, and groups that hold rights."""
    named = {
        name
        for role in of_kind(objects, "ClusterRole")
        for rule in role["rules"]
        if "impersonate" in rule["verbs"]
        for name in rule["resourceNames"]
    }
    bindings = of_kind(objects, "ClusterRoleBinding", "RoleBinding")
    return named | {
        one["name"] for each in bindings for one in each["subjects"] if one["kind"] == "Group"
    }
