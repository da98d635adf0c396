"""Variables and addresses a person gives: of a shape the bot takes, past no guard of the chart."""

from pathlib import Path
from typing import Any

import pytest

from bot.errors import SettingsError
from tests.chart.reading import settings_read
from tests.chart.rendering import Release, Renderer
from tests.chart.values import complaint

pytestmark = pytest.mark.chart

_SHAPES: dict[str, tuple[list[Any], list[Any]]] = {
    "KAIA_NUM_CTX": ([2048, "2999", 16_384, "131072"], [2047, "2047", "16k", 4096.5, True, "-1"]),
    "KAIA_KEEP_ALIVE": (["60m", "-1", -1, "1h30m", "1.5h"], ["soon", "60 m", True]),
    "KAIA_THINK": ([True, False, "true"], ["maybe", 3]),
    "KAIA_MODEL_TIMEOUT_SECONDS": ([1, 0.5, "180", "0.5"], [0, -1, "0", "0.0", "inf", "1m", True]),
    "KAIA_TURN_TIMEOUT_SECONDS": ([600, "600.5"], [0, "ten", True]),
    "KAIA_PARALLEL_MODEL_CALLS": ([1, "4"], [0, 1.5, "1.5", "0", True]),
    "KAIA_PARALLEL_TURNS": ([20], [0, "many"]),
    "KAIA_TURNS_PER_HOUR": ([60, "60"], [0, -5, "x"]),
    "KAIA_DAILY_TOKENS": ([5_000_000, "5000000"], [0, "5M", 0.5]),
    "KAIA_RETENTION_DAYS": ([30, 0.5, "7"], [0, "a week", False]),
    "KAIA_GRACE_SECONDS": ([0, 10, 0.5, "10"], [-1, "soon", "10s", "nan", True]),
    "KAIA_LOG_LEVEL": (["debug", "WARNING"], ["loud", True, 1]),
}
_TAKEN = [(name, value) for name, (taken, _) in _SHAPES.items() for value in taken]
_REFUSED = [(name, value) for name, (_, refused) in _SHAPES.items() for value in refused]
_NO_ADDRESSES = [
    "http://[::1",
    "http://%zz",
    "http://h:99999",
    "http://h:0",
    "http://h:",
    "http://",
    "http:///v1",
    "http://a b",
    "http://-a",
    "https://[]",
    "ftp://a",
    "true",
]
_PASSWORDS = ["http://ann:canary@h", "https://canary@h/v1", "http://ann:can%61ry@[::1]:80"]
_ADDRESSES = ["https://h", "http://h.a:65535/v1?a=b#c", "http://[::1]:1", "http://127.0.0.1:8080/"]
_PLACES = {
    "model.baseUrl": lambda text: {"model": {"baseUrl": text}},
    "slack.apiUrl": lambda text: {"slack": {"apiUrl": text}},
    "traces.endpoint": lambda text: {"traces": {"endpoint": text}},
    "config.KAIA_TRANSCRIPTION_URL": lambda text: {"config": {"KAIA_TRANSCRIPTION_URL": text}},
}
_FROM_A_SECRET = {"secretKeyRef": {"name": "mine", "key": "a"}}


@pytest.mark.parametrize(("name", "value"), _TAKEN)
def test_what_the_bot_takes_is_taken(
    chart: Renderer, tmp_path: Path, name: str, value: Any
) -> None:
    settings_read(chart.objects({"config": {name: value}}), tmp_path)


@pytest.mark.parametrize(("name", "value"), _REFUSED)
def test_what_the_bot_would_not_start_with_is_refused(
    chart: Renderer, name: str, value: Any
) -> None:
    """Numbers by the schema, and whatever it lets through or is skipped, in a sentence."""
    values = {"config": {name: value}}
    assert name in chart.refusal(values)
    said = f"config.{name} has to be"
    assert said in chart.refusal(values, Release(skips_schema=True))
    assert complaint(values) or said in chart.refusal(values)


@pytest.mark.parametrize("text", ["soon", "maybe", "0", "-1", "1.5", "x" * 50])
def test_no_variable_that_renders_stops_the_bot(chart: Renderer, tmp_path: Path, text: str) -> None:
    for name in _SHAPES:
        values = {"config": {name: text}}
        if not chart.refusal(values):
            try:
                settings_read(chart.objects(values), tmp_path)
            except SettingsError as error:
                pytest.fail(f"{name}={text}: {error}")


