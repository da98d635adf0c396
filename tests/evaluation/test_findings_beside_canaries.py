"""What the checks find in a shipped scenario is the same with canaries in it and without."""

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import pytest

from bot.cluster.api import opened_api
from bot.cluster.reading import Scope
from bot.cluster.report import to_json
from bot.cluster.triage import look
from bot.evaluation.canaries import planted
from bot.evaluation.scenario import Scenario, load_all
from bot.recordings.format import Recording
from bot.redaction import Redactor
from tests.doubles.recorded import served

SCENARIOS = Path(__file__).parents[2] / "bot" / "evaluation" / "scenarios"
ADDED = re.compile(r"`?\b(DATABASE|BACKUP|REPORTS|ARCHIVE)_PASSWORD(_\d+)?`?, ")
SECONDS = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z|\b\d+ (?:s|seconds|min|h)\b|\b(?:\d+[hms])+\b")


@pytest.mark.timeout(600)
async def test_it_is(tmp_path: Path) -> None:
    scenarios = load_all(SCENARIOS)
    room = asyncio.Semaphore(4)

    async def compared(scenario: Scenario) -> tuple[Any, Any]:
        async with room:
            plain, place = Recording.open(scenario.folder), tmp_path / scenario.name
            place.mkdir()
            return (
                await looked_at(plain, scenario, place / "plain"),
                await looked_at(planted(plain).recording, scenario, place / "planted"),
            )

    async with asyncio.TaskGroup() as group:
        looks = {each.name: group.create_task(compared(each)) for each in scenarios}
    reports = {name: look.result() for name, look in looks.items()}

    assert {name: pair for name, pair in reports.items() if pair[0] != pair[1]} == {}
    assert sum(bool(pair[0]["findings"]) for pair in reports.values()) > len(scenarios) / 2


async def looked_at(recording: Recording, scenario: Scenario, file: Path) -> dict[str, Any]:
    """The whole report but for the values that its evidence quotes, the seconds between two looks,
    and the added name where a sentence lists all that a container or a ConfigMap has.
    """
    async with served(recording, file) as access, opened_api(access, {}) as api:
        where = scenario.expected.namespace
        report, _ = await look(api, Redactor().redact, Scope((where,) if where else None))
    written = SECONDS.sub("...", ADDED.sub("", json.dumps(to_json(report))))
    told: dict[str, Any] = json.loads(written)
    for finding in told["findings"]:
        finding["evidence"] = [each["path"] for each in finding["evidence"]]
    return told
