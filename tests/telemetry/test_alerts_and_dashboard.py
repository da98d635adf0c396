"""Alerts, dashboard and guide speak of metrics that exist, with labels and words that they have."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families

from bot.app.metrics import Metrics
from bot.app.vocabulary import VOCABULARY
from bot.conversations import Inbox, Store
from bot.conversations.records import Ending, Turn
from bot.redaction import Redactor
from bot.telemetry.meters import ACTIVITIES, HAPPENINGS, Meters
from bot.telemetry.words import OTHER, OUTCOMES

_ROOT = Path(__file__).parents[2]
_ALERTS = yaml.safe_load((_ROOT / "helm/files/alerts.yaml").read_text())
_DASHBOARD = json.loads((_ROOT / "helm/files/dashboard.json").read_text())
_GUIDE = (_ROOT / "docs/observability.md").read_text()

RULES: list[dict[str, Any]] = [rule for group in _ALERTS["groups"] for rule in group["rules"]]
PANELS: list[dict[str, Any]] = [one for one in _DASHBOARD["panels"] if one["type"] != "row"]
EXPRESSIONS: list[str] = [rule["expr"] for rule in RULES] + [
    target["expr"] for panel in PANELS for target in panel["targets"]
]

_NAME = re.compile(r"\b(?:kaia|process)_[a-z_]+\b")
_MATCHER = re.compile(r'(\w+)\s*(?:=~|!~|!=|=)\s*"([^"]*)"')
_OF_THE_TARGET = {"namespace", "job", "pod", "le"}
_SUFFIXES = {"histogram": ("_bucket", "_count", "_sum"), "counter": ("_total",), "gauge": ("",)}


@pytest.fixture
async def families(tmp_path: Path) -> dict[str, str]:
    """Name -> type, of all that is exposed."""
    store = await Store.open(f"sqlite:///{tmp_path / 'kaia.db'}", exclusive=True)
    meters = Meters("1", "3")
    asked = store, Inbox(store, _never, Redactor())
    try:
        text = (await Metrics(meters, {"slack": lambda: True}, asked).exposition()).decode()
    finally:
        await store.close()
    return {each.name: each.type for each in text_string_to_metric_families(text)}


async def _never(_turn: Turn) -> Ending:
    raise NotImplementedError


def labels_of(name: str) -> set[str]:
    for told in ACTIVITIES.values():
        if name.startswith(told.name):
            return {told.label, "outcome"}
    for told in HAPPENINGS.values():
        if name == told.name:
            return {told.label} - {""}
    own = {"kaia_ready": {"part"}, "kaia_store_rows": {"table"}}
    return own.get(name, {"version", "python"} if name == "kaia_build_info" else set())


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_an_expression_names_only_what_is_exposed(
    expression: str, families: dict[str, str]
) -> None:
    exposed = {name + suffix for name, kind in families.items() for suffix in _SUFFIXES[kind]}
    names = set(_NAME.findall(expression))
    assert names
    assert names <= exposed
    labels = {label for label, _ in _MATCHER.findall(expression)} | set(_grouped(expression))
    assert labels <= _OF_THE_TARGET.union(*map(labels_of, names))


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_a_word_that_an_expression_asks_for_is_on_a_list(expression: str) -> None:
    known = {word for words in (*VOCABULARY.values(), *OUTCOMES.values()) for word in words}
    for label, value in _MATCHER.findall(expression):
        if label not in _OF_THE_TARGET:
            assert set(value.split("|")) <= known | {OTHER}


def _grouped(expression: str) -> Iterator[str]:
    for group in re.findall(r"\bby\s*\(([^)]*)\)", expression):
        yield from (label.strip() for label in group.split(","))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_an_alert_says_what_happened_and_what_to_do(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in {"info", "warning", "critical"}
    assert rule["annotations"]["summary"]
    assert len(rule["annotations"]["description"].split()) > 12
    grouped = {*_grouped(rule["expr"])}
    said = json.dumps(rule["annotations"])
    assert set(re.findall(r"\$labels\.(\w+)", said)) <= grouped
    assert f"`{rule['alert']}`" in _GUIDE


def test_every_metric_of_kaia_is_on_the_dashboard(families: dict[str, str]) -> None:
    shown = " ".join(EXPRESSIONS)
    assert not [name for name in families if name.startswith("kaia_") and name not in shown]


def test_the_dashboard_asks_which_prometheus_and_nothing_else_is_written_into_it() -> None:
    assert _DASHBOARD["templating"]["list"][0]["type"] == "datasource"
    assert {panel["datasource"]["uid"] for panel in PANELS} == {"${datasource}"}
    assert len({panel["id"] for panel in _DASHBOARD["panels"]}) == len(_DASHBOARD["panels"])


def test_the_guide_has_each_metric_with_its_type_and_its_labels(families: dict[str, str]) -> None:
    rows = re.findall(r"^\| `(kaia_\w+)` \| (\w+) \| ([^|]*)\|", _GUIDE, re.MULTILINE)
    told = {name: (kind, set(re.findall(r"`(\w+)`", labels))) for name, kind, labels in rows}
    exposed = {
        name + ("_total" if kind == "counter" else ""): kind
        for name, kind in families.items()
        if name.startswith("kaia_")
    }
    assert told == {name: (kind, labels_of(name)) for name, kind in exposed.items()}


def test_two_processes_count_for_themselves() -> None:
    first, second = Meters("1", "3"), Meters("1", "3")
    first.count("takeover", "", 2)
    assert isinstance(second.registry, CollectorRegistry)
    assert first.registry.get_sample_value("kaia_turns_taken_over_total") == 2
    assert second.registry.get_sample_value("kaia_turns_taken_over_total") == 0
