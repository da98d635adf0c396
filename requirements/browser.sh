#!/bin/sh
# browser.sh: sees to it that a Chromium is there for the tests that look at the playground's page.
# What PATH has is taken; else Debian's is installed, where that may be done.
set -eu

say() { echo "browser: $*"; }
there() {
    for name in chromium chromium-browser google-chrome; do
        if command -v "$name" >/dev/null 2>&1; then return; fi
    done
    return 1
}
as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}
install() {
    command -v apt-get >/dev/null 2>&1 || return 1
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends chromium
}

if there; then exit 0; fi
say "no Chromium on PATH: installing Debian's"
if install >/dev/null && there; then
    say "done"
else
    say "could not be installed; the tests that need it are skipped. Install chromium so that PATH has it." >&2
fi
