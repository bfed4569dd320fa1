#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# usage: v1view.sh COMMAND [ARGUMENT...]
#
# Run a command where crun works on a host with hybrid cgroups: in a mount namespace of its own whose
# /sys/fs/cgroup holds the v1 controllers and nothing else. The host itself is not changed. Needs root.
# A host that is not hybrid gets the reaper and the null device only.
set -eu

die() {
    echo "v1view: $*" >&2
    exit 2
}

if [ "${1-}" != --inside ]; then
    [ $# -gt 0 ] || die "no command"
    [ "$(uname)" != FreeBSD ] || exec "$@" # neither cgroups nor mounts of one's own
    [ "$(id -u)" = 0 ] || die "needs root"
    # private: nothing mounted here may reach the host
    exec unshare --mount --propagation private "$0" --inside "$@"
fi
shift

cgroups=/sys/fs/cgroup
if [ "$(stat -fc %T "$cgroups/unified" 2>/dev/null || true)" = cgroup2fs ]; then
    view=$(mktemp -d)
    mount -t tmpfs -o mode=755 v1view "$view"
    for controller in "$cgroups"/*; do
        name=${controller##*/}
        [ "$(stat -fc %T "$controller")" = cgroupfs ] || continue
        if [ -L "$controller" ]; then # "cpu,cpuacct" is often reached by links
            cp -P "$controller" "$view/$name"
        else
            mkdir "$view/$name"
            mount --bind "$controller" "$view/$name"
        fi
    done
    # crun takes a host for hybrid when "unified" is a cgroup2 mount; some programs want the name to exist
    mkdir "$view/unified"
    mount --move "$view" "$cgroups"
    rmdir "$view"
    [ -d "$cgroups/memory" ] || die "no v1 controllers in $cgroups"
fi

# Containers with a user of their own open /dev/null; some build hosts keep it for root.
if [ "$(stat -c %a /dev/null)" != 666 ]; then
    nodes=$(mktemp -d)
    mount -t tmpfs -o mode=755 nodes "$nodes"
    mknod -m 666 "$nodes/null" c 1 3
    mount --bind "$nodes/null" /dev/null
    umount -l "$nodes"
    rmdir "$nodes"
fi

# tini reaps what containers leave to their ancestor, at once; a PID 1 in a sandbox can be late.
exec tini -s -- "$@"
