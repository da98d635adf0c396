#!/bin/sh
# lock.sh [--upgrade]: compiles the files beside it from pyproject.toml, with hashes, naming no index.
set -eu
cd "$(dirname "$0")/.."
uv=${UV:-uv}
command -v "$uv" >/dev/null 2>&1 || {
    echo "lock: needs uv (pip install uv, or make lock UV=/path/to/uv)" >&2
    exit 1
}
compile() {
    out=requirements/$1.txt
    shift
    "$uv" pip compile --quiet --universal --no-strip-extras --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-header -o "$out" "$@"
}
compile dev pyproject.toml --all-extras --group dev "$@"
# The others hold no version of their own, so that the image runs what the tests ran.
compile runtime pyproject.toml --all-extras -c requirements/dev.txt
compile build --group pyproject.toml:build -c requirements/dev.txt
compile kubectl --group pyproject.toml:kubectl "$@"
