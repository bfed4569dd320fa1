# SPDX-License-Identifier: Apache-2.0
"""What jail(8) runs on the way: commands outside and inside, mounts, interfaces."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from step_defs.stand_ins.jail import ifconfig, mounts, running
from step_defs.stand_ins.jail.refusals import Refused

if TYPE_CHECKING:
    from step_defs.stand_ins.jail.jail import Order
    from step_defs.stand_ins.jail.state import Facts, State

SHELL = re.compile(r"""[!"$&'()*;<>?\[\\\]`{|}~]""")


def _argv(text: str) -> list[str]:
    return ["/bin/sh", "-c", text] if SHELL.search(text) else text.split()


def outside(state: State, order: Order, jail: Facts | None, step: str) -> None:
    """``exec.STEP`` on the host. Raise `Refused` when one fails."""
    known = {"JID": str(jail["jid"]), "JNAME": jail["name"], "JPATH": jail["path"]} if jail else {}
    for text in order.values.get(f"exec.{step}", []):
        argv = _argv(text)
        sys.stdout.flush()
        try:
            done = subprocess.run(argv, env={**os.environ, **known}, timeout=_limit(order), check=False)
        except OSError as error:
            order.complain(f"exec {argv[0]}: {error.strerror}")
            raise Refused(f"{' '.join(argv)}: failed") from None
        except subprocess.TimeoutExpired:
            raise Refused(f"{' '.join(argv)}: timed out") from None
        if done.returncode != 0:
            raise Refused(f"{' '.join(argv)}: failed")


def _limit(order: Order) -> float | None:
    seconds = int(order.values.get("exec.timeout", ["0"])[-1])
    return seconds * float(os.environ.get("NEXCAGE_FREEBSD_PACE", "1")) or None


def inside(state: State, order: Order, jail: Facts, step: str) -> None:
    """``exec.STEP`` in the jail."""
    for text in order.values.get(f"exec.{step}", []):
        if not command_inside(state, order, jail, _argv(text)):
            raise Refused("")


def command_inside(state: State, order: Order, jail: Facts, argv: list[str]) -> bool:
    """Run to its end; whether it succeeded. Its failure is told here."""
    values = order.values
    user = values.get("exec.jail_user", [""])[-1]
    words = " ".join(argv)
    try:
        ids = None
        home = "/root"
        if user:
            of_jail = None if "exec.system_jail_user" in values else jail
            uid, gid, home = running.user_id(state, user, of_jail)
            ids = (uid, gid)
    except Refused as refused:
        order.complain(refused.text)
        order.complain(f"{words}: failed")
        return False
    environment = dict(os.environ)
    if values.get("exec.clean", ["false"])[-1:] != ["false"]:
        environment = running.clean(user or "root", home)
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        _become(state, order, jail, argv, environment, ids)
    status = _wait(child, _limit(order))
    if status is None:
        order.complain(f"{words}: timed out")
    elif status != 0:
        order.complain(f"{words}: failed")
    return status == 0


def _become(
    state: State,
    order: Order,
    jail: Facts,
    argv: list[str],
    environment: dict[str, str],
    ids: tuple[int, int] | None,
) -> None:
    try:
        running.enter(state, jail, argv, environment, "/", ids)
    except Refused as refused:
        order.complain(refused.text)
    except OSError as error:
        order.complain(f"exec {argv[0]}: {error.strerror}")
    finally:
        os._exit(1)


def _wait(child: int, limit: float | None) -> int | None:
    until = time.monotonic() + limit if limit else None
    while until is not None and time.monotonic() < until:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            return status
        time.sleep(0.02)
    if until is not None:
        os.kill(child, 9)
        os.waitpid(child, 0)
        return None
    return os.waitpid(child, 0)[1]


# mounts


