#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# usage: debian.sh
#
# Make this Debian machine a host for crun and runc with cgroup v2, and prove it by a container of each.
# What the specification needs beside them, test.sh installs.
set -eu
PACKAGES="ca-certificates crun runc busybox-static python3 python3-venv tar"

say() {
    printf 'debian.sh: %s\n' "$*" >&2
}

work=
step="starting"
ended() {
    status=$?
    [ -z "$work" ] || rm -rf "$work"
    [ "$status" = 0 ] || say "failed: $step"
}
trap ended EXIT

step="needs root"
[ "$(id -u)" = 0 ]

step="cgroup v2 alone: boot with systemd.unified_cgroup_hierarchy=1"
[ "$(stat -fc %T /sys/fs/cgroup)" = cgroup2fs ]

step="installing $PACKAGES"
missing=
for package in $PACKAGES; do
    seen=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$seen" = installed ] || missing="$missing $package"
done
if [ -n "$missing" ]; then
    say "changed: packages$missing"
    export DEBIAN_FRONTEND=noninteractive
    apt-get -qq -o DPkg::Lock::Timeout=300 update
    # shellcheck disable=SC2086  # a list of words
    apt-get -qq -y --no-install-recommends -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 install $missing
fi

step="a bundle"
work=$(mktemp -d)
mkdir -p "$work/rootfs/bin"
cp /bin/busybox "$work/rootfs/bin/"
(cd "$work" && runc spec)
python3 - "$work/config.json" <<'PYTHON'
import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    config = json.load(file)
config["process"] |= {"terminal": False, "args": ["/bin/busybox", "echo", "ran"]}
with open(sys.argv[1], "w", encoding="utf-8") as file:
    json.dump(config, file)
PYTHON

for driver in crun runc; do
    step="a container of $driver"
    said=$("$driver" run --bundle "$work" "vagrant-check-$$")
    [ "$said" = ran ]
    say "$("$driver" --version | head -n 1) runs containers"
done
