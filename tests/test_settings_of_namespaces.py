"""KAIA_NAMESPACES: which are looked into, and what else the settings may not name then."""

from pathlib import Path

import pytest

from bot.app import reach
from bot.cluster.access import ClusterAccess
from bot.cluster.access import find_access as find
from bot.errors import SettingsError
from bot.settings import load_settings

_KUBECONFIG = """\
{apiVersion: v1, kind: Config, current-context: c,
 clusters: [{name: c, cluster: {server: 'http://127.0.0.1:1'}}],
 users: [{name: u, user: {}}],
 contexts: [{name: c, context: {cluster: c, user: u, namespace: kaia}}]}
"""


def problems(**environ: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load_settings(environ)
    return str(caught.value).splitlines()


def configured(folder: Path, text: str) -> str:
    path = folder / "kaia.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_without_it_every_namespace_is_looked_into() -> None:
    assert load_settings({}).namespaces == ()


def test_they_keep_their_order_and_stand_once() -> None:
    assert load_settings({"KAIA_NAMESPACES": "shop, bank shop,"}).namespaces == ("shop", "bank")


@pytest.mark.parametrize("value", ["Shop", "*", "shop,-bank", "a_b"])
def test_what_cannot_be_a_namespace_is_refused(value: str) -> None:
    [problem] = problems(KAIA_NAMESPACES=value)

    assert problem.startswith("KAIA_NAMESPACES has to be a list of namespaces")


def test_a_channel_may_not_mean_one_outside(tmp_path: Path) -> None:
    config = configured(tmp_path, "channel_namespaces: {C0123ABCD: pay, C0123ABCE: shop}")

    [problem] = problems(KAIA_NAMESPACES="shop", KAIA_CONFIG=config)

    assert "channel_namespaces names pay, which KAIA_NAMESPACES does not" in problem


def test_no_change_may_be_made_outside(tmp_path: Path) -> None:
    text = "writes: {approvers: [U0123ABCD], namespaces: {pay: {}, shop: {}}}"
    config = configured(tmp_path, text)

    [problem] = problems(KAIA_NAMESPACES="shop", KAIA_CONFIG=config, KAIA_WRITES="approve")

    assert "writes.namespaces names pay" in problem


def test_where_changes_are_off_they_may_be_named_anywhere(tmp_path: Path) -> None:
    config = configured(tmp_path, "writes: {approvers: [U0123ABCD], namespaces: {pay: {}}}")

    assert load_settings({"KAIA_NAMESPACES": "shop", "KAIA_CONFIG": config}).namespaces == ("shop",)


@pytest.mark.parametrize(
    ("namespaces", "default"), [((), "kaia"), (("shop", "kaia"), "kaia"), (("shop",), "shop")]
)
async def test_where_none_is_named_one_inside_is_meant(
    tmp_path: Path, namespaces: tuple[str, ...], default: str
) -> None:
    path = tmp_path / "kubeconfig"
    path.write_text(_KUBECONFIG)

    access = await find({"KUBECONFIG": str(path)}, namespaces=namespaces, asks=False)

    assert (access.namespace, access.namespaces) == (default, namespaces)


def test_people_and_the_model_are_told_of_them() -> None:
    narrow = ClusterAccess("kubeconfig", namespaces=("shop", "bank"))

    assert reach.for_people(narrow) == " I look only into the namespaces shop, bank."
    assert "shop, bank" in reach.for_the_model(narrow)
    assert reach.for_people(ClusterAccess("kubeconfig")) == ""
