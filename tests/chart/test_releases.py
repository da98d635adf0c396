"""Upgrades and neighbours: what may never change, what must, and who shares a namespace."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.chart.objects import address, of_kind, of_release, pod_templates, selectors
from tests.chart.reading import kaia_of
from tests.chart.rendering import CHART, CI_FILES, Object, Release, Renderer

pytestmark = pytest.mark.chart


@pytest.fixture(scope="session")
def later(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The chart as a later version of it."""
    folder = tmp_path_factory.mktemp("later") / "helm"
    shutil.copytree(CHART, folder)
    lines = (CHART / "Chart.yaml").read_text().splitlines()
    versions = {"version": "version: 9.8.7", "appVersion": 'appVersion: "9.8.7"'}
    changed = [versions.get(line.partition(":")[0], line) for line in lines]
    (folder / "Chart.yaml").write_text("\n".join(changed) + "\n")
    return folder


@pytest.mark.parametrize("file", CI_FILES, ids=lambda file: file.name)
def test_a_later_version_selects_the_same_pods(
    chart: Renderer, rendered: dict[str, list[Object]], later: Path, file: Path
) -> None:
    upgraded = chart.objects(release=Release(chart=later, file=file))
    assert selectors(upgraded) == selectors(rendered[file.name])
    assert {address(each) for each in upgraded} == {address(each) for each in rendered[file.name]}
    assert upgraded != rendered[file.name]


@pytest.mark.parametrize("file", CI_FILES, ids=lambda file: file.name)
@pytest.mark.parametrize("other", ["kaia-two", "two"])
def test_two_releases_share_a_namespace_without_sharing_a_name_or_a_pod(
    chart: Renderer, rendered: dict[str, list[Object]], file: Path, other: str
) -> None:
    first = of_release(rendered[file.name])
    called = other if "kaia" in other else f"{other}-kaia"
    second = of_release(chart.objects(release=Release(name=other, file=file)), called)
    assert len(second) == len(first)
    assert not {address(each) for each in first} & {address(each) for each in second}
    for mine, others in ((first, second), (second, first)):
        for whose, selector in selectors(mine).items():
            assert _selected(selector, mine) or whose[0] == "ServiceMonitor", whose
            assert not _selected(selector, others), whose


def test_names_are_made_as_others_make_them(chart: Renderer) -> None:
    named = {
        "kaia": "kaia",
        "kaia-staging": "kaia-staging",
        "staging": "staging-kaia",
    }
    for release, expected in named.items():
        (deployment,) = of_kind(chart.objects(release=Release(name=release)), "Deployment")
        assert deployment["metadata"]["name"] == expected
    (short,) = of_kind(chart.objects({"nameOverride": "bot"}), "Deployment")
    assert short["metadata"]["name"] == "kaia-bot"
    (whole,) = of_kind(chart.objects({"fullnameOverride": "helper"}), "Deployment")
    assert whole["metadata"]["name"] == "helper"


def test_names_that_are_cut_stay_different(chart: Renderer) -> None:
    names = ["kaia" + "-x" * 24 + end for end in ("a", "b")]
    for values in ({}, {"fullnameOverride": "y" * 60}, {"nameOverride": "z" * 60}):
        cut = {
            of_kind(chart.objects(values, Release(name=name)), "Deployment")[0]["metadata"]["name"]
            for name in names
        }
        assert len(cut) == (1 if "fullnameOverride" in values else 2)
        assert max(map(len, cut)) <= 52


def test_the_longest_release_name_still_gives_names_kubernetes_takes(chart: Renderer) -> None:
    """53 characters is Helm's own limit; 63 is that of a label and of a Service."""
    file = next(file for file in CI_FILES if file.name.startswith("full"))
    objects = chart.objects(release=Release(name="x" * 53, file=file))
    assert [
        each["metadata"]["name"] for each in objects if len(each["metadata"]["name"]) > 63
    ] == []
    labels = [
        value for each in objects for value in (each["metadata"].get("labels") or {}).values()
    ]
    assert [label for label in labels if len(label) > 63] == []


@pytest.mark.parametrize(
    "values",
    [
        {"config": {"KAIA_LOG_LEVEL": "debug"}},
        {"clusterName": "staging"},
        {"settings": {"redaction_patterns": ["ACME-[0-9]+"]}},
        {"runbooks": {"oom.md": "# Memory"}},
        {"model": {"name": "qwen3:4b"}},
        {"slack": {"allowedChannels": ["C0123ABCD"]}},
    ],
    ids=lambda values: next(iter(values)),
)
def test_a_changed_setting_rolls_the_pod(chart: Renderer, values: dict[str, Any]) -> None:
    assert _checksums(chart, values) != _checksums(chart, {})


def test_a_changed_token_rolls_the_pod(chart: Renderer) -> None:
    first, second = (
        _checksums(chart, {"slack": {"botToken": f"xoxb-{each}", "appToken": "xapp-1"}})
        for each in ("one", "two")
    )
    assert first != second


def test_what_is_no_setting_leaves_the_checksums_alone(chart: Renderer) -> None:
    assert _checksums(chart, {"podLabels": {"team": "sre"}}) == _checksums(chart, {})


def test_the_same_values_give_the_same_text(chart: Renderer) -> None:
    """Nothing random: a GitOps tool would see a change at every look."""
    file = next(file for file in CI_FILES if file.name.startswith("full"))
    again = Renderer(chart.helm)
    assert again.text(release=Release(file=file)) == chart.text(release=Release(file=file))


def _selected(selector: Object, objects: list[Object]) -> list[str]:
    """The pods it matches."""
    return [
        name
        for name, pod in pod_templates(objects)
        if selector.items() <= (pod["metadata"].get("labels") or {}).items()
    ]


def _checksums(chart: Renderer, values: dict[str, Any]) -> dict[str, str]:
    pod, _kaia = kaia_of(chart.objects(values))
    found = pod["metadata"]["annotations"]
    return {name: held for name, held in found.items() if name.startswith("checksum/")}
