"""`python -m tests.chart get`: the programs that check the chart."""

import argparse
import os
import sys
import time

from tests.apiserver.programs import ProgramsMissing
from tests.chart import programs


def get() -> str:
    begun = time.monotonic()
    found = programs.get(os.environ)
    paths = ", ".join(map(str, (found.helm, found.helm_unittest, found.helm_docs)))
    return f"ready after {time.monotonic() - begun:.0f} s: {paths}"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chart", description=__doc__)
    parser.add_argument("action", choices=("get",))
    parser.parse_args()
    try:
        print(get())  # noqa: T201 - a command line's own words
    except ProgramsMissing as problem:
        print(problem, file=sys.stderr)  # noqa: T201 - the same
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
