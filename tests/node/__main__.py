"""`python -m tests.node get|up|down`: a cluster of one real node, to try things on."""

import argparse
import os
import sys
from pathlib import Path

from tests.apiserver.programs import ProgramsMissing, test_home
from tests.apiserver.server import ServerFailed
from tests.node import node, packages, programs
from tests.node.machine import NodeImpossible

_STARTED = """\
A cluster of one real node is up at {url}.
As an administrator:                   export KUBECONFIG={admin}
It may read everything but Secrets:    export KUBECONFIG={limited}
Its one image beside the system's own: busybox:1.36, with imagePullPolicy: IfNotPresent
`python -m tests.node down` ends it."""


def get(environ: dict[str, str]) -> str:
    """That no node can run here is no failure: the tests that need one say so and are skipped."""
    try:
        found = programs.get(environ)
    except NodeImpossible as reason:
        return f"no real node can run here, so its tests will be skipped: {reason}"
    return f"ready: {found.kubelet}, {found.tools['containerd']}, {found.tools['runc']}"


def up(environ: dict[str, str]) -> str:
    """Starts afresh: an earlier run of ours is ended first."""
    found = programs.get(environ)
    home = _home(environ)
    if home.exists():
        node.stop(home, found.tools)
    running = node.start(home, found, outlives_us=True)
    return _STARTED.format(
        url=running.url, admin=running.kubeconfig, limited=running.limited_kubeconfig
    )


def down(environ: dict[str, str]) -> str:
    home = _home(environ)
    ended = node.stop(home, packages.find(environ)) if home.exists() else []
    return f"ended: {', '.join(ended)}" if ended else "nothing of ours was running"


def _home(environ: dict[str, str]) -> Path:
    return test_home(environ) / "node"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.node", description=__doc__)
    parser.add_argument("action", choices=("get", "up", "down"))
    act = {"get": get, "up": up, "down": down}[parser.parse_args().action]
    try:
        print(act(dict(os.environ)))  # noqa: T201 - a command line's own words
    except (NodeImpossible, ProgramsMissing, ServerFailed, OSError) as problem:
        print(problem, file=sys.stderr)  # noqa: T201 - the same
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
