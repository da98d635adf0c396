"""Whatever stands in a value stays one value: it adds no object, key, right or template."""

import base64
import json
from typing import Any

import pytest
import yaml

from tests.chart.objects import address
from tests.chart.rendering import Object, Renderer
from tests.chart.values import Path, at, complaint, defaults, leaves, merged

pytestmark = pytest.mark.chart

_HOSTILE = {
    "an object more": 'a\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: evil}\n---\n"',
    "a key more": 'a"\n      hostNetwork: true\n      x: "',
    "a flow": "a], resources: [secrets], x: [",
    "a mapping": "{a: b}",
    "a list": "- a",
    "a template": '{{ fail "ran" }}{{ .Values }}',
    "a comment": "a # b",
    "a colon": "a: b",
    "an anchor": "&a *b !!python/object:os.system",
    "quotes": "'\"`'\"\\",
    "yes": "yes",
    "null": "null",
    "a number": "0x1F",
    "a large number": "1e309",
    "a date": "2026-01-01",
    "a blank": "  a  ",
    "a tab": "a\tb",
    "a bell": "a\x07b",
    "nothing to see": "a\u200bb\ufeffc",
    "from right to left": "\u202egnp.exe",
    "huge": "a" * 100_000,
}
_BASES: list[dict[str, Any]] = [
    {
        "slack": {"botToken": "xoxb-1", "appToken": "xapp-1"},
        "model": {"provider": "openai", "name": "gpt", "apiKey": "key"},
        "writes": {
            "enabled": True,
            "approvers": ["U0123ABCD"],
            "namespaces": {"shop": {}},
            "nodes": {},
        },
        "metrics": {
            kind: {"enabled": True} for kind in ("serviceMonitor", "prometheusRule", "dashboard")
        },
        "networkPolicy": {"enabled": True},
    },
    {
        "rbac": {"scope": "namespaced", "namespaces": ["shop"]},
        "store": {"type": "postgres", "existingSecret": "store"},
        "replicaCount": 2,
        "podDisruptionBudget": {"enabled": True},
        "ollama": {"enabled": True},
    },
]
_MORE: list[tuple[Path, Any]] = [
    (("commonLabels", "team"), ""),
    (("podLabels", "team"), ""),
    (("podAnnotations", "team"), ""),
    (("persistence", "annotations", "team"), ""),
    (("serviceAccount", "annotations", "team"), ""),
    (("service", "annotations", "team"), ""),
    (("metrics", "serviceMonitor", "labels", "team"), ""),
    (("metrics", "prometheusRule", "labels", "team"), ""),
    (("metrics", "dashboard", "labels", "team"), ""),
    (("config", "KAIA_TRANSCRIPTION_MODEL"), ""),
    (("runbooks", "a.md"), ""),
    (("settings", "redaction_patterns", 0), ""),
    (("nodeSelector", "team"), ""),
    (("slack", "allowedChannels", 0), ""),
    (("slack", "allowedUsers", 0), ""),
    (("slack", "allowedApps", 0), ""),
    (("rbac", "namespaces", 0), ""),
    (("rbac", "extraRules"), "rule"),
    (("writes", "approvers", 0), ""),
    (("imagePullSecrets", 0, "name"), ""),
    (("ollama", "models", 0), ""),
    (("ollama", "nodeSelector", "team"), ""),
    (("ollama", "persistence", "annotations", "team"), ""),
    (("extraEnv",), "variable"),
    (("ollama", "extraEnv"), "variable"),
]
"""Places inside lists and free mappings."""
_KEYS: list[tuple[Path, Any]] = [
    (("runbooks",), "text"),
    (("config",), "1"),
    (("writes", "namespaces"), {}),
]
_BEGINNINGS: dict[Path, str] = {
    ("slack", "botToken"): "xoxb-",
    ("slack", "appToken"): "xapp-",
    ("slack", "secretKeys", "botToken"): "bot-",
    ("slack", "secretKeys", "appToken"): "app-",
}
_AGAINST_THE_FIRST: set[Path] = {
    ("slack", "existingSecret"),
    ("model", "existingSecret"),
    ("store", "existingSecret"),
    ("rbac", "namespaces", 0),
}
"""Would contradict what the first base says, whatever they hold."""
_WORD = "w0rd"
_Place = tuple[Path, str]


@pytest.mark.parametrize(
    ("base", "text"),
    [
        *((_BASES[0], text) for text in _HOSTILE.values()),
        *((_BASES[1], _HOSTILE[name]) for name in ("an object more", "a template", "a colon")),
    ],
    ids=[*_HOSTILE, *(f"namespaced: {name}" for name in ("an object", "a template", "a colon"))],
)
def test_a_hostile_text_is_refused_or_stays_one_value(
    chart: Renderer, base: dict[str, Any], text: str
) -> None:
    """Rendering it is the same as rendering a harmless word and putting it in the word's place."""
    strings = [
        (path, _BEGINNINGS.get(path, ""))
        for path, held in leaves(defaults())
        if isinstance(held, str)
    ]
    places = [
        place
        for place in (*strings, *_MORE)
        if not (base is _BASES[0] and place[0] in _AGAINST_THE_FIRST)
        and not complaint(_filled(base, [place], text))
        and not complaint(_filled(base, [place], _WORD))
    ]
    if chart.refusal(_filled(base, places, text)):
        places = [each for each in places if not chart.refusal(_filled(base, [each], text))]
    assert len(places) >= 10, "hardly anywhere is free text taken, so this proves little"
    told = chart.objects(_filled(base, places, text))
    expected = _replaced(_plain(chart.objects(_filled(base, places, _WORD))), text)
    assert sorted(_plain(told), key=address) == sorted(expected, key=address)


@pytest.mark.parametrize(("path", "value"), _KEYS, ids=lambda each: str(each))
@pytest.mark.parametrize("text", _HOSTILE.values(), ids=_HOSTILE)
def test_a_hostile_key_is_refused(path: Path, value: Any, text: str) -> None:
    is_name_of_a_namespace = text in {"yes", "null", "1e309", "2026-01-01"}
    expected = not (is_name_of_a_namespace and path == ("writes", "namespaces"))
    assert bool(complaint(at((*path, text), value))) == expected


def _filled(base: dict[str, Any], places: list[_Place], text: str) -> dict[str, Any]:
    for path, shape in places:
        base = merged(base, at(path, _shaped(shape, text)))
    return base


def _shaped(shape: str, text: str) -> Any:
    match shape:
        case "rule":
            return [{"apiGroups": [text], "resources": ["widgets"], "verbs": ["get"]}]
        case "variable":
            return [{"name": "A", "value": text}]
        case beginning:
            return f"{beginning}{text}"


def _plain(objects: list[Object]) -> Any:
    """With everything decoded that is written inside something else, and no hashes."""
    plain = json.loads(json.dumps(objects))
    for each in plain:
        for name, text in (each.get("data") or {}).items():
            if each["kind"] == "Secret":
                each["data"][name] = base64.b64decode(text).decode()
            elif name == "kaia.yaml":
                each["data"][name] = yaml.safe_load(text)
        if each["kind"] == "Deployment":
            annotations = each["spec"]["template"]["metadata"].get("annotations") or {}
            for name in [name for name in annotations if name.startswith("checksum/")]:
                del annotations[name]
    return plain


def _replaced(value: Any, text: str) -> Any:
    match value:
        case str():
            return value.replace(_WORD, text)
        case dict():
            return {key.replace(_WORD, text): _replaced(held, text) for key, held in value.items()}
        case list():
            return [_replaced(held, text) for held in value]
        case _:
            return value