@pytest.mark.parametrize("where", _PLACES)
@pytest.mark.parametrize("text", _NO_ADDRESSES)
def test_what_is_no_address_is_refused_in_words(chart: Renderer, where: str, text: str) -> None:
    values = {**_PLACES[where](text), "networkPolicy": {"enabled": True}}
    sentence = f"{where} has to be an address"
    assert sentence in chart.refusal(values, Release(skips_schema=True))
    assert complaint(values) or sentence in chart.refusal(values)


@pytest.mark.parametrize("where", _PLACES)
@pytest.mark.parametrize("text", _ADDRESSES)
def test_an_address_is_taken(chart: Renderer, where: str, text: str) -> None:
    assert chart.refusal({**_PLACES[where](text), "networkPolicy": {"enabled": True}}) == ""


@pytest.mark.parametrize("where", _PLACES)
@pytest.mark.parametrize("text", _PASSWORDS)
def test_an_address_with_a_password_is_refused_and_not_shown(
    chart: Renderer, where: str, text: str
) -> None:
    refusal = chart.refusal(_PLACES[where](text))
    assert f"{where} holds a user or a password" in refusal
    assert "canary" not in refusal


@pytest.mark.parametrize("given", [{"value": "1"}, {"valueFrom": _FROM_A_SECRET}])
@pytest.mark.parametrize(
    ("name", "instead"),
    [
        ("KAIA_WRITES", "writes"),
        ("KAIA_NAMESPACES", "rbac.namespaces"),
        ("KAIA_ALLOWED_USERS", "slack.allowedUsers"),
        ("KAIA_CONFIG", "settings"),
        ("KAIA_STORE", "store"),
        ("KAIA_STORE_FILE", "store"),
        ("KAIA_MODEL", "model.provider"),
        ("SLACK_BOT_TOKEN", "slack.existingSecret"),
        ("SLACK_APP_TOKEN_FILE", "slack.existingSecret"),
        ("SLACK_API_URL", "slack.apiUrl"),
        ("KAIA_LOG_LEVEL", "config.KAIA_LOG_LEVEL"),
        ("OLLAMA_HOST", "model"),
    ],
)
def test_what_the_chart_sets_is_not_set_past_it(
    chart: Renderer, name: str, instead: str, given: dict[str, Any]
) -> None:
    values = {
        "config": {"KAIA_LOG_LEVEL": "debug"},
        "model": {"baseUrl": "http://ollama:11434"},
        "extraEnv": [{"name": name, **given}],
    }
    refusal = chart.refusal(values)
    assert f'extraEnv names "{name}", which the chart sets itself: set {instead}' in refusal


@pytest.mark.parametrize("key", ["extraEnv", "ollama.extraEnv"])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OPENAI_API_KEY", "canary"),
        ("KAIA_TRANSCRIPTION_API_KEY", "canary"),
        ("SOME_TOKEN", "canary"),
        ("DB_PASSWORD", "canary"),
        ("AWS_SECRET_ACCESS_KEY", "canary"),
        ("HTTPS_PROXY", "http://ann:canary@proxy:3128"),
        ("https_proxy", "ann:canary@proxy:3128"),
        ("SOME_SERVER", "https://canary@server"),
    ],
)
def test_a_secret_by_its_value_is_refused_and_not_shown(
    chart: Renderer, key: str, name: str, value: str
) -> None:
    def with_(given: dict[str, Any]) -> dict[str, Any]:
        variables = {"extraEnv": [{"name": name, **given}]}
        return variables if key == "extraEnv" else {"ollama": variables}

    refusal = chart.refusal(with_({"value": value}))
    assert f'{key} gives "{name}"' in refusal
    assert "valueFrom.secretKeyRef" in refusal
    assert "canary" not in refusal
    assert chart.refusal(with_({"valueFrom": _FROM_A_SECRET})) == ""


@pytest.mark.parametrize("name", ["HOME", "OLLAMA_HOST", "OLLAMA_MODELS"])
def test_what_the_chart_sets_of_its_ollama_is_not_set_past_it(chart: Renderer, name: str) -> None:
    given = {"ollama": {"enabled": True, "extraEnv": [{"name": name, "value": "/a"}]}}
    assert f'ollama.extraEnv names "{name}"' in chart.refusal(given)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NO_PROXY", "10.0.0.0/8,.svc"),
        ("HTTPS_PROXY", "http://proxy.example:3128"),
        ("SSL_CERT_FILE", "/etc/ssl/house/ca.pem"),
        ("KEEPER", "a:b@c"),
        ("REPOSITORY", "ssh://git@host/a"),
        ("EMPTY", ""),
    ],
)
def test_other_variables_are_taken(chart: Renderer, name: str, value: str) -> None:
    assert chart.refusal({"extraEnv": [{"name": name, "value": value}]}) == ""
