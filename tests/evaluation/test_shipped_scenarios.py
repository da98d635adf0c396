"""The scenarios that ship with the program: each a whole, small recording without secrets, in
which the fault is still found that was set up for it.
"""

import base64
from pathlib import Path

import pytest

from bot.evaluation.scenario import Scenario, load_all
from bot.recordings.format import Recording
from tests.evaluation.recording.__main__ import SHIPPED
from tests.evaluation.recording.expectations import expected, source
from tests.evaluation.recording.looking import STEADY_SECONDS, is_steady, looked
from tests.evaluation.recording.making import namespaces_of
from tests.evaluation.recording.stages import custom_kinds
from tests.scenarios import expectations
from tests.scenarios import scenario as of_tests

MOST_BYTES = 65_000
MOST_BYTES_OF_MANY_PODS = 250_000
MOST_BYTES_IN_ALL = 5_000_000

SCENES = {each.name: each for each in of_tests.load_all()}
SCENARIOS = load_all(SHIPPED)
each_of_them = pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda each: each.name)


def files(folder: Path) -> list[Path]:
    return [each for each in sorted(folder.rglob("*")) if each.is_file()]


def size(folder: Path) -> int:
    return sum(each.stat().st_size for each in files(folder))


def recorded(folder: Path) -> str:
    """All that stands there but what is expected."""
    return "\n".join(each.read_text() for each in files(folder) if each.name != "scenario.yaml")


def test_there_is_one_for_each_scenario_of_the_tests() -> None:
    assert [each.name for each in SCENARIOS] == sorted(SCENES)


@each_of_them
def test_it_expects_what_its_test_scenario_says(scenario: Scenario) -> None:
    said = scenario.expected.model_dump(exclude_defaults=True, mode="json")
    scene = SCENES[scenario.name]

    assert said == {**expected(scene), "must": [list(each) for each in scene.must]}
    assert scenario.expected.source == source(scene)


def test_no_namespace_says_what_is_wrong_in_it() -> None:
    words = {each.name: {*each.name.split("-")} - {"shop"} for each in SCENES.values()}

    telling = {
        name for name, scene in SCENES.items() if words[name] & {*scene.namespace.split("-")}
    }
    assert telling == set()


@each_of_them
def test_it_is_a_recording_of_its_namespaces_alone(scenario: Scenario) -> None:
    manifest = Recording.open(scenario.folder).manifest

    assert manifest.note == scenario.expected.about
    assert {*manifest.namespaces} == {*namespaces_of(SCENES[scenario.name])}


@each_of_them
async def test_the_fault_that_was_set_up_is_found_in_it(scenario: Scenario) -> None:
    scene = SCENES[scenario.name]

    assert expectations.of_report(scene, await looked(scenario.folder, scene.namespace)) == []


@each_of_them
async def test_the_first_look_at_it_says_the_same_on_a_slower_machine(scenario: Scenario) -> None:
    namespace = SCENES[scenario.name].namespace
    first, later = [
        await looked(scenario.folder, namespace, seconds) for seconds in (0, STEADY_SECONDS)
    ]

    assert is_steady(first, later), [each["cause"] for each in later["findings"]]


@each_of_them
def test_no_secret_and_no_place_of_a_machine_stands_in_it(scenario: Scenario) -> None:
    text = recorded(scenario.folder)
    secrets = canaries(SCENES[scenario.name])

    assert [word for word in (*secrets, str(Path.home()), "kaia-test/") if word in text] == []
    assert not [
        kind for kind in Recording.open(scenario.folder).kinds() if kind.plural == "secrets"
    ]


def test_they_are_small_enough_to_ship() -> None:
    sizes = {each.name: size(each.folder) for each in SCENARIOS}
    large = {name for name, bytes_ in sizes.items() if bytes_ > MOST_BYTES}

    assert large <= {"one-culprit-among-sixty"}
    assert max(sizes.values()) < MOST_BYTES_OF_MANY_PODS
    assert size(SHIPPED) < MOST_BYTES_IN_ALL


def test_what_servers_say_is_kept_once_and_only_where_it_is_named() -> None:
    named = {Recording.open(each.folder).manifest.server for each in SCENARIOS}

    assert {each.name for each in (SHIPPED / "servers").iterdir()} == named
    assert len(named) <= 1 + len([each for each in SCENES.values() if custom_kinds(each)])


def canaries(scene: of_tests.Scenario) -> list[str]:
    """What stands in its Secrets, plain and encoded, and what nobody may say of it."""
    plain = [
        str(value)
        for manifest in scene.manifests
        if manifest["kind"] == "Secret"
        for value in (manifest.get("stringData") or {}).values()
    ]
    return [*plain, *(base64.b64encode(each.encode()).decode() for each in plain)]
