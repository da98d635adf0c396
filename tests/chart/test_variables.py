"""What the chart sets is what the bot reads, and what the bot reads can be set."""

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings.fields import VARIABLES, is_secret
from tests.chart.objects import of_kind, strings, variables
from tests.chart.reading import kaia_of, settings_read
from tests.chart.rendering import CHART, CI_FILES, ROOT, Object, Renderer

pytestmark = pytest.mark.chart

_OF_THE_SYSTEM = {"HOME", "XDG_STATE_HOME"}


def test_every_variable_the_chart_sets_is_one_the_bot_reads(
    rendered: dict[str, list[Object]],
) -> None:
    assert _named(rendered) - _OF_THE_SYSTEM - _readable() == set()


def test_every_variable_the_chart_sets_stands_in_the_readme(
    rendered: dict[str, list[Object]],
) -> None:
    readme = (ROOT / "README.md").read_text()
    fields = {name.removesuffix("_FILE") for name in _named(rendered) - _OF_THE_SYSTEM}
    documented = {name for name in fields if re.search(rf"`[^`]*\b{name}\b", readme)}
    assert fields - documented == set()


def test_a_secret_comes_as_a_file_and_never_as_a_variable(
    rendered: dict[str, list[Object]],
) -> None:
    secrets = {name for name, field in VARIABLES.items() if is_secret(field)} - {"KAIA_STORE"}
    assert _named(rendered) & secrets == set()


def test_config_takes_what_has_no_value_of_its_own_and_is_no_secret(
    rendered: dict[str, list[Object]],
) -> None:
    schema = json.loads((CHART / "values.schema.json").read_text())
    allowed = _keys(schema["properties"]["config"])
    readable = {
        name
        for name, field in VARIABLES.items()
        if name.startswith("KAIA_") and "SecretStr" not in str(field) and not is_secret(field)
    }
    assert allowed == readable - _set_by_itself(rendered)


@pytest.mark.parametrize("file", CI_FILES, ids=lambda file: file.name)
def test_the_bot_starts_with_what_is_rendered(
    rendered: dict[str, list[Object]], file: Path, tmp_path: Path
) -> None:
    settings = settings_read(rendered[file.name], tmp_path)
    given = yaml.safe_load(file.read_text()) or {}
    model = {"provider": "ollama", "name": "qwen3:8b", **given.get("model", {})}
    expected = (
        "builtin" if model["provider"] == "builtin" else f"{model['provider']}:{model['name']}"
    )
    assert settings.model == expected
    assert settings.slack_bot_token is not None
    assert settings.slack_app_token is not None
    assert settings.writes == ("approve" if given.get("writes", {}).get("enabled") else "off")
    assert settings.http_port == given.get("httpPort", 8080)
    assert settings.remarks == ()


def test_what_is_said_of_writes_reaches_the_bot_as_it_was_said(
    chart: Renderer, tmp_path: Path
) -> None:
    writes = {
        "enabled": True,
        "approvers": ["U0123ABCD", "S0456EFGH"],
        "ownRequests": True,
        "asUser": "kaia-hands",
        "asGroup": "kaia-handful",
        "namespaces": {
            "shop": {},
            "payments": {"changes": ["scale"], "approvers": ["S0789PAYM"]},
        },
        "nodes": {"changes": ["cordon"], "approvers": ["U0NODE0001"]},
    }
    read = settings_read(chart.objects({"writes": writes}), tmp_path).file.writes
    assert read.approvers == {"U0123ABCD", "S0456EFGH"}
    assert read.own_requests
    assert (read.as_user, read.as_group) == ("kaia-hands", "kaia-handful")
    assert set(read.namespaces) == {"shop", "payments"}
    assert read.namespaces["payments"].changes == {"scale"}
    assert read.approvers_in("payments") == {"S0789PAYM"}
    assert read.nodes is not None
    assert read.nodes.changes == {"cordon"}


