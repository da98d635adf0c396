"""`python -m tests.apiserver get|up|down`: a real API server on loopback, to try things on."""

import argparse
import os
import sys
from pathlib import Path

from tests.apiserver import programs, scene, server

_STARTED = """\
A real API server is up at {url}, with a broken pod `checkout` in the namespace `shop`.
It may read everything but Secrets:    export KUBECONFIG={limited}
As an administrator:                   export KUBECONFIG={admin}
`python -m tests.apiserver down` ends it."""


def get(environ: dict[str, str]) -> str:
    found = programs.get(environ)
    paths = (found.etcd, found.apiserver, *dict.fromkeys((found.kubectl, found.newest_kubectl)))
    return "ready: " + ", ".join(str(path) for path in paths)


def up(environ: dict[str, str]) -> str:
    """Starts afresh: an earlier run of ours is ended first."""
    found = programs.get(environ)
    home = _home(environ)
    if home.exists():
        server.stop(home)
    running = server.start(home, found, outlives_us=True)
    scene.set_up(running)
    return _STARTED.format(
        url=running.url, limited=running.limited_kubeconfig, admin=running.kubeconfig
    )


def down(environ: dict[str, str]) -> str:
    home = _home(environ)
    ended = server.stop(home) if home.exists() else []
    return f"ended: {', '.join(ended)}" if ended else "nothing of ours was running"


def _home(environ: dict[str, str]) -> Path:
    return programs.test_home(environ) / "up"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.apiserver", description=__doc__)
    parser.add_argument("action", choices=("get", "up", "down"))
    act = {"get": get, "up": up, "down": down}[parser.parse_args().action]
    try:
        print(act(dict(os.environ)))  # noqa: T201 - a command line's own words
    except (programs.ProgramsMissing, server.ServerFailed) as problem:
        print(problem, file=sys.stderr)  # noqa: T201 - the same
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
