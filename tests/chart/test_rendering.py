"""The chart renders, and what it renders is what Kubernetes takes."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from tests.chart.objects import address, of_release, one
from tests.chart.programs import Programs
from tests.chart.rendering import CHART, CI_FILES, OLDEST, ROOT, Object, Release, Renderer
from tests.chart.schemas import CUSTOM_KINDS, complaints, newest

pytestmark = pytest.mark.chart

_OBJECTS_OF_NO_VALUES = {
    "ClusterRole",
    "ClusterRoleBinding",
    "ConfigMap",
    "Deployment",
    "PersistentVolumeClaim",
    "Pod",  # of `helm test`
    "Service",
    "ServiceAccount",
}


@pytest.mark.parametrize("file", [None, *CI_FILES], ids=lambda file: file.name if file else "none")
def test_lint_has_nothing_to_say(chart: Renderer, file: Path | None) -> None:
    values = ["--values", str(file)] if file else []
    told = chart.run("lint", "--strict", str(CHART), *values)
    assert "1 chart(s) linted, 0 chart(s) failed" in told
    assert not [line for line in told.splitlines() if line.startswith(("[WARNING]", "[ERROR]"))]


def test_there_is_a_file_of_values_for_every_way_to_install_it() -> None:
    names = {file.name.removesuffix("-values.yaml") for file in CI_FILES}
    assert names >= {"default", "full", "namespaced", "writes", "postgres", "ollama"}


def test_no_values_at_all_give_one_whole_kaia(rendered: dict[str, list[Object]]) -> None:
    assert {each["kind"] for each in rendered["no values"]} == _OBJECTS_OF_NO_VALUES


@pytest.mark.parametrize("minor", [OLDEST, newest()])
def test_everything_fits_the_schemas_of_kubernetes(
    rendered: dict[str, list[Object]], minor: str
) -> None:
    found = [f"{name}: {why}" for name in rendered for why in complaints(rendered[name], minor)]
    assert found == []


def test_an_object_that_does_not_fit_is_found(rendered: dict[str, list[Object]]) -> None:
    deployment = one(rendered["no values"], "Deployment", "kaia")
    broken = {**deployment, "spec": {**deployment["spec"], "replicas": "one", "colour": "red"}}
    assert list(complaints([broken]))


def test_every_object_of_others_kinds_is_known_by_name(rendered: dict[str, list[Object]]) -> None:
    foreign = {
        each["kind"]
        for each in rendered["full-values.yaml"]
        if each["apiVersion"] == "monitoring.coreos.com/v1"
    }
    assert foreign == CUSTOM_KINDS


def test_no_address_is_there_twice(rendered: dict[str, list[Object]]) -> None:
    for name, objects in rendered.items():
        addresses = [address(each) for each in objects]
        assert len(set(addresses)) == len(addresses), name


def test_only_roles_name_a_namespace(rendered: dict[str, list[Object]]) -> None:
    """Everything else goes where the release goes."""
    named = {
        each["kind"]
        for objects in rendered.values()
        for each in objects
        if "namespace" in each["metadata"]
    }
    assert named <= {"Role", "RoleBinding"}


def test_every_object_says_what_it_belongs_to(rendered: dict[str, list[Object]]) -> None:
    for objects in rendered.values():
        for each in of_release(objects):
            if each["metadata"]["name"] == "kaia-as-text":
                continue  # an object a person adds
            labels = each["metadata"]["labels"]
            assert labels["app.kubernetes.io/managed-by"] == "Helm", address(each)
            assert labels["app.kubernetes.io/name"] == "kaia"
            assert labels["app.kubernetes.io/instance"] == "kaia"
            assert labels["app.kubernetes.io/version"] == _chart()["appVersion"]
            assert labels["helm.sh/chart"] == f"kaia-{_chart()['version']}"


def test_the_versions_are_those_of_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert _chart()["appVersion"] == project["version"]
    assert _chart()["description"] == project["description"]


def test_an_older_kubernetes_is_refused_and_a_cloud_s_is_not(chart: Renderer) -> None:
    assert "kubeVersion" in chart.refusal({}, Release(kubernetes="1.29"))
    told = chart.run("template", "kaia", str(CHART), "--kube-version", "v1.33.4-gke.100")
    assert "kind: Deployment" in told


def test_the_suites_of_the_chart_pass(tools: Programs) -> None:
    done = subprocess.run(
        [tools.helm_unittest, "--strict", CHART], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_template_has_a_suite() -> None:
    templates = {
        str(file.relative_to(CHART))
        for file in (CHART / "templates").rglob("*.yaml")
        if not file.name.startswith("_")
    }
    suites = [yaml.safe_load(file.read_text()) for file in (CHART / "tests").glob("*_test.yaml")]
    tested = {
        f"templates/{template}" if not template.startswith("templates/") else template
        for suite in suites
        for template in suite["templates"]
    }
    assert templates <= tested


def test_the_readme_is_what_helm_docs_makes_of_the_values(tools: Programs, tmp_path: Path) -> None:
    copy = tmp_path / "helm"
    shutil.copytree(CHART, copy)
    subprocess.run([tools.helm_docs, "--chart-search-root", copy], check=True, capture_output=True)
    assert (copy / "README.md").read_text() == (CHART / "README.md").read_text(), (
        "helm/README.md is not what `helm-docs` makes of values.yaml and README.md.gotmpl"
    )


def test_yaml_is_in_one_style() -> None:
    rules = (
        "{extends: default, rules: {line-length: {max: 120}, document-start: disable,"
        " comments: {min-spaces-from-content: 1},"
        " braces: {max-spaces-inside: 1}, truthy: {check-keys: false}}}"
    )
    files = [CHART / "values.yaml", CHART / "Chart.yaml", *CI_FILES, *(CHART / "tests").glob("*")]
    yamllint = Path(sys.executable).with_name("yamllint")
    done = subprocess.run(
        [yamllint, "--strict", "--config-data", rules, *files],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def _chart() -> Object:
    chart: Object = yaml.safe_load((CHART / "Chart.yaml").read_text())
    return chart
