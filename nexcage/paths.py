"""Where nexcage keeps things, by platform and user."""

import os
import sys

FREEBSD = sys.platform.startswith("freebsd")


def run_root() -> str:
    """Records of containers that die with the boot (crun, runc, jail)."""
    if os.geteuid() != 0:
        return (os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.geteuid()}") + "/nexcage"
    # a boot of FreeBSD takes the files out of /var/run, and leaves the directories: records would be halves
    return "/var/db/nexcage/run" if FREEBSD else "/run/nexcage"


def lasting_root() -> str:
    """Records of containers that survive a boot (pct)."""
    if os.geteuid() != 0:
        home = os.environ.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share")
        return home + "/nexcage/containers"
    return "/var/db/nexcage/containers" if FREEBSD else "/var/lib/nexcage/containers"


def configuration() -> str:
    """The directory of nexcage's own configuration."""
    return "/usr/local/etc/nexcage" if FREEBSD else "/etc/nexcage"
