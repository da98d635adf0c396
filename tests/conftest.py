"""What every test has: long tests are left out unless asked for, and the run says so."""

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.doubles.postgres import NoPostgres, Postgres, running_postgres

_LEFT_OUT = pytest.StashKey[Counter[str]]()
_WHY = {
    "browser": "need a real Chromium: `make test-browser` gets one and runs them.",
    "chart": "need helm: `make test-chart` gets it and runs them.",
    "cluster": "need a real kube-apiserver: `make test-cluster` gets one and runs them.",
    "faults": "take minutes: `make test-faults` runs them.",
}


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One server for the whole run; `postgres.url()` is a database of the test's own."""
    try:
        with running_postgres() as server:
            yield server
    except NoPostgres as error:
        pytest.skip(str(error))


def pytest_deselected(items: list[pytest.Item]) -> None:
    for item in items:
        for name in _WHY:
            if item.get_closest_marker(name):
                left_out = item.config.stash.setdefault(_LEFT_OUT, Counter())
                left_out[name] += 1


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for name, count in terminalreporter.config.stash.get(_LEFT_OUT, Counter()).items():
        terminalreporter.write_line(
            f"{count} {name} test{'s' if count > 1 else ''} left out, because they {_WHY[name]}"
        )
