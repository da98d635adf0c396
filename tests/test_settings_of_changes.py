"""What KAIA_WRITES and the file of KAIA_CONFIG say about changes, and what is said back."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import Settings, load_settings

Load = Callable[..., Settings]
Problems = Callable[[str], list[str]]
_HERE = "In the file of KAIA_CONFIG, writes"


@pytest.fixture
def load(tmp_path: Path) -> Load:
    def load(text: str, **more: str) -> Settings:
        path = tmp_path / "kaia.yaml"
        path.write_text(text, encoding="utf-8")
        return load_settings({"KAIA_CONFIG": str(path), "KAIA_WRITES": "approve"} | more)

    return load


@pytest.fixture
def problems(load: Load) -> Problems:
    def problems(text: str) -> list[str]:
        with pytest.raises(SettingsError) as caught:
            load(text)
        return str(caught.value).splitlines()

    return problems


def test_changes_are_off_until_somebody_switches_them_on() -> None:
    assert load_settings({}).writes == "off"


def test_what_is_not_named_may_not_be_changed(load: Load) -> None:
    writes = load(
        "writes: {approvers: [U0123ABCD], namespaces: {shop: {changes: [scale]}}}"
    ).file.writes

    shop = writes.allowed_in("shop")
    assert shop is not None
    assert shop.changes == {"scale"}
    assert writes.allowed_in("payments") is None
    assert writes.allowed_in("") is None
    assert writes.approvers_in("payments") == frozenset()


def test_a_place_may_have_approvers_of_its_own(load: Load) -> None:
    writes = load(
        "writes:\n"
        "  approvers: U0123ABCD S0AAAA\n"
        "  namespaces: {shop: {}, pay: {approvers: [U0PAY]}}\n"
        "  nodes: {approvers: [S0NODES]}\n"
    ).file.writes

    assert writes.approvers_in("shop") == {"U0123ABCD", "S0AAAA"}
    assert writes.approvers_in("pay") == {"U0PAY"}
    assert writes.approvers_in("") == {"S0NODES"}
    assert writes.all_approvers == {"U0123ABCD", "S0AAAA", "U0PAY", "S0NODES"}
    assert not writes.own_requests


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{}", "KAIA_WRITES=approve needs to know where"),
        ("writes: {namespaces: {shop: {}}}", f"{_HERE} names nobody who may approve"),
        ("writes: {approvers: [U01], nodes: {}, oops: 1}", f"{_HERE}.oops is not known there"),
        (
            "writes: {approvers: [U01], namespaces: {shop: {change: [scale]}}}",
            f"{_HERE}.namespaces.shop.change is not known there; the nearest is changes.",
        ),
        (
            "writes: {approvers: [U01], namespaces: {shop: {changes: [apply]}}}",
            f"{_HERE}.namespaces.shop.changes has to be a list of some of rollout restart,",
        ),
        ("writes: {approvers: [bob], nodes: {}}", f"{_HERE}.approvers has to be a list of member"),
        ("writes: {approvers: [U01], namespaces: {SHOP: {}}}", f"{_HERE}.namespaces.SHOP has to"),
        (
            "writes: {approvers: [U01], nodes: {}, as_group: 'system:masters'}",
            f"{_HERE}.as_group has to be a name of a Kubernetes user or group",
        ),
        ("writes: 3", f"{_HERE} has to be a mapping with approvers,"),
    ],
)
def test_a_slip_is_said_where_it_stands(text: str, said: str, problems: Problems) -> None:
    [sentence] = problems(text)
    assert sentence.startswith(said)


def test_who_writes_the_block_but_switches_nothing_on_changes_nothing(load: Load) -> None:
    settings = load("writes: {approvers: [U0123ABCD], nodes: {}}", KAIA_WRITES="off")
    assert settings.writes == "off"
