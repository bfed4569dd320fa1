"""Where nexcage keeps things, by platform and user."""

import os
import sys

FREEBSD = sys.platform.startswith("freebsd")


def run_root() -> str:
    """Records of containers that die with the boot (crun, runc, jail)."""
    if os.geteuid() != 0:
        runtime_dir = os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.geteuid()}"
        return runtime_dir + "/nexcage"
    return "/var/run/nexcage" if FREEBSD else "/run/nexcage"


def lasting_root() -> str:
    """Records of containers that survive a boot (pct)."""
    if os.geteuid() != 0:
        home = os.environ.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share")
        return home + "/nexcage/containers"
    return "/var/db/nexcage/containers" if FREEBSD else "/var/lib/nexcage/containers"