def wanted(state: State, order: Order, path: str) -> list[tuple[str, str, str, str]]:
    """(source, target, type, options) of the mount parameters, in jail(8)'s order. Raise `Refused`."""
    values = order.values
    found = []
    lines = [("mount", line) for line in values.get("mount", [])]
    for file in values.get("mount.fstab", []):
        try:
            with open(state.host(file), encoding="utf-8") as opened:
                lines += [
                    ("mount.fstab", line.strip()) for line in opened if line.strip()[:1] not in ("", "#")
                ]
        except OSError as error:
            raise Refused(f"mount.fstab: {state.shown(file)}: {error.strerror}") from None
    for name, line in lines:
        fields = line.split()
        if len(fields) < 3:
            raise Refused(f"{name}: {line}: missing information")
        source, target, kind, options = [*fields, "rw"][:4]
        _target(state, name, target, path)
        target = state.shown(target)
        found.append((source, target, kind, options))
    for name, kind, folder in (
        ("mount.devfs", "devfs", "dev"),
        ("mount.fdescfs", "fdescfs", "dev/fd"),
        ("mount.procfs", "procfs", "proc"),
    ):
        if name in values and values[name][-1:] not in (["false"], ["0"]):
            ruleset = values.get("devfs_ruleset", ["4"])[-1]
            options = f"ruleset={ruleset}" if kind == "devfs" else ""
            found.append((kind if kind != "devfs" else ".", f"{path}/{folder}", kind, options))
    return found


def _target(state: State, name: str, target: str, path: str) -> None:
    if not target.startswith("/"):
        raise Refused(f"{name}: {target}: not an absolute pathname")
    shown = state.shown(target)
    below = shown[len(path) :].strip("/").split("/") if (shown + "/").startswith(f"{path}/") else []
    place = path
    for part in below:
        place = f"{place}/{part}"
        if os.path.islink(state.host(place)):
            raise Refused(f"{name}: {place} is a symbolic link")
        if not os.path.exists(state.host(place)):
            raise Refused(f"{name}: {place}: No such file or directory")


def mount_all(state: State, order: Order, path: str, undo: list[str]) -> None:
    """Make them; ``undo`` gets the targets."""
    for source, target, kind, options in wanted(state, order, path):
        if not os.path.exists(state.host(target)):
            raise Refused(f"mount.{kind}: {target}: No such file or directory")
        listed = [one for one in options.split(",") if one]
        try:
            with state.changing():
                mounts.mount(state, kind, "devfs" if kind == "devfs" else source, target, listed)
        except Refused as refused:
            sys.stdout.flush()
            print(
                refused.text.lstrip("\0") if "\0" in refused.text else f"mount: {refused.text}",
                file=sys.stderr,
            )
            words = f"/sbin/mount -t {kind}{f' -o {options}' if options else ''} {source} {target}"
            raise Refused(f"{words}: failed") from None
        undo.append(state.shown(target))


# interfaces


def aliases(state: State, order: Order) -> None:
    """Addresses with an interface become aliases of it."""
    default = order.values.get("interface", [""])[-1]
    for name, word in (("ip4.addr", "inet"), ("ip6.addr", "inet6")):
        for text in order.values.get(name, []):
            interface, bar, address = text.rpartition("|")
            interface = interface if bar else default
            if interface:
                bare = address.partition("/")[0]
                mask = ["netmask", "255.255.255.255"] if word == "inet" else ["prefixlen", "128"]
                run_ifconfig(state, order, [interface, word, bare, *mask, "alias"])


def move_interface(state: State, order: Order, jail: Facts, name: str) -> None:
    """Give an interface to a jail."""
    run_ifconfig(state, order, [name, "vnet", str(jail["jid"])])


def run_ifconfig(state: State, order: Order, argv: list[str]) -> None:
    """ifconfig for jail(8). Raise `Refused` with the command."""
    command = f"/sbin/ifconfig {' '.join(argv)}"
    if order.verbose > 0:
        print(f"{order.label}run command: {command}")
    sys.stdout.flush()
    try:
        ifconfig.change(state, argv)
    except Refused as refused:
        print(f"ifconfig: {refused.text}", file=sys.stderr)
        raise Refused(f"{command}: failed") from None
