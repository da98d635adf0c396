"""`python -m tests.recordings.shop`: breaks a small shop on a real node, and records it anew."""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from bot.app.shown import SHOP
from tests.apiserver.programs import ProgramsMissing
from tests.apiserver.server import ServerFailed
from tests.node import images, programs, runs
from tests.node import node as nodes
from tests.node.machine import NodeImpossible
from tests.node.node import Node
from tests.recordings.shop import trimming
from tests.scenarios import node_stage, waiting
from tests.scenarios.scenario import Scenario, load

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
NOTE = (
    "A made-up shop on a bad day: db waits for a volume that nobody can make, cart cannot reach db,"
    " payments takes more memory than it may, search is never ready, and a Job has failed."
)


class NotRecorded(Exception):
    """`kaia record` has failed; it has said why."""


def scenarios() -> list[Scenario]:
    """The shop, and its neighbour that is well."""
    return [load(HERE / "shop.yaml"), load(HERE / "office.yaml")]


def images_of(chosen: Sequence[Scenario]) -> list[str]:
    """All that their manifests name; each is the one busybox of the node under another name."""
    named = {name for one in chosen for name in re.findall(r"'image': '(.+?)'", str(one))}
    return sorted(f"docker.io/{name}" for name in named)


def set_up(node: Node, chosen: Sequence[Scenario]) -> None:
    """Until everything has broken as it should."""
    busybox = Path(node.tools["busybox"])
    commands = {name: ["sh"] for name in images_of(chosen)}
    node.load(images.write_archive(node.home / "shop.tar", busybox, commands))
    objects = node_stage.set_up(chosen, node)
    for scenario in chosen:
        waiting.wait(scenario, objects)


def record(kubeconfig: Path, target: Path) -> None:
    """Puts a new recording, and what it shares, in the place of those that are there."""
    with tempfile.TemporaryDirectory() as home:
        fresh = Path(home, target.name)
        _run_kaia(kubeconfig, home, fresh)
        trimming.trim(fresh.parent / "servers")
        for name in (target.name, "servers"):
            shutil.rmtree(target.parent / name, ignore_errors=True)
            shutil.copytree(fresh.parent / name, target.parent / name)


def _run_kaia(kubeconfig: Path, home: str, target: Path) -> None:
    argv = [sys.executable, "-m", "bot", "record", "--output", str(target), "--note", NOTE]
    folders = (os.environ.get("PATH", os.defpath), str(Path(sys.executable).parent))
    own = {"PATH": os.pathsep.join(folders), "HOME": home, "KUBECONFIG": str(kubeconfig)}
    done = subprocess.run(argv, cwd=ROOT, env=own, check=False)
    # 1 says that the account may not read everything, which is so and stands in the recording.
    if done.returncode not in (0, 1):
        raise NotRecorded("nothing was recorded")


@contextmanager
def opened_node(environ: Mapping[str, str]) -> Iterator[Node]:
    found = programs.find(environ)
    runs.end_forsaken(environ, found.tools)
    home = runs.new_home(environ)
    try:
        yield nodes.start(home, found)
    finally:
        nodes.stop(home, found.tools)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.recordings.shop", description=__doc__)
    parser.add_argument("-o", "--output", type=Path, default=SHOP)
    target = parser.parse_args().output
    try:
        with opened_node(os.environ) as node:
            set_up(node, scenarios())
            record(node.limited_kubeconfig, target)
    except (
        NodeImpossible,
        NotRecorded,
        ProgramsMissing,
        ServerFailed,
        waiting.NeverCame,
    ) as problem:
        print(problem, file=sys.stderr)  # noqa: T201 - a command line's own words
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
