#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# usage: ./test.sh [PYTEST-ARGUMENT...]
#
# Set up all that the specification needs on a Debian machine (once), then run it: features/ and tests/, or only
# the paths that the arguments name. Examples:
#   ./test.sh
#   ./test.sh features/lifecycle -m "oci and not exec"
#   ./test.sh features/ --runtime-under-test runc
set -eu
cd "$(dirname "$0")"
. packaging/setup.sh

# shellcheck disable=SC2086  # a list of words
need_packages $TEST_PACKAGES
need_venv .venv test cold

# Without a path of the caller's, everything.
paths="tests features" # the slowest files first
for argument; do
    if [ -e "${argument%%::*}" ]; then
        paths=
    fi
done

# Everything at once takes all processors, with a worker more than there are, as scenarios wait a third of their time;
# each worker has mounts of its own, as they change them.
python=.venv/bin/python
if [ -n "$paths" ]; then
    worker=$python
    [ "$(id -u)" != 0 ] || worker="unshare --mount $python"
    set -- --dist loadfile --tx "$(($(nproc) + 1))*popen//python=$worker" "$@"
fi

# shellcheck disable=SC2086  # a list of words
set -- "$python" -m pytest $paths "$@"
if [ "$(id -u)" = 0 ]; then
    # crun refuses hybrid cgroups; the view also reaps at once and repairs /dev/null
    exec step_defs/v1view.sh "$@"
fi
say "not root: what needs root is skipped"
exec tini -s -- "$@"
