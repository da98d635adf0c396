"""Long messages are without secrets before a check quotes the beginning of one."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.cluster.needs import ListOf
from bot.cluster.sayings import hide_in_sayings
from bot.cluster.scene import Scene
from bot.redaction import Redactor

PASSWORD = "tarugo-nilope-742"
DSN = f"postgres://shop:{PASSWORD}@db.shop.svc:5432/shop"
LONG = f"{'the pool is exhausted ' * 8}and cannot reach {DSN}"


def scene_of(**lists: dict[str, Any]) -> Scene:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return Scene(now, ("shop",), lists={plural: (each,) for plural, each in lists.items()})


@pytest.mark.parametrize(
    "found",
    [
        {"kind": "Event", "message": LONG},
        {"kind": "Event", "note": LONG},
        {"kind": "Widget", "status": {"conditions": [{"type": "Ready", "message": LONG}]}},
        {
            "kind": "Pod",
            "status": {"containerStatuses": [{"state": {"waiting": {"message": LONG}}}]},
        },
        {"kind": "Pod", "spec": {"containers": [{"command": ["sh", "-c", LONG]}]}},
    ],
    ids=lambda found: ", ".join(found),
)
def test_a_password_in_a_long_text_is_hidden(found: dict[str, Any]) -> None:
    hide_in_sayings(scene_of(all=found), Redactor().redact)

    assert PASSWORD not in str(found)
    assert "the pool is exhausted" in str(found)


def test_short_texts_and_what_else_an_object_has_stay_as_they_are() -> None:
    pod = {
        "kind": "Pod",
        "metadata": {"name": "web-0"},
        "spec": {"containers": [{"args": ["--port=8080"], "image": "app:1"}]},
        "status": {"phase": "Pending", "message": "no node has room"},
    }
    before = repr(pod)

    hide_in_sayings(scene_of(pods=pod), Redactor().redact)

    assert repr(pod) == before


def test_answers_are_searched_as_lists_are() -> None:
    scene = scene_of()
    scene.answers[ListOf("jobs", "shop")] = ({"kind": "Job", "status": {"message": LONG}},)

    hide_in_sayings(scene, Redactor().redact)

    assert PASSWORD not in str(scene.answers)
