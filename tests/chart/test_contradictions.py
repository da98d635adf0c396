"""Values that contradict each other are refused in a sentence that says what to do."""

from typing import Any

import pytest

from tests.chart.rendering import Release, Renderer

pytestmark = pytest.mark.chart

_WRITES = {"enabled": True, "approvers": ["U0123ABCD"], "namespaces": {"shop": {}}}
_CASES: dict[str, tuple[dict[str, Any], str]] = {
    "two with SQLite": (
        {"replicaCount": 2},
        "store.type is sqlite, a file that one process holds: set store.type to postgres",
    ),
    "Postgres without its address": (
        {"store": {"type": "postgres"}},
        "store.type postgres needs store.existingSecret",
    ),
    "an address for SQLite": (
        {"store": {"existingSecret": "store"}},
        "store.type is sqlite, which takes none",
    ),
    "too little time to end": (
        {"terminationGracePeriodSeconds": 30},
        "is 30: it has to be at least KAIA_GRACE_SECONDS and 25 more, 45",
    ),
    "more time to end than the kubelet gives": (
        {"config": {"KAIA_GRACE_SECONDS": 60}},
        "at least KAIA_GRACE_SECONDS and 25 more, 85",
    ),
    "the same as text": (
        {"config": {"KAIA_GRACE_SECONDS": "60"}},
        "at least KAIA_GRACE_SECONDS and 25 more, 85",
    ),
    "one token": (
        {"slack": {"botToken": "xoxb-1"}},
        "slack.botToken is given and slack.appToken is not",
    ),
    "the other token": (
        {"slack": {"appToken": "xapp-1"}},
        "slack.appToken is given and slack.botToken is not",
    ),
    "tokens twice": (
        {"slack": {"existingSecret": "tokens", "botToken": "xoxb-1", "appToken": "xapp-1"}},
        "slack.existingSecret and tokens are both given",
    ),
    "tokens the wrong way round": (
        {"slack": {"botToken": "xapp-1", "appToken": "xoxb-1"}},
        "slack.botToken has to begin with xoxb-",
    ),
    "one key for both tokens": (
        {"slack": {"secretKeys": {"botToken": "token", "appToken": "token"}}},
        "slack.secretKeys names one key for both tokens",
    ),
    "an Ollama for nobody": (
        {"ollama": {"enabled": True}, "model": {"provider": "builtin"}},
        "the Ollama would run for nobody",
    ),
    "two Ollamas": (
        {"ollama": {"enabled": True}, "model": {"baseUrl": "http://other:11434"}},
        "ollama.enabled is true and model.baseUrl names another one",
    ),
    "a provider without a key": (
        {"model": {"provider": "openai", "name": "gpt"}},
        "model.provider openai needs a key",
    ),
    "keys twice": (
        {"model": {"provider": "openai", "name": "a", "existingSecret": "b", "apiKey": "c"}},
        "model.existingSecret and model.apiKey are both given",
    ),
    "a key for nobody": (
        {"model": {"existingSecret": "key"}},
        "model.provider ollama takes no key",
    ),
    "Azure without its endpoint": (
        {"model": {"provider": "azure", "name": "a", "existingSecret": "b"}},
        "model.provider azure needs model.baseUrl",
    ),
    "a model without a name": ({"model": {"name": " "}}, "model.name is empty"),
    "an address for no model": (
        {"model": {"provider": "builtin", "baseUrl": "http://a"}},
        "model.provider builtin asks no server",
    ),
    "no account of its own": (
        {"serviceAccount": {"create": False}},
        "serviceAccount.create is false: name an account of Kaia's own",
    ),
    "everybody's account": (
        {"serviceAccount": {"create": False, "name": "default"}},
        "serviceAccount.create is false: name an account of Kaia's own",
    ),
    "everybody's account, made": (
        {"serviceAccount": {"name": "default"}},
        "serviceAccount.name is default, the account that every pod of the namespace has",
    ),
    "a claim for nothing": (
        {"persistence": {"enabled": False, "existingClaim": "state"}},
        "persistence.enabled is false and persistence.existingClaim is given",
    ),
    "a claim beside Postgres": (
        {
            "store": {"type": "postgres", "existingSecret": "store"},
            "persistence": {"existingClaim": "state"},
        },
        "persistence.existingClaim is given and store.type is postgres",
    ),
    "a claim for no models": (
        {"ollama": {"enabled": True, "persistence": {"enabled": False, "existingClaim": "a"}}},
        "ollama.persistence.enabled is false and ollama.persistence.existingClaim is given",
    ),
    "view without roles": (
        {"rbac": {"create": False, "bindView": True}},
        "rbac.create is false, so no role is made",
    ),
    "rules without roles": (
        {
            "rbac": {
                "create": False,
                "extraRules": [{"apiGroups": ["a.b"], "resources": ["c"], "verbs": ["get"]}],
            }
        },
        "rbac.create is false, so no role is made",
    ),
    "namespaces in the whole cluster": (
        {"rbac": {"namespaces": ["shop"]}},
        "rbac.namespaces is given and rbac.scope is cluster",
    ),
    "changes nowhere": (
        {"writes": {"enabled": True, "approvers": ["U0123ABCD"]}},
        "writes.enabled is true, and nothing says where",
    ),
    "changes that nobody may approve": (
        {"writes": {"enabled": True, "namespaces": {"shop": {}}}},
        'Nobody may approve changes in "shop"',
    ),
    "changes of nodes that nobody may approve": (
        {"writes": {"enabled": True, "nodes": {}}},
        "Nobody may approve changes in",
    ),
    "nodes in the namespaced scope": (
        {
            "rbac": {"scope": "namespaced", "namespaces": ["shop"]},
            "writes": {**_WRITES, "nodes": {}},
        },
        "writes.nodes is given and rbac.scope is namespaced",
    ),
    "changes where nothing may be read": (
        {"rbac": {"scope": "namespaced", "namespaces": ["payments"]}, "writes": _WRITES},
        'writes.namespaces names "shop", which Kaia may not read',
    ),
}
_OWN = {
    "KAIA_MODEL": "model.provider and model.name",
    "KAIA_STORE": "store",
    "KAIA_CONFIG": "settings",
    "KAIA_WRITES": "writes",
    "KAIA_NAMESPACES": "rbac.namespaces",
    "KAIA_HTTP_PORT": "httpPort",
    "KAIA_CLUSTER_NAME": "clusterName",
    "KAIA_ALLOWED_CHANNELS": "slack.allowedChannels",
    "KAIA_ALLOWED_USERS": "slack.allowedUsers",
    "KAIA_ALLOWED_APPS": "slack.allowedApps",
}
_NOT_IN_CONFIG = [
    "KAIA_TRANSCRIPTION_API_KEY",
    "KAIA_STORE_FILE",
    "SLACK_BOT_TOKEN",
    "OPENAI_API_KEY",
    "PATH",
    "LD_PRELOAD",
    "KAIA_MODLE",
]


