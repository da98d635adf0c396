"""Sets scenarios up and gives each out once its fault has come about; it records none."""

import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.apiserver import programs
from tests.apiserver import server as servers
from tests.apiserver.server import ApiServer
from tests.recordings.shop.__main__ import opened_node
from tests.scenarios import node_stage, server_stage, waiting
from tests.scenarios.scenario import Scenario

Stage = Iterator[tuple[Scenario, Path]]
"""Each scenario while it stands, and a kubeconfig with the rights that Kaia has."""

_AT_ONCE = 12
"""On a node: they wait for their faults side by side, and no container waits for the machine."""


def on_a_server(chosen: Sequence[Scenario]) -> Stage:
    for group in _apart(chosen):
        with _opened_server() as server:
            for scenario in group:
                with server_stage.set_up(scenario, server):
                    yield scenario, server.limited_kubeconfig


def on_a_node(chosen: Sequence[Scenario]) -> Stage:
    """One whose fault does not come about in time is told of and left out."""
    if not chosen:
        return
    with opened_node(os.environ) as node:
        for at in range(0, len(chosen), _AT_ONCE):
            beginning = chosen[at : at + _AT_ONCE]
            objects = node_stage.set_up(beginning, node)
            for scenario in beginning:
                try:
                    waiting.wait(scenario, objects)
                except waiting.NeverCame as problem:
                    print(problem, file=sys.stderr)  # noqa: T201 - a command line's own words
                else:
                    yield scenario, node.limited_kubeconfig


def custom_kinds(scenario: Scenario) -> set[str]:
    return {
        str(each["spec"]["names"]["plural"])
        for each in scenario.manifests
        if each["kind"] == "CustomResourceDefinition"
    }


def _apart(chosen: Sequence[Scenario]) -> Iterator[Sequence[Scenario]]:
    """Custom resources change what a server says of itself: each of these has one of its own."""
    plain = [each for each in chosen if not custom_kinds(each)]
    yield from ([plain] if plain else [])
    yield from ([each] for each in chosen if custom_kinds(each))


@contextmanager
def _opened_server() -> Iterator[ApiServer]:
    found = programs.find(os.environ)
    with tempfile.TemporaryDirectory() as place:
        home = Path(place, "home")
        running = servers.start(home, found)
        try:
            yield running
        finally:
            servers.stop(home)
