# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# Functions that test.sh, demo.sh and .ci/run share. Source this file; it does nothing by itself.

# What the specification needs of Debian.
# shellcheck disable=SC2034  # for those who source this
TEST_PACKAGES="python3 python3-venv ca-certificates crun runc tini busybox-static procps util-linux uidmap iproute2
    shellcheck"

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

# Tell whether a Debian package is installed.
has_package() {
    [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# need_packages NAME...: install what is missing, and only that. Without root or apt, name it and end with 2.
need_packages() {
    command -v dpkg-query >/dev/null || die 2 "this is no Debian: install these by hand: $*"
    missing=
    for package; do
        has_package "$package" || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    command -v apt-get >/dev/null || die 2 "apt-get is missing; these packages are needed:$missing"
    [ "$(id -u)" = 0 ] || die 2 "not root, so these packages cannot be installed:$missing"
    say "installing:$missing"
    # shellcheck disable=SC2086  # a list of words
    set -- $missing
    # another apt may be at work on a fresh machine: wait for its lock
    DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 update >&2 ||
        say "apt-get update failed; trying with the lists that are there"
    DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends -o DPkg::Lock::Timeout=300 \
        -o Dpkg::Use-Pty=0 install "$@" >&2 || die 2 "apt-get could not install:$missing"
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
    /usr/bin/python3 -m venv "$venv" || die 2 "cannot make a virtual environment in $venv"
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
