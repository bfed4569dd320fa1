# SPDX-License-Identifier: Apache-2.0
"""The parameters of a jail: of which kind each is, what it is by default, and which values are refused."""

from __future__ import annotations

import ipaddress

from step_defs.stand_ins.jail.refusals import Refused

ALLOW = [
    "adjtime",
    "chflags",
    "extattr",
    "mlock",
    "mount",
    "mount.devfs",
    "mount.fdescfs",
    "mount.nullfs",
    "mount.p9fs",
    "mount.procfs",
    "mount.tmpfs",
    "nfsd",
    "quotas",
    "raw_sockets",
    "read_msgbuf",
    "reserved_ports",
    "routing",
    "set_hostname",
    "setaudit",
    "settime",
    "socket_af",
    "suser",
    "sysvipc",
    "unprivileged_parent_tampering",
    "unprivileged_proc_debug",
]
ALLOWED = {"reserved_ports", "set_hostname", "suser", "unprivileged_proc_debug"}
TOP = [
    "devfs_ruleset",
    "dying",
    "enforce_statfs",
    "env",
    "host",
    "ip4",
    "ip6",
    "jid",
    "linux",
    "meta",
    "name",
    "osreldate",
    "osrelease",
    "parent",
    "path",
    "persist",
    "securelevel",
    "sysvmsg",
    "sysvsem",
    "sysvshm",
    "vnet",
]
BELOW = [
    "children.cur",
    "children.max",
    "cpuset.id",
    "host.domainname",
    "host.hostid",
    "host.hostname",
    "host.hostuuid",
    "ip4.addr",
    "ip4.saddrsel",
    "ip6.addr",
    "ip6.saddrsel",
    "linux.osname",
    "linux.osrelease",
    "linux.oss_version",
]
ALL = [*TOP, *(f"allow.{name}" for name in ALLOW), *BELOW]
BOOLEANS = {"persist", "dying", "ip4.saddrsel", "ip6.saddrsel", *(f"allow.{name}" for name in ALLOW)}
INTEGERS = {"jid", "devfs_ruleset", "enforce_statfs", "securelevel", "osreldate", "children.max"}
INTEGERS |= {"host.hostid", "linux.oss_version", "children.cur", "cpuset.id", "parent"}
LISTS = {"ip4.addr": 4, "ip6.addr": 6}
JAILSYS = ("host", "ip4", "ip6", "vnet", "linux", "sysvmsg", "sysvsem", "sysvshm")
WORDS = ("disable", "new", "inherit")
FIXED = ("path", "vnet", "ip4", "ip6", "osrelease", "osreldate", "jid")
READ_ONLY = ("children.cur", "cpuset.id", "parent", "dying")
LENGTHS = {"name": 255, "host.hostname": 255, "host.domainname": 255, "host.hostuuid": 63}
# Those of jail(8) itself.
OWN_BOOLEANS = {"exec.clean", "exec.system_jail_user", "mount.devfs", "mount.fdescfs", "mount.procfs"}
OWN_BOOLEANS |= {"allow.dying"}
OWN_INTEGERS = {"exec.timeout", "stop.timeout", "exec.fib"}
OWN = {"exec.jail_user", "exec.system_user", "exec.consolelog", "mount", "mount.fstab", "command", "depend"}
OWN |= {"interface", "vnet.interface", "ip_hostname", "zfs.dataset", *OWN_BOOLEANS, *OWN_INTEGERS}
STEPS = ("prepare", "prestart", "created", "start", "poststart", "prestop", "stop", "poststop", "release")
OWN |= {f"exec.{step}" for step in STEPS}
TRUE, FALSE = ("true", "1"), ("false", "0")
Values = dict[str, list[str]]


def default(name: str, release: str, osreldate: int) -> str:
    """What a new jail has; "" for texts and lists."""
    if name.startswith("allow."):
        return "true" if name[6:] in ALLOWED else "false"
    known = {"devfs_ruleset": "0", "enforce_statfs": "2", "host": "new", "ip4": "disable", "ip6": "disable"}
    known |= {"linux": "new", "securelevel": "-1", "vnet": "inherit", "children.max": "0", "host.hostid": "0"}
    known |= {"sysvmsg": "disable", "sysvsem": "disable", "sysvshm": "disable", "linux.osname": "Linux"}
    known |= {"linux.osrelease": "5.15.0", "linux.oss_version": "198144", "persist": "false"}
    known |= {
        "ip4.saddrsel": "true",
        "ip6.saddrsel": "true",
        "osrelease": release,
        "osreldate": str(osreldate),
    }
    known |= {"host.hostuuid": "00000000-0000-0000-0000-000000000000"}
    return known.get(name, "")


