"""Profile ``minimal``: the config of upstream's bundle generator (issue 92).

Two of its values could not run and are replaced: a user namespace without mappings (left out unless the
caller lacks root) and a devtmpfs on /dev, which would show all devices of the host (a tmpfs).
"""

from nexcage.bundler.config.profiles import Profile
from nexcage.oci.rules import Object
from nexcage.oci.spec import PATH, mounts

_DEVICES = (("null", 3), ("zero", 5), ("random", 8))  # character devices with major number 1


def base(rootless: bool) -> Object:
    """As upstream, without root in the caller's network."""
    kinds = ["pid", "ipc", "uts", "mount", "user" if rootless else "network"]
    linux: Object = {"namespaces": [{"type": kind} for kind in kinds]}
    if not rootless:
        numbers = [{"type": "c", "major": 1, "minor": minor} for _, minor in _DEVICES]
        linux["devices"] = [
            {"path": f"/dev/{name}", **number, "fileMode": 0o666, "uid": 0, "gid": 0}
            for (name, _), number in zip(_DEVICES, numbers, strict=True)
        ]
        # runc allows the devices that it makes by itself, not those of a config
        rules = [{"allow": True, **number, "access": "rwm"} for number in numbers]
        linux["resources"] = {"devices": [{"allow": False, "access": "rwm"}, *rules]}
    return {
        "ociVersion": "1.0.2",
        "process": {
            "terminal": False,
            "noNewPrivileges": True,
            "args": ["/bin/sh"],
            "env": [PATH, "TERM=xterm"],
        },
        "root": {"path": "rootfs", "readonly": False},
        "mounts": [row for row in mounts(rootless) if row["destination"] in ("/proc", "/sys", "/dev")],
        "linux": linux,
    }


PROFILE = Profile(base)
