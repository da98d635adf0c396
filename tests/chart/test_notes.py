"""What is said after an installation: short, and what is still missing."""

from typing import Any

import pytest

from tests.chart.rendering import Renderer

pytestmark = pytest.mark.chart

_WRITES = {"enabled": True, "approvers": ["U0123ABCD"], "namespaces": {"shop": {}}}


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"slack": {"existingSecret": "tokens"}},
        {"writes": _WRITES},
        {
            "writes": _WRITES,
            "rbac": {"scope": "namespaced", "namespaces": ["shop"]},
            "ollama": {"enabled": True},
            "metrics": {"serviceMonitor": {"enabled": True}},
            "persistence": {"enabled": False},
        },
    ],
    ids=["nothing", "tokens", "writes", "much"],
)
def test_notes_are_twenty_lines_at_most(chart: Renderer, values: dict[str, Any]) -> None:
    lines = chart.notes(values).splitlines()
    assert 3 <= len(lines) <= 20
    assert max(map(len, lines)) <= 160


def test_notes_say_how_to_make_the_missing_secret(chart: Renderer) -> None:
    notes = chart.notes()
    for part in ("create secret generic kaia-slack", "bot-token", "app-token", "--namespace kaia"):
        assert part in notes.replace("-n kaia", "--namespace kaia")


def test_notes_ask_for_no_secret_that_is_there(chart: Renderer) -> None:
    assert "create secret" not in chart.notes({"slack": {"existingSecret": "tokens"}})


def test_notes_never_show_a_token(chart: Renderer) -> None:
    given = {"slack": {"botToken": "xoxb-canary-1", "appToken": "xapp-canary-2"}}
    assert "canary" not in chart.notes(given)
    assert "create secret" not in chart.notes(given)


def test_notes_say_whether_anything_can_be_changed_and_where(chart: Renderer) -> None:
    assert "only reads" in chart.notes()
    told = chart.notes({"writes": _WRITES})
    assert "approv" in told
    assert "shop" in told
