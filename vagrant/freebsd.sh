#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# usage: freebsd.sh STEP...
#
# Make this FreeBSD machine (14 or 15) a host for jails, as nexcage uses them, with tools of the base system and
# Python from packages. A step that is done again changes nothing. The steps, in their order:
#   freebsd     refuse a machine that is no FreeBSD 14 or 15
#   loader      count and limit resources (rctl); the kernel takes it only when it boots
#   services    file systems, VNET's interfaces and the Linux ABI are loaded, devfs has its rules
#   network     bridge0: where the interfaces of jails meet
#   packages    Python, which nexcage runs in; then the machine has to boot
#   booted      refuse a kernel without any of this
#   base        a tree of this release to make bundles of
#   check       all of it works: one line each for jails, VNET, rctl, devfs, the Linux ABI and Python
set -eu

PYTHON=3.11 # the oldest that nexcage runs in
BRIDGE=bridge0
ADDRESS=10.98.1.1 # the machine's, on the bridge
INSIDE=10.98.1.2
LOADER=/boot/loader.conf.d/nexcage.conf
BASE=/usr/local/share/nexcage/base
RELEASES=https://download.freebsd.org/releases
FILESYSTEMS="nullfs tmpfs fdescfs procfs linprocfs linsysfs"
MODULES="$FILESYSTEMS if_bridge if_epair" # those of the Linux ABI come with linux_enable
NAME=nexcage_check

self=${0##*/}
step=starting
changes=0
jid=
pair=
limited=
work=

say() {
    printf '%s: %s\n' "$self" "$*" >&2
}

die() {
    say "$step: $*"
    exit 1
}

changed() {
    changes=$((changes + 1))
    say "changed: $*"
}

# Whatever ends the script: nothing of a check or of half a tree stays, and a failure says in which step.
ended() {
    status=$?
    away || true
    [ -z "$work" ] || erase "$work"
    [ "$status" = 0 ] || say "failed: $step"
}
trap ended EXIT
trap 'exit 1' HUP INT TERM

# Take the jail of the check away again: its interface first, which a removed jail would keep.
away() {
    [ -z "$pair" ] || [ -z "$jid" ] || ifconfig "${pair}b" -vnet "$jid" >/dev/null 2>&1 || true
    [ -z "$jid" ] || jail -R "$jid" >/dev/null 2>&1 || say "jail $jid is left"
    [ -z "$pair" ] || ifconfig "${pair}a" destroy >/dev/null 2>&1 || say "interface ${pair}a is left"
    [ -z "$limited" ] || rctl -r "jail:$NAME" >/dev/null 2>&1 || say "limits of jail $NAME are left"
    jid='' pair='' limited=''
}

# Files of a release are immutable (schg) and would stay.
erase() {
    [ ! -d "$1" ] || chflags -R noschg "$1"
    rm -rf -- "$1"
}

# put FILE TEXT: FILE holds TEXT; it is replaced at once, and only when it differs.
put() {
    if [ "$(cat "$1" 2>/dev/null)" = "$2" ]; then
        return
    fi
    mkdir -p "${1%/*}"
    new=$(mktemp "$1.XXXXXX")
    printf '%s\n' "$2" >"$new"
    chmod 644 "$new"
    mv -f "$new" "$1"
    changed "$1"
}

# rc NAME=VALUE, rc NAME+=WORDS: a setting of rc.conf has this value, or these words among its own.
rc() {
    ! sysrc -c "$1" >/dev/null 2>&1 || return 0
    sysrc "$1" >/dev/null || die "sysrc $1"
    changed "rc.conf: $1"
}

# The release of the base system, without its patch level.
release() {
    freebsd-version -u | sed 's/-p[0-9]*$//'
}

freebsd() {
    [ "$(uname -s)" = FreeBSD ] || die "this is $(uname -s), not FreeBSD"
    [ "$(id -u)" = 0 ] || die "not root"
    [ "$(sysctl -n security.jail.jailed)" = 0 ] || die "this is a jail itself"
    case $(release) in
    14.*-RELEASE | 15.*-RELEASE) ;;
    *) die "FreeBSD $(release) is no release of 14 or 15" ;;
    esac
    case $(uname -p) in
    amd64 | aarch64) ;;
    *) die "$(uname -p) has no Linux ABI of 64 bits" ;;
    esac
}

loader() {
    put "$LOADER" 'kern.racct.enable="1"'
}

services() {
    rc "kld_list+=$MODULES"
    rc linux_enable=YES
    rc linux_mounts_enable=NO # each container has its own
    rc devfs_load_rulesets=YES
}

network() {
    rc "cloned_interfaces+=$BRIDGE"
    rc "ifconfig_$BRIDGE=inet $ADDRESS/24 up"
}

packages() {
    # a box may be older than what its repository is made for
    export ASSUME_ALWAYS_YES=yes IGNORE_OSVERSION=yes
    pkg -N >/dev/null 2>&1 || {
        pkg bootstrap >&2 || die "pkg bootstrap"
        changed "pkg"
    }
    name=python$(echo "$PYTHON" | tr -d .)
    if ! pkg info -e "$name"; then
        pkg install -y "$name" >&2 || die "pkg install $name"
        changed "package $name"
    fi
}

