"""Label and field selectors choose what the API server would, and are refused in its words."""

from typing import Any

import pytest

from bot.recordings.replay import fields, labels
from bot.recordings.replay.statuses import Refused

WEB = {"app": "web", "tier": "front", "size": "3"}


@pytest.mark.parametrize(
    ("selector", "is_chosen"),
    [
        ("", True),
        ("app=web", True),
        ("app==web,tier!=back", True),
        ("app!=web", False),
        ("other!=web", True),
        ("app", True),
        ("!app", False),
        ("!other, app", True),
        ("app in (web, api)", True),
        ("app notin (web,api)", False),
        ("other notin (web)", True),
        ("other in (web)", False),
        ("size>2", True),
        ("size < 3", False),
        ("app>2", False),
        ("app=", False),
    ],
)
def test_a_label_selector_chooses(selector: str, is_chosen: bool) -> None:
    assert labels.parse(selector)(WEB) is is_chosen


@pytest.mark.parametrize(
    ("selector", "words"),
    [
        ("a=b=c", "found '=', expected: ',' or 'end of string'"),
        ("a in b", "unable to parse requirement: found 'b' expected: '('"),
        (
            "a!!b",
            "unable to parse requirement: found '!', expected: in, notin, =, ==, !=, gt, lt",
        ),
    ],
)
def test_a_broken_label_selector_is_refused_in_the_servers_words(selector: str, words: str) -> None:
    with pytest.raises(Refused) as refused:
        labels.parse(selector)
    assert str(refused.value) == words
    assert refused.value.code == 400


POD: dict[str, Any] = {
    "metadata": {"name": "web-0", "namespace": "shop"},
    "spec": {"nodeName": "node-1"},
    "status": {"phase": "Running"},
}


@pytest.mark.parametrize(
    ("selector", "is_chosen"),
    [
        ("", True),
        ("status.phase!=Running", False),
        ("status.phase=Running,spec.nodeName==node-1", True),
        ("metadata.name=web-0", True),
        ("spec.hostNetwork=false", True),
        ("metadata.namespace!=shop", False),
    ],
)
def test_a_field_selector_chooses(selector: str, is_chosen: bool) -> None:
    readable = fields.readable_fields("", "pods", is_namespaced=True, is_custom=False)
    refusal = fields.refusal("", "pods", is_custom=False)
    assert fields.parse(selector, readable, refusal)(POD) is is_chosen


@pytest.mark.parametrize(
    ("group", "plural", "words"),
    [
        ("", "pods", "field label not supported: spec.color"),
        (
            "apps",
            "deployments",
            (
                '"spec.color" is not a known field selector: only "metadata.name",'
                ' "metadata.namespace"'
            ),
        ),
    ],
)
def test_a_field_that_cannot_be_selected_by_is_named(group: str, plural: str, words: str) -> None:
    readable = fields.readable_fields(group, plural, is_namespaced=True, is_custom=False)
    with pytest.raises(Refused) as refused:
        fields.parse("spec.color=red", readable, fields.refusal(group, plural, is_custom=False))
    assert str(refused.value) == words


def test_a_custom_resource_is_selected_by_the_fields_its_definition_names() -> None:
    version = {"name": "v1", "selectableFields": [{"jsonPath": ".spec.color"}]}
    readable = fields.custom_fields({"spec": {"versions": [version]}}, "v1")
    matches = fields.parse("spec.color=red", readable, fields.refusal("x.y", "z", is_custom=True))
    assert matches({"spec": {"color": "red"}})
    assert not matches({"spec": {"color": "blue"}})


@pytest.mark.parametrize(
    ("selector", "is_chosen"),
    [("metadata.name=web-0", True), ("status.phase=Running", False), ("status.phase!=x", True)],
)
def test_of_metrics_every_field_is_known_and_most_are_empty(selector: str, is_chosen: bool) -> None:
    group = "metrics.k8s.io"
    readable = fields.readable_fields(group, "pods", is_namespaced=True, is_custom=False)
    refusal = fields.refusal(group, "pods", is_custom=False)
    assert fields.parse(selector, readable, refusal)(POD) is is_chosen
