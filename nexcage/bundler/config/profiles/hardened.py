"""Profile ``hardened``: ``default`` without all that a well-behaved service can do without.

Root has no capability (--cap-add gives back single ones), set-user-id programs gain nothing, the root file
system is read-only with empty or copied tmpfs where programs expect to write (as ``podman run --read-only``),
and seccomp denies tracing and the newer large interfaces too.
"""

from nexcage.bundler.config.profiles import Profile, default
from nexcage.oci.rules import Object
from nexcage.oci.spec import mount

# besides those of default: power readings and interrupt counts tell what the machine is doing
MASKED = "/proc/asound /proc/interrupts /sys/devices/virtual/powercap"
WRITABLE = "/run /tmp /var/tmp"


def base(rootless: bool) -> Object:
    """The config of ``default``, tightened."""
    config = default.base(rootless)
    config["process"]["noNewPrivileges"] = True
    config["root"]["readonly"] = True
    config["mounts"] += [
        mount(path, "tmpfs", "tmpfs", "nosuid,nodev,noexec,rprivate,tmpcopyup,mode=" + mode)
        for path, mode in zip(WRITABLE.split(), ("755", "1777", "1777"), strict=True)
    ]
    linux = config["linux"]
    linux["maskedPaths"] = [*linux["maskedPaths"], *MASKED.split()]
    linux["readonlyPaths"] = [path for path in linux["readonlyPaths"] if path not in MASKED.split()]
    return config


PROFILE = Profile(base, seccomp="strict")
