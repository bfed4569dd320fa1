# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# Functions that test.sh, demo.sh and .ci/run share. Source this file; it does nothing by itself.

# What the specification needs of Debian. NAME:PROGRAM is not installed where the program is there already, as
# dockerd is with docker's own packages, and lxc-start on a node of Proxmox VE.
# shellcheck disable=SC2034  # for those who source this
TEST_PACKAGES="python3 python3-venv ca-certificates crun runc tini busybox-static procps util-linux uidmap iproute2
    shellcheck libarchive13 skopeo umoci zstd lxc:lxc-start docker-registry docker.io:dockerd
    openssh-server:sshd openssh-client:ssh gcc:cc libc6-dev strace systemd:systemd-analyze zsh fish mandoc"

# What the caller is called in messages.
self=${0##*/}

say() {
    printf '%s: %s\n' "$self" "$*" >&2
}

# die STATUS MESSAGE...
die() {
    status=$1
    shift
    say "$*"
    exit "$status"
}

# Tell whether a Debian package is installed; since Debian 13 a library may have t64 at the end of its name.
has_package() {
    for name_of_it in "$1" "$1t64"; do
        [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$name_of_it" 2>/dev/null)" != installed ] || return 0
    done
    return 1
}

# Units that packages of TEST_PACKAGES bring. The tests start these programs themselves, on directories and sockets of
# their own; no machine shall get a daemon, its bridge and its packet filter because somebody ran tests on it.
DAEMONS="docker.service docker.socket containerd.service docker-registry.service lxc.service lxc-net.service
    ssh.service ssh.socket"
policy=/usr/sbin/policy-rc.d

# install_quietly PACKAGE...: apt-get install, and none of DAEMONS starts, now or at the next boot, that was not there.
install_quietly() (
    trap 'exit 1' HUP INT TERM
    ours=
    for unit in $DAEMONS; do
        systemctl cat "$unit" >/dev/null 2>&1 || ours="$ours $unit"
    done
    if [ ! -e "$policy" ]; then # the administrator's own policy stays
        trap 'rm -f "$policy"' EXIT
        {
            echo '#!/bin/sh'
            # shellcheck disable=SC2016  # the policy's own words
            echo 'for word; do case $word in docker* | containerd* | lxc* | ssh*) exit 101 ;; esac; done'
        } >"$policy"
        chmod 755 "$policy"
    fi
    # another apt may be at work on a fresh machine: wait for its lock. Nothing of the user's is removed for ours, such
    # as docker's own containerd for Debian's.
    DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-remove --no-install-recommends -o DPkg::Lock::Timeout=300 \
        -o Dpkg::Use-Pty=0 install "$@" >&2 || exit 1
    for unit in $ours; do
        systemctl cat "$unit" >/dev/null 2>&1 || continue
        systemctl --quiet disable --now "$unit" >&2 && say "$unit is not needed and has been disabled"
    done
    exit 0
)

# need_packages NAME[:PROGRAM]...: install what is missing, and only that. Without root or apt, name it and end with 2.
need_packages() {
    [ "$(uname)" != FreeBSD ] || return 0 # its base system has all that the scenarios about jails need, but Python
    command -v dpkg-query >/dev/null || die 2 "this is no Debian: install these by hand: $*"
    missing=
    for package; do
        name=${package%%:*}
        [ "$name" = "$package" ] || ! command -v "${package#*:}" >/dev/null || continue
        has_package "$name" || missing="$missing $name"
    done
    [ -n "$missing" ] || return 0
    command -v apt-get >/dev/null || die 2 "apt-get is missing; these packages are needed:$missing"
    [ "$(id -u)" = 0 ] || die 2 "not root, so these packages cannot be installed:$missing"
    say "installing:$missing"
    DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 update >&2 ||
        say "apt-get update failed; trying with the lists that are there"
    # shellcheck disable=SC2086  # a list of words
    install_quietly $missing || die 2 "apt-get could not install:$missing"
}

# need_venv DIR EXTRA...: a virtual environment with the extras of pyproject.toml, made anew only when that changes.
need_venv() {
    venv=$1
    shift
    stamp=$(cat pyproject.toml packaging/setup.sh | sha256sum | cut -d' ' -f1)
    if [ "$(cat "$venv/.stamp" 2>/dev/null)" = "$stamp $*" ] && "$venv/bin/python" -c '' 2>/dev/null; then
        return 0
    fi
    say "making $venv (once)"
    rm -rf "$venv"
    # Debian's own interpreter: the one that the installed nexcage runs with
    python=/usr/bin/python3
    [ -x "$python" ] || python=$(command -v python3 || command -v python3.12 || command -v python3.11) || die 2 "Python is not installed"
    "$python" -m venv "$venv" || die 2 "cannot make a virtual environment in $venv"
    extras=
    for extra; do
        extras="$extras --extra $extra"
    done
    # shellcheck disable=SC2086  # a list of words
    if "$venv/bin/pip" install --quiet uv >&2 &&
        "$venv/bin/uv" pip install --quiet --python "$venv/bin/python" --requirements pyproject.toml $extras >&2; then
        :
    else # uv reads other settings than pip: a machine with a mirror may have set up only pip
        say "uv could not install; trying pip"
        if ! "$venv/bin/python" packaging/requirements.py "$@" >"$venv/requirements.txt" ||
            ! "$venv/bin/pip" install --quiet --requirement "$venv/requirements.txt" >&2; then
            die 2 "cannot install the Python packages of pyproject.toml"
        fi
    fi
    printf '%s\n' "$stamp $*" >"$venv/.stamp"
}
