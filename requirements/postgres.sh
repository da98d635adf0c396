#!/bin/sh
# postgres.sh: sees to it that a Postgres is there for the tests, which start one of their own on a
# spare port. What PATH has is taken; else Debian's is installed, where that may be done.
set -eu

say() { echo "postgres: $*"; }
there() {
    if command -v initdb >/dev/null 2>&1; then return; fi
    for folder in /usr/lib/postgresql/*/bin; do
        if [ -x "$folder/initdb" ]; then return; fi
    done
    return 1
}
as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}
install() {
    command -v apt-get >/dev/null 2>&1 || return 1
    # Debian would start a server of its own on the usual port; the tests want only the programs.
    as_root mkdir -p /etc/postgresql-common
    [ -e /etc/postgresql-common/createcluster.conf ] ||
        echo "create_main_cluster = false" | as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends postgresql
}

if there; then exit 0; fi
say "none on PATH nor in /usr/lib/postgresql: installing Debian's"
if install >/dev/null && there; then
    say "done"
else
    say "could not be installed; the tests that need it are skipped. Install postgresql so that initdb and postgres are found." >&2
fi
