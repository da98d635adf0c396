"""`scenario.yaml` of a recorded scenario: what its test scenario asks and expects, and no more."""

from typing import Any

import yaml

from bot.evaluation.scenario import FORMAT
from tests.scenarios.scenario import Scenario


def source(scenario: Scenario) -> str:
    return f"tests/scenarios/{scenario.name}.yaml"


def expected(scenario: Scenario) -> dict[str, Any]:
    """In the order in which a person reads it; what the format has by default is left out."""
    said = {
        "format": FORMAT,
        "about": scenario.about,
        "question": scenario.question,
        "follow_ups": list(scenario.follow_ups),
        "namespace": scenario.namespace,
        "must": [each[0] if len(each) == 1 else list(each) for each in scenario.must],
        "must_not": list(scenario.must_not),
        "must_cite": list(scenario.must_cite),
        "refused_at_most": scenario.refused_at_most,
        "source": source(scenario),
    }
    return {key: value for key, value in said.items() if value not in (None, [], "")}


def written(scenario: Scenario) -> str:
    return yaml.safe_dump(expected(scenario), sort_keys=False, allow_unicode=True, width=100)