def negated(name: str) -> str:
    """``persist`` of ``nopersist``, ``allow.x`` of ``allow.nox``; "" when it is no such name."""
    head, dot, last = name.rpartition(".")
    if not last.startswith("no"):
        return ""
    positive = head + dot + last[2:]
    return positive if positive in BOOLEANS | OWN_BOOLEANS or positive in JAILSYS else ""


def known(name: str) -> bool:
    """Whether the kernel or jail(8) has a parameter of this name."""
    return name in ALL or name in OWN or is_store(name)


def is_store(name: str) -> bool:
    """Whether it keeps what somebody wants kept: since FreeBSD 15."""
    return name.partition(".")[0] in ("meta", "env")


def given(words: list[tuple[str, str, str | None]]) -> Values:
    """Name → values of ``name``, ``name=value`` and ``name+=value``; the last word of a scalar wins."""
    found: Values = {}
    for name, operator, value in words:
        if value is None and not known(name) and negated(name):
            found[negated(name)] = ["false"]
            continue
        listed = name in LISTS or name.startswith("exec.") or name in ("mount", "vnet.interface", "depend")
        values = [] if value is None else [value]
        if value is not None and (name in LISTS or name in ("vnet.interface", "depend")):
            values = value.split(",")
        if operator == "+=" or (listed and name in found):
            found[name] = found.get(name, []) + values
        else:
            found[name] = values
    return found


def check_own(values: Values) -> None:
    """What jail(8) refuses by itself."""
    for name, texts in values.items():
        if name in OWN_BOOLEANS and texts and texts[-1] not in TRUE + FALSE:
            raise Refused(f'{name}: unknown boolean value "{texts[-1]}"')
        if name in OWN_INTEGERS and not (texts and texts[-1].lstrip("-").isdigit()):
            raise Refused(f'{name}: non-integer value "{texts[-1] if texts else ""}"')


def check_kernel(values: Values) -> dict[str, str]:
    """What libjail and the kernel refuse; name → value as a jail keeps it."""
    found = {}
    for name, texts in values.items():
        if name in OWN:
            continue
        if not known(name):
            raise Refused(f"unknown parameter: {name}")
        found[name] = _value(name, texts)
    for name, value in found.items():
        if len(value) > LENGTHS.get(name, len(value)):
            raise Refused("jail_set: File name too long")
        if (name, value) in (("vnet", "disable"), ("host", "disable")) or not _in_range(name, value):
            raise Refused("jail_set: Invalid argument")
    return found


def _value(name: str, texts: list[str]) -> str:
    text = texts[-1] if texts else ""
    if name in BOOLEANS:
        if not texts:
            return "true"
        if text not in TRUE + FALSE:
            raise Refused(f'{name}: unknown boolean value "{text}"')
        return "true" if text in TRUE else "false"
    if name in JAILSYS:
        if texts and text not in WORDS:
            raise Refused(f'{name}: unknown jailsys value "{text}"')
        return text or "new"
    if name in INTEGERS and not text.lstrip("-").isdigit():
        raise Refused(f'{name}: non-integer value "{text}"')
    if name in LISTS:
        return ",".join(_address(name, one) for one in texts if one)
    return text


def _address(name: str, text: str) -> str:
    bare = text.rpartition("|")[2].partition(" ")[0].partition("/")[0]
    try:
        ipaddress.IPv4Address(bare) if LISTS[name] == 4 else ipaddress.IPv6Address(bare)
    except ValueError:
        raise Refused(f"{name}: not an IPv{LISTS[name]} address: {bare}") from None
    return bare


def _in_range(name: str, value: str) -> bool:
    if name == "devfs_ruleset":
        return 0 <= int(value) <= 65535
    return name != "enforce_statfs" or 0 <= int(value) <= 2
