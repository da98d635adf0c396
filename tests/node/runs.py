"""A folder for each run of the tests; what a killed run has left is found by its name and ended."""

import os
from collections.abc import Mapping
from pathlib import Path

from tests.apiserver import processes
from tests.apiserver.programs import test_home
from tests.node import node
from tests.node.packages import Tools


def new_home(environ: Mapping[str, str]) -> Path:
    """Named for our own process, and for when it began."""
    return _runs(environ) / processes.identity(os.getpid())


def end_forsaken(environ: Mapping[str, str], tools: Tools) -> None:
    """Ends the nodes of runs that are over; those of runs beside us are left alone."""
    for home in _runs(environ).glob("*"):
        pid = home.name.partition("-")[0]
        if processes.identity(int(pid)) != home.name:
            node.stop(home, tools)


def _runs(environ: Mapping[str, str]) -> Path:
    return test_home(environ) / "nodes"
