"""`python -m tests.image rootfs|archive`: the image's shape without a Docker engine."""

import argparse
import os
import sys
from pathlib import Path

from tests.apiserver.programs import ProgramsMissing
from tests.image import archive, rootfs
from tests.image.packages import ImageFailed


def _rootfs(target: Path | None) -> Path:
    layers = rootfs.get(os.environ)
    return rootfs.assemble(layers, target) if target else rootfs.assembled(os.environ, layers)


def _archive(target: Path | None) -> Path:
    return archive.get(os.environ, target)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.image", description=__doc__)
    parser.add_argument("action", choices=("rootfs", "archive"))
    parser.add_argument("-o", "--output", type=Path, help="where to, instead of the tests' cache")
    asked = parser.parse_args()
    act = {"rootfs": _rootfs, "archive": _archive}
    try:
        print(act[asked.action](asked.output))  # noqa: T201 - a command line's own words
    except (ImageFailed, ProgramsMissing, OSError) as problem:
        print(problem, file=sys.stderr)  # noqa: T201 - the same
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