@pytest.mark.parametrize(("values", "sentence"), _CASES.values(), ids=_CASES)
def test_a_contradiction_is_refused_in_a_sentence(
    chart: Renderer, values: dict[str, Any], sentence: str
) -> None:
    assert sentence in chart.refusal(values)


@pytest.mark.parametrize(("name", "instead"), _OWN.items(), ids=_OWN)
def test_what_has_a_value_of_its_own_is_not_taken_under_config(
    chart: Renderer, name: str, instead: str
) -> None:
    refusal = chart.refusal({"config": {name: "1"}})
    assert name in refusal
    unchecked = chart.refusal({"config": {name: "1"}}, Release(skips_schema=True))
    assert f"config.{name} is set by the chart itself: set {instead} instead" in unchecked


@pytest.mark.parametrize("name", _NOT_IN_CONFIG)
def test_what_is_secret_foreign_or_misspelt_is_not_taken_under_config(
    chart: Renderer, name: str
) -> None:
    refusal = chart.refusal({"config": {name: "canary"}})
    assert name in refusal
    assert "canary" not in refusal


def test_everything_that_is_wrong_is_said_at_once(chart: Renderer) -> None:
    refusal = chart.refusal({"replicaCount": 2, "store": {"existingSecret": "a"}})
    assert "which takes none" in refusal
    assert "a file that one process holds" in refusal


def test_a_refusal_never_shows_a_token(chart: Renderer) -> None:
    slack = {"existingSecret": "a", "botToken": "xoxb-canary", "appToken": "canary"}
    refusal = chart.refusal({"slack": slack})
    assert refusal
    assert "canary" not in refusal
