"""When a finding counts as confirmed, by the signals it rests on."""

import pytest

from bot.cluster.findings import Evidence, Finding, Ref, is_confirmed


@pytest.mark.parametrize(
    ("path", "signal"),
    [
        ("pod/a:status.phase", "pod/a:status"),
        ("pod/a:status.containerStatuses[app].state", "pod/a:status"),
        ("pod/a:spec.containers[app].resources.limits.memory", "pod/a:spec"),
        ("event/a:BackOff", "event/a"),
        ("log/a/app", "log/a"),
        ("absent/configmap/settings", "absent/configmap/settings"),
    ],
)
def test_fields_of_one_part_of_an_object_are_one_signal(path: str, signal: str) -> None:
    assert Evidence(path, "x").signal == signal


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["pod/a:status.phase"], False),
        (["pod/a:status.phase", "pod/a:status.reason"], False),
        (["pod/a:status.phase", "pod/a:spec.nodeName"], True),
        (["pod/a:status.phase", "event/a:BackOff"], True),
        (["pod/a:status.phase", "log/a/app"], True),
        (["log/a/app", "log/b/app"], False),
        (["log/a/app"], False),
        ([], False),
    ],
)
def test_two_signals_confirm_unless_both_are_free_text(paths: list[str], expected: bool) -> None:
    evidence = tuple(Evidence(path, "x") for path in paths)
    finding = Finding("R", "critical", Ref("Pod", "n", "a"), "It is so.", evidence=evidence)

    assert is_confirmed(finding) is expected


def test_what_is_only_possible_is_never_confirmed() -> None:
    evidence = (Evidence("pod/a:status.phase", "x"), Evidence("pod/a:spec.nodeName", "y"))
    about = Ref("Pod", "n", "a")

    assert not is_confirmed(Finding("R", "info", about, "x", evidence=evidence, is_possible=True))
