"""What a look leaves with its conversation: what findings rest on, bounded, without secrets."""

import json
from dataclasses import replace
from typing import Any

import orjson

from bot.cluster.findings import Ref
from bot.cluster.needs import ListOf, LogOf
from bot.recordings.incident import Kept, kept_of
from bot.recordings.incident.keeping import MOST_BYTES
from tests.doubles.canaries import Watch, generated, remembered
from tests.recordings.incident.conftest import REDACTOR, Looked


def config_map(name: str, **more: Any) -> dict[str, Any]:
    return {"kind": "ConfigMap", "metadata": {"name": name, "namespace": "shop"}, **more}


async def test_it_is_the_same_after_it_was_kept_as_json(then: Looked) -> None:
    kept = then.kept
    assert Kept.from_json(orjson.loads(orjson.dumps(kept.to_json()))) == kept
    assert kept.at == then.scene.now
    assert kept.logs
    assert kept.listed["deployments"] >= {"shop/cart"}


def test_what_another_release_kept_is_not_read() -> None:
    assert Kept.from_json(None) is None
    assert Kept.from_json({"format": 99}) is None


async def test_where_nothing_is_wrong_nothing_is_kept(then: Looked) -> None:
    assert kept_of(then.scene, replace(then.report, findings=()), REDACTOR) is None


async def test_what_does_not_fit_is_what_no_finding_speaks_of(then: Looked) -> None:
    bulk = tuple(
        config_map(f"bulk-{n}", keys=[f"key-{n}-{m}" for m in range(800)]) for n in range(90)
    )
    then.scene.answers[ListOf("configmaps", "shop")] = bulk
    kept = then.kept
    assert len(orjson.dumps(kept.to_json())) <= MOST_BYTES
    assert kept.left_out > 0
    names = {each["metadata"]["name"] for each in kept.objects}
    about = {each.about.name for each in then.report.faults}
    assert about <= names
    assert len([name for name in names if name.startswith("bulk-")]) == 90 - kept.left_out


async def test_of_a_look_at_many_namespaces_those_with_findings_are_kept(then: Looked) -> None:
    many = tuple(f"team-{n}" for n in range(30))
    then.scene.namespaces = (*many, "shop")
    assert then.kept.namespaces == ("shop",)


async def test_nothing_secret_is_in_it(then: Looked) -> None:
    password, token = remembered("a variable"), generated("a token")
    pod = dict(then.scene.pods[0])
    variables = [{"name": "DB_PASSWORD", "value": password}]
    container = {"name": "app", "image": "web:1", "env": variables}
    noted = {**pod["metadata"], "annotations": {"api-token": token}}
    pod |= {"metadata": noted, "spec": {**pod["spec"], "containers": [container]}}
    then.scene.lists["pods"] = (pod, *then.scene.pods[1:])
    log = LogOf("shop", pod["metadata"]["name"], "app")
    then.scene.logs[log] = (f"login as root with {password} failed",)
    kept = json.dumps(then.kept.to_json())
    assert Watch({"password": password, "token": token}).seen_in(kept) == {}
    assert "login as root with [redacted:" in kept
    assert Ref("Pod", "shop", pod["metadata"]["name"]).name in kept
