"""The scenarios' own rules: a faulty file is refused with its reason, and nothing slips through."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.scenarios import expectations, waiting
from tests.scenarios.asking import parted
from tests.scenarios.objects import in_time
from tests.scenarios.scenario import Condition, Scenario, ScenarioFaulty, load, load_all

POD = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "cart"}, "spec": {}}
FINDING = {"kind": "Pod", "name": "cart", "reason": "OOMKilled", "cause": ["64Mi"]}
GIVEN: dict[str, Any] = {
    "name": "cart",
    "about": "The cart is too big.",
    "runs_on": "server",
    "namespace": "shop",
    "question": "what is wrong?",
    "manifests": [POD],
    "healthy": False,
    "finding": FINDING,
    "must": ["64Mi"],
    "must_not": ["evicted"],
    "must_cite": ["kubectl get"],
}

DEPLOYMENT = {
    "spec": {"paused": True},
    "status": {
        "replicas": 2,
        "conditions": [{"type": "A", "reason": "One"}, {"type": "B", "reason": "exceeded it"}],
    },
}


def scenario(**other: Any) -> Scenario:
    return Scenario.model_validate(GIVEN | other)


def found(**other: Any) -> dict[str, Any]:
    evidence = [{"path": "pod/cart:status.reason", "value": "OOMKilled"}]
    about = {"kind": "Pod", "namespace": "shop", "name": "cart", "evidence": evidence}
    told = {"severity": "critical", "reason": "OOMKilled", "cause": "It used its 64Mi of memory."}
    return about | told | other


def report(*findings: dict[str, Any], healthy: bool = False) -> dict[str, Any]:
    return {"healthy": healthy, "findings": list(findings)}


class TestFiles:
    def test_every_file_can_be_used(self) -> None:
        assert {each.runs_on for each in load_all()} == {"server", "node"}

    def test_a_string_of_documents_is_as_good_as_a_list(self) -> None:
        assert scenario(manifests=yaml.safe_dump_all([POD, POD])).manifests == (POD, POD)

    @pytest.mark.parametrize(
        ("other", "why"),
        [
            ({"finding": None}, "either `healthy: true`, or a `finding`"),
            ({"healthy": True}, "either `healthy: true`, or a `finding`"),
            ({"until": [{"kind": "Pod", "where": {}}]}, "no `until`"),
            ({"runs_on": "node", "logs": [{"pod": "cart", "text": "hi"}]}, "by themselves"),
            ({"runs_on": "moon"}, "runs_on: Input should be 'server' or 'node'"),
            ({"mustnt": []}, "mustnt: Extra inputs are not permitted"),
            ({"manifests": [{"kind": "Pod"}]}, "no manifest of an object"),
            ({"name": "basket"}, "it must be the file's"),
            ({"namespace": "Shop"}, "is no name of a namespace"),
        ],
    )
    def test_a_faulty_file_is_refused_with_its_reason(
        self, other: dict[str, Any], why: str, tmp_path: Path
    ) -> None:
        file = tmp_path / "cart.yaml"
        file.write_text(yaml.safe_dump(GIVEN | other))
        with pytest.raises(ScenarioFaulty, match=r"^cart\.yaml") as refused:
            load(file)
        assert why in str(refused.value)

    def test_what_is_no_yaml_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "cart.yaml").write_text("name: [")
        with pytest.raises(ScenarioFaulty, match=r"cart\.yaml is no YAML"):
            load_all(tmp_path)

    def test_two_may_not_share_a_namespace(self, tmp_path: Path) -> None:
        for name in ("one", "two"):
            (tmp_path / f"{name}.yaml").write_text(yaml.safe_dump(GIVEN | {"name": name}))
        with pytest.raises(ScenarioFaulty, match="two and one share shop"):
            load_all(tmp_path)


class TestReports:
    @pytest.mark.parametrize(
        "findings", [(found(),), (found(severity="info"),), (found(cause="Other."), found())]
    )
    def test_the_expected_finding_is_enough(self, findings: tuple[dict[str, Any], ...]) -> None:
        chosen = scenario(no_other_findings=False)
        assert expectations.of_report(chosen, report(*findings)) == []

    @pytest.mark.parametrize(
        ("other", "complaint"),
        [
            ({"name": "search"}, "no finding about Pod cart"),
            ({"kind": "Node"}, "no finding about Pod cart"),
            ({"namespace": "shop-2"}, "no finding about Pod cart"),
            ({"cause": "It used too much."}, "its cause lacks '64Mi'"),
            ({"reason": "Error"}, "its reason is 'Error'"),
        ],
    )
    def test_another_one_is_not(self, other: dict[str, Any], complaint: str) -> None:
        assert complaint in expectations.of_report(scenario(), report(found(**other)))[0]

    def test_one_too_many_is_told(self) -> None:
        both = report(found(), found(name="search", cause="It hangs."))
        complaints = expectations.of_report(scenario(), both)
        assert complaints == ["another finding: critical Pod/search: It hangs."]

    def test_what_is_worth_knowing_is_no_fault(self) -> None:
        both = report(found(), found(name="search", severity="info"))
        assert expectations.of_report(scenario(), both) == []

    def test_evidence_and_severity_are_compared_where_they_are_expected(self) -> None:
        expected = FINDING | {"severity": "warning", "evidence": ["restartCount"]}
        complaints = expectations.of_report(scenario(finding=expected), report(found()))
        assert [one.partition(":")[0] for one in complaints] == [
            "its severity is 'critical'",
            "its evidence lacks 'restartCount'",
        ]

    def test_a_healthy_namespace_has_none(self) -> None:
        healthy = scenario(healthy=True, finding=None)
        assert expectations.of_report(healthy, report(healthy=True)) == []
        assert len(expectations.of_report(healthy, report(found()))) == 2


class TestAnswers:
    def test_what_it_must_and_must_not_say(self) -> None:
        good = ("Killed at 64mi.", ["kubectl get pods"])
        assert expectations.of_answer(scenario(), *good) == []
        assert expectations.of_answer(scenario(), "It was Evicted.", ["kubectl logs cart"]) == [
            "the answer lacks '64Mi'",
            "the answer has 'evicted'",
            "no receipt has 'kubectl get': ['kubectl logs cart']",
        ]

    def test_receipts_are_told_from_the_answer(self) -> None:
        said = "It is [1].\n\n[1] kubectl get pods  (exit 0)\n[2] kubectl logs x  (exit 1, cut)\n"
        assert parted(said) == ("It is [1].\n", ("kubectl get pods", "kubectl logs x"))


class TestWaiting:
    @pytest.mark.parametrize(
        ("where", "holds"),
        [
            ({"status.replicas": 2}, True),
            ({"status.replicas": ">= 2"}, True),
            ({"status.replicas": ">= 3"}, False),
            ({"spec.paused": True}, True),
            ({"status.conditions.type": "B", "status.conditions.reason": "One"}, True),
            ({"status.conditions.type": "C"}, False),
            ({"status.conditions.reason": "~ exceeded"}, True),
            ({"status.conditions.reason": "exceeded"}, False),
            ({"status.nothing.there": 1}, False),
        ],
    )
    def test_a_condition_looks_at_every_part_of_a_list(
        self, where: dict[str, str | int | bool], holds: bool
    ) -> None:
        assert waiting.is_met(Condition(kind="Deployment", where=where), DEPLOYMENT) == holds


def test_times_are_told_from_now() -> None:
    turned = in_time({"a": ["2h ago", "long ago"], "b": 3})
    assert turned["a"][0].endswith("Z")
    assert turned["a"][1:] == ["long ago"]
    assert turned["b"] == 3
