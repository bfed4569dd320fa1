"""The words of FreeBSD that a config.json is translated to, for the driver and its table of refusals.

mount(8), tmpfs(4), fdescfs(4), nullfs(4), setrlimit(2), jail(8); 15.1 where they differ.
"""

from nexcage.oci.mounts import is_bind
from nexcage.oci.rules import Object

# options of every mount (mount(8)); what Linux has a word of its own for is below
FLAGS = (
    "ro",
    "nosuid",
    "noexec",
    "noatime",
    "sync",
    "async",
    "nosymfollow",
    "nocover",
    "noclusterr",
    "union",
)
# options with a value, and further ones, of each file system
OWN: dict[str, tuple[str, ...]] = {
    "tmpfs": ("size", "mode", "uid", "gid", "inodes", "maxfilesize"),
    "devfs": ("ruleset", "rule"),
    "fdescfs": ("linrdlnk", "nodup", "rdlnk"),
    "nullfs": ("nocache",),
    "unionfs": ("below", "copymode", "whiteout", "udir", "ufile"),
    "procfs": (),
    "linprocfs": (),
    "linsysfs": (),
    "zfs": (),
}
# words of Linux with the same meaning
SAME = {
    "rro": "ro",
    "rnosuid": "nosuid",
    "rnoexec": "noexec",
    "rnoatime": "noatime",
    "rnosymfollow": "nosymfollow",
    "nr_inodes": "inodes",
}
# what every mount of FreeBSD is anyway, or what would only make it faster
_ATIME = ("atime", "diratime", "nodiratime", "relatime", "norelatime", "strictatime", "nostrictatime")
NOTHING = frozenset(
    (
        "rw", "suid", "exec", "dev", "nodev", "symfollow", *_ATIME,
        "rrw", "rsuid", "rexec", "rdev", "rnodev", "rsymfollow", *("r" + name for name in _ATIME),
        "lazytime", "nolazytime", "private", "rprivate", "bind", "defaults", "silent", "loud", "iversion",
        "noiversion", "mand", "nomand", "dirsync", "inode32", "inode64", "newinstance", "dest-nofollow",
    )
)  # fmt: skip
# what only tmpfs of Linux has; the driver copies for tmpcopyup itself
TMPFS = frozenset(("tmpcopyup", "huge", "mpol"))
LINUX_TYPES = {"proc": "linprocfs", "sysfs": "linsysfs", "bind": "nullfs", "": "nullfs"}

# setrlimit(2); AS is the name of POSIX for VMEM
LIMITS = frozenset(
    "RLIMIT_" + name
    for name in (
        "AS", "CORE", "CPU", "DATA", "FSIZE", "KQUEUES", "MEMLOCK", "NOFILE", "NPROC", "NPTS", "PIPEBUF",
        "RSS", "SBSIZE", "STACK", "SWAP", "UMTXP", "VMEM",
    )
)  # fmt: skip

# field of freebsd.jail.allow → parameter
ALLOW = {
    "setHostname": "set_hostname",
    "rawSockets": "raw_sockets",
    "chflags": "chflags",
    "quotas": "quotas",
    "socketAf": "socket_af",
    "mlock": "mlock",
    "reservedPorts": "reserved_ports",
    "suser": "suser",
    "sysvipc": "sysvipc",  # only in the table of config-freebsd.md
}
# parameters without a field, for annotations
ALLOW_MORE = (
    "read_msgbuf", "nfsd", "extattr", "adjtime", "settime", "routing", "setaudit", "unprivileged_proc_debug",
    "unprivileged_parent_tampering",
)  # fmt: skip
# file systems with an allow.mount.NAME
MOUNTABLE = (
    "devfs", "fdescfs", "fusefs", "linprocfs", "linsysfs", "nullfs", "p9fs", "procfs", "tmpfs", "zfs",
)  # fmt: skip


def file_system(mount: Object, destination: str) -> str:
    """The type that ``mount`` has on FreeBSD; a tmpfs on /dev stands for the devices."""
    kind = "bind" if is_bind(mount) else str(mount.get("type") or "")
    if kind == "tmpfs" and destination == "/dev":
        return "devfs"
    return LINUX_TYPES.get(kind, kind)


def option_fault(kind: str, option: str) -> str:
    """Why the file system ``kind`` cannot be mounted with ``option``; "" when it can."""
    name, sign, value = option.partition("=")
    name = SAME.get(name, name)
    if "," in option or not option.isprintable():
        return f'"{ascii(option)[1:-1]}" is more than one option'
    if name in NOTHING or (kind == "tmpfs" and name in TMPFS):
        return ""
    if name in FLAGS:
        return f"{name} has no value" if sign else ""
    if name not in OWN.get(kind, ()):
        return f'{kind} of FreeBSD has no option "{name}"'
    if name in ("size", "inodes", "maxfilesize"):
        digits = value[:-1] if value[-1:].lower() in tuple("kmgtp") else value
        if not (digits.isascii() and digits.isdigit() and len(digits) < 20):
            return f'{name} of tmpfs must be a number of bytes such as 64m, not "{value}"'
    elif name in ("uid", "gid", "ruleset"):
        most = 65535 if name == "ruleset" else 2**32 - 2
        if not (value.isascii() and value.isdigit() and len(value) < 11 and int(value) <= most):
            return f'{name} must be a number up to {most}, not "{value}"'
        if name == "ruleset" and not int(value):
            return "rule set 0 hides nothing: all devices of the host would be there"
    elif name == "mode" and kind == "tmpfs":
        if not value or value.strip("01234567") or int(value, 8) > 0o7777:
            return f'mode must be octal such as 1777, not "{value}"'
    elif name == "rule" and not _is_rule(value):
        return f'"{value}" is no rule such as rule=path zero hide'
    elif sign and name in ("linrdlnk", "nodup", "rdlnk", "nocache", "below"):
        return f"{name} of {kind} has no value"
    return ""


def _is_rule(text: str) -> bool:
    """devfs(8): conditions (path, type), then actions; ``include`` would take in what is not ours."""
    words = text.split(" ")
    while words:
        word = words.pop(0)
        if word in ("hide", "unhide"):
            continue
        if word not in ("path", "type", "mode", "user", "group") or not words or not words.pop(0):
            return False
    return bool(text)
