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

# copy PROGRAM...: programs of this machine into the rootfs, with the libraries they need
copy() {
    for program; do
        path=$(command -v "$program") || die 2 "$program is missing on this machine"
        for file in "$path" $(ldd "$path" 2>/dev/null | grep -o '/[^ ]*'); do
            mkdir -p "$rootfs${file%/*}"
            cp -L "$file" "$rootfs$file"
        done
    done
}

bold='' plain=''
[ ! -t 1 ] || [ -n "${NO_COLOR-}" ] || { bold=$(printf '\033[1m') plain=$(printf '\033[0m'); }

# show ARGUMENT...: a nexcage command and what it prints
show() {
    printf '\n%s$ nexcage %s%s\n' "$bold" "$*" "$plain"
    nexcage/launcher.sh "$@"
}

say "building a bundle from this machine's own programs"
bundle=$work/bundle
rootfs=$bundle/rootfs
mkdir -p "$rootfs/proc" "$rootfs/dev" "$rootfs/sys" "$rootfs/tmp"
copy sh ls sleep uname hostname
nexcage/launcher.sh spec --bundle "$bundle"
/usr/bin/python3 -IS - "$bundle/config.json" <<'PYTHON'
import json, sys

with open(sys.argv[1]) as file:
    config = json.load(file)
script = "trap 'echo bye from the container; exit 0' TERM; echo hello from $(hostname), pid $$; while :; do sleep 0.1; done"
config["process"].update(terminal=False, args=["sh", "-c", script])
config["hostname"] = "demo"
with open(sys.argv[1], "w") as file:
    json.dump(config, file, indent=2)
PYTHON

export NEXCAGE_ROOT="$work/state"
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
show list
printf '\n'
say "done. The same commands work for your own bundles: nexcage/launcher.sh help"
