"""What every test has: cluster tests are left out unless asked for, and the run says so."""

import pytest

_LEFT_OUT = pytest.StashKey[int]()


def pytest_deselected(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("cluster"):
            stash = item.config.stash
            stash[_LEFT_OUT] = stash.get(_LEFT_OUT, 0) + 1


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    count = terminalreporter.config.stash.get(_LEFT_OUT, 0)
    if count:
        terminalreporter.write_line(
            f"{count} cluster test{'s' if count > 1 else ''} left out, because they need a real "
            "kube-apiserver: `make test-cluster` gets one and runs them."
        )
