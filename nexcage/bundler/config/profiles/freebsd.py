"""Profile ``freebsd``: a jail as runtime-spec 1.3, config-freebsd.md, describes one.

Said explicitly is what the specification leaves open or a jail would give away: the host's name cannot be
changed (with ``allow.set_hostname``, the kernel's default, a jail without a name of its own renames the
host), /dev shows only what devfs rule set 4 (devfsrules_jail) unhides, and System V IPC is the jail's own.
"""

from nexcage.bundler.config.profiles import Profile
from nexcage.oci.rules import Object


def base(rootless: bool) -> Object:  # noqa: ARG001 -- making a jail takes root always
    """An own network stack without any interface but lo0, which needs no address to be chosen."""
    return {
        "ociVersion": "1.3.0",
        "process": {"terminal": False},
        "root": {"path": "rootfs", "readonly": False},
        "mounts": [
            {"destination": "/dev", "type": "devfs", "source": "devfs", "options": ["ruleset=4"]},
            {"destination": "/dev/fd", "type": "fdescfs", "source": "fdescfs"},
        ],
        "freebsd": {
            "jail": {
                "host": "new",
                "vnet": "new",
                "sysvmsg": "new",
                "sysvsem": "new",
                "sysvshm": "new",
                "enforceStatfs": 2,
                "allow": {"setHostname": False, "rawSockets": False, "chflags": False},
            }
        },
    }


PROFILE = Profile(base, os="freebsd")
