#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# usage: ./demo.sh
#
# Make a container from this machine's own programs and take it through its life with nexcage: create, start,
# state, exec, stop, delete. Sets up what it needs (Debian, root); changes nothing else outside a temporary directory.
set -eu
cd "$(dirname "$0")"
. packaging/setup.sh

need_packages python3 runc crun procps
[ "$(id -u)" = 0 ] || die 2 "not root: containers need it here (try: sudo ./demo.sh)"

work=$(mktemp -d)
clean_up() {
    nexcage/launcher.sh --root "$work/state" delete --force demo >/dev/null 2>&1 || true
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

bold='' plain=''
[ ! -t 1 ] || [ -n "${NO_COLOR-}" ] || { bold=$(printf '\033[1m') plain=$(printf '\033[0m'); }

# show ARGUMENT...: a nexcage command and what it prints
show() {
    printf '\n%s$ nexcage %s%s\n' "$bold" "$*" "$plain"
    nexcage/launcher.sh "$@"
}

bundle=$work/bundle
export NEXCAGE_ROOT="$work/state" NEXCAGE_CACHE="$work/cache"
script="trap 'echo bye from the container; exit 0' TERM
echo hello from \$(hostname), pid \$\$
while :; do sleep 0.1; done"
show bundle create --from host:sh,ls,sleep,uname,hostname --hostname demo "$bundle" -- sh -c "$script"
show bundle inspect "$bundle"
show bundle validate "$bundle"
show --log-level info create --stdio log --bundle "$bundle" demo
show list
show start demo
sleep 0.3
show state demo
show exec demo uname -sr
show exec demo ls /
show ps demo
show pause demo
show list
show resume demo
show stop demo
show logs demo
show delete demo
show bundle verify "$bundle"
show bundle delete "$bundle"
printf '\n'
say "done. The same commands work for your own bundles: nexcage/launcher.sh help"