booted() {
    [ "$(sysctl -n kern.racct.enable)" = 1 ] || die "kern.racct.enable is not 1: boot the machine"
    ifconfig "$BRIDGE" 2>/dev/null | grep -q "inet $ADDRESS " || die "$BRIDGE has no address $ADDRESS"
    sysctl -n compat.linux.osrelease >/dev/null 2>&1 || die "the Linux ABI is not loaded"
}

# The digests are those that the release is published with, in a file of the same place.
base() {
    made=$BASE/.release
    [ "$(cat "$made" 2>/dev/null)" != "$(release)" ] || return 0
    place=$RELEASES/$(uname -m)/$(uname -p)/$(release)
    mkdir -p "${BASE%/*}"
    work=$(mktemp -d "$BASE.XXXXXX")
    for file in MANIFEST base.txz; do
        fetch -q -a -o "$work/$file" "$place/$file" >&2 || die "cannot fetch $place/$file"
    done
    digest=$(awk '$1 == "base.txz" { print $2 }' "$work/MANIFEST")
    [ -n "$digest" ] || die "$place/MANIFEST does not name base.txz"
    [ "$(sha256 -q "$work/base.txz")" = "$digest" ] || die "base.txz does not have the digest of $place/MANIFEST"
    mkdir "$work/tree"
    tar -xpf "$work/base.txz" -C "$work/tree" || die "base.txz cannot be unpacked"
    chflags -R noschg "$work/tree"
    release >"$work/tree/.release"
    erase "$BASE"
    mv "$work/tree" "$BASE"
    erase "$work"
    work=
    changed "$BASE: FreeBSD $(release)"
}

check() {
    for tool in jail jls jexec rctl devfs mount umount kldload kldstat lsvfs sysctl ifconfig ps pkill tar; do
        command -v "$tool" >/dev/null || die "$tool is missing"
    done
    check_jail
    check_vnet
    check_limits
    check_devfs
    check_linux
    check_python
    away
    say "this host holds jails"
}

check_jail() {
    [ -x "$BASE/bin/sh" ] || die "no tree in $BASE: do the step base"
    jid=$(jail -i -c "name=$NAME" "path=$BASE" vnet allow.raw_sockets allow.noset_hostname persist) ||
        die "jail -c"
    status=0
    jexec "$jid" /bin/sh -c 'exit 3' || status=$?
    [ "$status" = 3 ] || die "jexec gave $status, not the program's 3"
    say "jails: jail $jid ran a program"
}

check_vnet() {
    [ "$(sysctl -n kern.features.vimage)" = 1 ] || die "this kernel has no VNET"
    pair=$(ifconfig epair create) || die "ifconfig epair create"
    pair=${pair%a}
    ifconfig "${pair}a" up || die "${pair}a does not come up"
    ifconfig "$BRIDGE" addm "${pair}a" || die "${pair}a does not join $BRIDGE"
    ifconfig "${pair}b" vnet "$jid" || die "${pair}b does not go into jail $jid"
    jexec "$jid" ifconfig "${pair}b" inet "$INSIDE/24" up || die "${pair}b takes no address in jail $jid"
    tries=0
    until jexec "$jid" ping -c 1 -t 2 "$ADDRESS" >/dev/null 2>&1; do
        tries=$((tries + 1))
        [ "$tries" -lt 10 ] || die "jail $jid does not reach $ADDRESS"
        sleep 1
    done
    say "VNET: jail $jid reaches $ADDRESS over ${pair}b"
}

check_limits() {
    [ "$(sysctl -n kern.racct.enable)" = 1 ] || die "kern.racct.enable is not 1"
    limited=yes
    rctl -a "jail:$NAME:maxproc:deny=1" || die "rctl -a"
    # the shell is one process; a second one is one too many
    ! jexec "$jid" /bin/sh -c '/usr/bin/true; exit' >/dev/null 2>&1 || die "maxproc=1 lets a second process be"
    say "rctl: a limit of jail $jid holds"
}

check_devfs() {
    for set in 1 2 3 4; do
        [ -n "$(devfs rule -s "$set" show)" ] || die "devfs rule set $set has no rules"
    done
    say "devfs: rule sets 1 to 4 have rules"
}

check_linux() {
    kldstat -q -n linux64 || die "linux64 is not loaded"
    for filesystem in $FILESYSTEMS; do
        lsvfs "$filesystem" >/dev/null 2>&1 || die "file system $filesystem is not loaded"
    done
    say "Linux ABI: Linux $(sysctl -n compat.linux.osrelease)"
}

check_python() {
    said=$("python$PYTHON" -IS -c 'import ctypes, select, sys
select.kqueue, ctypes.CDLL(None).jail_attach
print(sys.version.split()[0])') || die "python$PYTHON does not do"
    say "Python: $said"
}

[ $# -gt 0 ] || die "no step; see the head of this file"
for step; do
    case $step in
    freebsd | loader | services | network | packages | booted | base | check) "$step" ;;
    *) die "no such step" ;;
    esac
done
[ "$changes" -gt 0 ] || say "$*: nothing to change"
