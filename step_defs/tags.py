# SPDX-License-Identifier: Apache-2.0
"""Every tag that a feature may carry, with its meaning. An unknown tag is an error."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

ISSUES = {
    "issue-78": "upstream 78: names go to crun, runc or LXC",
    "issue-87": "upstream 87",
    "issue-88": "upstream 88: create, start, stop, delete with the same outcome on every driver",
    "issue-90": "upstream 90",
    "issue-91": "upstream 91",
    "issue-92": "upstream 92",
    "issue-96": "upstream 96",
    "issue-97": "upstream 97",
    "issue-103": "upstream 103: create ID DIR",
    "issue-108": "upstream 108",
    "issue-113": "upstream 113",
    "issue-158": "upstream 158",
    "issue-371": "upstream 371: an unknown runtime in a rule is an error",
    "issue-372": "upstream 372: a container stays with its driver whatever the rules become",
    "issue-mounts": "plan item without a number: mounts",
    "issue-cli": "plan item without a number: command line, messages, logs and records",
    "issue-leaks": "plan item without a number: nothing leaks",
}
SUBJECTS = {
    "oci": "any OCI runtime must pass: also plain runc and plain crun",
    "nexcage": "nexcage's own behaviour, above what any OCI runtime does",
    "crun": "only with the crun driver",
    "runc": "only with the runc driver",
    "pct": "only with the pct driver: the scenario gets a Proxmox VE node",
    "jail": "only with the jail driver: the scenario gets a FreeBSD host",
    "no-driver": "needs no driver: runs once",
    "real": "touches a real host, never a stand-in",
    "budget": "measures time or memory",
    "soak": "runs for long",
}
NEEDS = {
    "root": "needs root",
    "cgroup-memory": "needs the memory controller",
    "cgroup-pids": "needs the pids controller",
    "cgroup-cpu": "needs the cpu controller",
    "cgroup-freezer": "needs a freezer (pause and resume)",
    "cgroup-devices": "needs device rules",
    "needs-userns": "needs user namespaces",
    "needs-overlay": "needs overlayfs",
    "needs-restricted-host": "needs a host that lacks CAP_SYS_RESOURCE",
    "needs-older-drivers": "needs drivers that do not know specification 1.3 yet",
    "needs-criu": "needs criu",
    "needs-skopeo": "needs skopeo",
    "needs-umoci": "needs umoci",
    "needs-registry": "needs docker-registry, which a test starts on loopback, and skopeo to fill it",
    "needs-dockerd": "needs dockerd, which a test starts with a root and a socket of its own",
    "needs-zstd": "needs the zstd program",
    "needs-lxc": "needs LXC, so that containers of a stand-in node run for real",
}
TAGS: dict[str, str] = {**ISSUES, **SUBJECTS, **NEEDS}


def pytest_configure(config: pytest.Config) -> None:
    """Register each tag as a marker, so that ``-m "oci and not runc"`` selects by it."""
    for tag, meaning in TAGS.items():
        config.addinivalue_line("markers", f"{tag}: {meaning}")
