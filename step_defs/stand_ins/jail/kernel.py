# SPDX-License-Identifier: Apache-2.0
"""sysctl, kldload, kldstat, hostname and cpuset."""

from __future__ import annotations

import getopt
import sys
from typing import TYPE_CHECKING

from step_defs.stand_ins.jail.refusals import Refused

if TYPE_CHECKING:
    from step_defs.stand_ins.jail.state import State

LOADABLE = [
    "linux",
    "linux64",
    "linux_common",
    "linprocfs",
    "linsysfs",
    "nullfs",
    "tmpfs",
    "fdescfs",
    "procfs",
    "fusefs",
    "zfs",
    "if_epair",
    "if_bridge",
    "pf",
    "ipfw",
    "nmdm",
    "p9fs",
]


def sysctl(state: State, argv: list[str]) -> int:
    """sysctl(8)."""
    options, names = getopt.gnu_getopt(argv, "bdehiNnoqtTWx")
    flags = {flag for flag, _ in options}
    jail = state.find(str(state.inside)) if state.inside else None
    params = jail["params"] if jail else {}
    release = f"{state['release']}-RELEASE{state['patch']}"
    known = {
        "kern.racct.enable": "1" if state["racct"] else "0",
        "kern.osrelease": params.get("osrelease", release),
        "kern.osreldate": params.get("osreldate", str(state["osreldate"])),
        "kern.ostype": "FreeBSD",
        "kern.hostname": params.get("host.hostname", state["hostname"]),
        "kern.securelevel": params.get("securelevel", "-1"),
        "security.jail.jailed": "1" if jail else "0",
        "security.jail.vnet": "1" if params.get("vnet") == "new" else "0",
        "security.jail.children.max": params.get("children.max", "999999"),
        "vfs.devfs.rule_depth": "1",
        "hw.machine_arch": "amd64",
        "hw.ncpu": str(count(state)),
    }
    status = 0
    for name in names:
        if name in known:
            print(known[name] if "-n" in flags else f"{name}: {known[name]}")
        elif "-i" not in flags:
            print(f"sysctl: unknown oid '{name}'", file=sys.stderr)
            status = 1
    return status


def kldload(state: State, argv: list[str]) -> int:
    """kldload(8)."""
    options, names = getopt.gnu_getopt(argv, "nqv")
    status = 0
    for name in (name.removesuffix(".ko") for name in names):
        with state.changing():
            if name in state["modules"]:
                if ("-n", "") not in options and name != "linux_common":
                    print(f"kldload: can't load {name}: module already loaded or in kernel", file=sys.stderr)
                    status = 1
            elif name not in LOADABLE:
                print(f"kldload: can't load {name}: No such file or directory", file=sys.stderr)
                status = 1
            else:
                state["modules"].append(name)
    return status


def kldstat(state: State, argv: list[str]) -> int:
    """kldstat(8)."""
    options, _ = getopt.gnu_getopt(argv, "dhi:m:n:qv")
    flags = dict(options)
    name = flags.get("-m", flags.get("-n", "")).removesuffix(".ko")
    listed = [(number, one) for number, one in enumerate(state["modules"], 1) if not name or one == name]
    if name and not listed:
        if "-q" in flags:
            return 1
        kind = "module" if "-m" in flags else "file"
        raise Refused(f"can't find {kind} {name}: No such file or directory")
    if "-q" not in flags:
        print("Id Refs Address                Size Name")
        for number, one in listed:
            print(f"{number:>2}    1 0xffffffff80200000  1f3e2d8 {one if one == 'kernel' else one + '.ko'}")
    return 0


def hostname(state: State, argv: list[str]) -> int:
    """hostname(1), of a jail inside one."""
    jail = state.find(str(state.inside)) if state.inside else None
    if argv and jail is None:
        with state.changing():
            state.facts["hostname"] = argv[0]
        return 0
    print(
        state["hostname"]
        if jail is None or jail["params"]["host"] == "inherit"
        else jail["params"]["host.hostname"]
    )
    return 0


def cpuset(state: State, argv: list[str]) -> int:
    """cpuset(1), as far as -l and -g of a jail go. Which CPUs a jail has is kept, not enforced."""
    flags = dict(getopt.gnu_getopt(argv, "cgij:l:")[0])
    jail = state.find(flags.get("-j", ""))
    if jail is None:
        raise Refused("jail: No such process")
    if "-l" in flags:
        wanted = _cpus(flags["-l"])
        if not wanted or max(wanted) >= count(state):
            raise Refused("setaffinity: Invalid argument")
        with state.changing():
            state.one(str(jail["jid"]))["cpus"] = sorted(wanted)
        return 0
    mask = ", ".join(str(one) for one in jail.get("cpus", range(count(state))))
    print(f"jail {jail['jid']} mask: {mask}\njail {jail['jid']} domain policy: first-touch mask: 0")
    return 0


def count(state: State) -> int:
    """How many CPUs the host has."""
    return int(state["cpus"])


def _cpus(text: str) -> set[int]:
    """Those of a list such as 0-1,3. Raise `Refused`."""
    found: set[int] = set()
    for part in text.split(","):
        first, dash, last = part.partition("-")
        if not first.isdigit() or (dash and not last.isdigit()):
            raise Refused("invalid cpu-list")
        found.update(range(int(first), int(last or first) + 1))
    return found
