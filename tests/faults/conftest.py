"""A seed for every run of faults, and its balance printed at the end."""

import random
from collections.abc import Callable

import pytest

from tests.faults.balance import Balance

_TABLES = pytest.StashKey[list[str]]()

Report = Callable[[Balance], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--seed", type=int, default=0, help="Repeats an earlier run of faults.")


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    given: int = request.config.getoption("--seed", 0)
    return given or random.SystemRandom().randrange(1, 1_000_000)


@pytest.fixture
def report(request: pytest.FixtureRequest, seed: int) -> Report:
    """Keeps a balance for the end of the run, and fails where it holds a fault."""

    def keep(balance: Balance) -> None:
        tables = request.config.stash.setdefault(_TABLES, [])
        tables.append(f"{request.node.name}, seed {seed}\n{balance.table()}")
        assert not balance.faults, f"seed {seed}\n{balance.table()}\n" + "\n".join(balance.faults)

    return keep


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for table in terminalreporter.config.stash.get(_TABLES, []):
        terminalreporter.write_line(table)