def test_lists_numbers_and_a_false_reach_the_bot_as_they_were_said(
    chart: Renderer, tmp_path: Path
) -> None:
    values = {
        "clusterName": "it's: {a} #test",
        "slack": {
            "apiUrl": "http://slack.example:8443/api/",
            "allowedChannels": ["C0123ABCD", "#alerts", "im"],
            "allowedUsers": ["U0123ABCD"],
            "allowedApps": ["A0123ABCD"],
        },
        "config": {
            "KAIA_THINK": False,
            "KAIA_NUM_CTX": 1_048_576,
            "KAIA_GRACE_SECONDS": 0,
            "KAIA_DAILY_TOKENS": 50_000_000,
            "KAIA_LOG_LEVEL": "debug",
        },
        "settings": {
            "channel_namespaces": {"C0123ABCD": "shop"},
            "redaction_patterns": [r"ACME-[0-9]{6}\b", "a\"b'c"],
        },
        "runbooks": {"OOM.md": "# Memory\n\n{{ not a template }}: 'quotes' \"too\"\n"},
    }
    read = settings_read(chart.objects(values), tmp_path)
    assert read.cluster_name == "it's: {a} #test"
    assert read.slack_api_url == "http://slack.example:8443/api/"
    assert len(read.allowed_channels) == 3
    assert read.allowed_users == {"U0123ABCD"}
    assert read.allowed_apps == {"A0123ABCD"}
    assert read.think is False
    assert read.num_ctx == 1_048_576
    assert read.daily_tokens == 50_000_000
    assert read.grace_seconds == 0
    assert read.log_level == "debug"
    assert read.file.channel_namespaces == {"C0123ABCD": "shop"}
    assert [str(pattern) for pattern in read.file.redaction_patterns]
    assert read.file.runbooks is not None
    assert (read.file.runbooks / "OOM.md").read_text() == values["runbooks"]["OOM.md"]  # type: ignore[index]


def test_a_namespaced_kaia_is_told_where_it_may_look(chart: Renderer, tmp_path: Path) -> None:
    rbac = {"scope": "namespaced", "namespaces": ["shop", "payments"]}
    told = settings_read(chart.objects({"rbac": rbac}), tmp_path)
    assert set(told.namespaces) == {"shop", "payments"}
    alone = settings_read(chart.objects({"rbac": {"scope": "namespaced"}}), tmp_path / "alone")
    assert set(alone.namespaces) == {"kaia"}


@pytest.mark.parametrize("provider", ["openai", "anthropic", "gemini", "azure"])
def test_a_key_of_a_provider_reaches_the_bot_under_its_own_name(
    chart: Renderer, tmp_path: Path, provider: str
) -> None:
    model = {
        "provider": provider,
        "name": "some-model",
        "baseUrl": "https://models.example/v1",
        "existingSecret": "model-key",
    }
    read = settings_read(chart.objects({"model": model}), tmp_path)
    field = "azure_openai" if provider == "azure" else provider
    assert read.model == f"{provider}:some-model"
    assert getattr(read, f"{field}_api_key").get_secret_value() == "made-up"
    place = "azure_openai_endpoint" if provider == "azure" else f"{provider}_base_url"
    assert str(getattr(read, place)).startswith("https://models.example")


def test_no_secret_given_inline_stands_anywhere_but_in_a_secret(chart: Renderer) -> None:
    values = {
        "slack": {"botToken": "xoxb-canary-1", "appToken": "xapp-canary-2"},
        "model": {"provider": "openai", "name": "gpt", "apiKey": "sk-canary-3"},
    }
    objects = chart.objects(values)
    elsewhere = [each for each in objects if each["kind"] != "Secret"]
    assert not [text for text in strings(elsewhere) if "canary" in text]
    data = [each["data"].values() for each in of_kind(objects, "Secret")]
    held = {base64.b64decode(text).decode() for texts in data for text in texts}
    assert held == {"xoxb-canary-1", "xapp-canary-2", "sk-canary-3"}


def _named(rendered: dict[str, list[Object]]) -> set[str]:
    """Every variable of Kaia's container in any of them."""
    return {
        name for objects in rendered.values() for name in variables(objects, kaia_of(objects)[1])
    } - _given("extraEnv")


def _given(key: str) -> set[str]:
    """Names that a file of values gives under this key, by itself."""
    files: list[Any] = [yaml.safe_load(file.read_text()) or {} for file in CI_FILES]
    return {
        each if isinstance(each, str) else each["name"]
        for values in files
        for each in values.get(key) or ()
    }


def _readable() -> set[str]:
    files = {f"{name}_FILE" for name, field in VARIABLES.items() if is_secret(field)}
    return {*VARIABLES, *files}


def _set_by_itself(rendered: dict[str, list[Object]]) -> set[str]:
    return {name.removesuffix("_FILE") for name in _named(rendered) - _given("config")}


def _keys(schema: Any) -> set[str]:
    """Of a schema of a free map whose keys are known."""
    names = schema.get("propertyNames", {}).get("enum")
    return set(names if names is not None else schema["properties"])
