# SPDX-License-Identifier: Apache-2.0
"""mount and umount. A model's mount is a directory in the place of the one it covers."""

from __future__ import annotations

import getopt
import os
import stat
import sys
from typing import TYPE_CHECKING

from step_defs.stand_ins.jail import devices, libxo, running
from step_defs.stand_ins.jail.refusals import Refused, Usage

if TYPE_CHECKING:
    from step_defs.stand_ins.jail.state import Facts, State

KINDS = ("tmpfs", "devfs", "fdescfs", "procfs", "linprocfs", "linsysfs", "nullfs")
FLAGS = ("ro", "rw", "nosuid", "noexec", "noatime", "nosymfollow", "union", "sync", "async", "late")
OWN = {
    "tmpfs": ("size", "mode", "uid", "gid", "inodes", "maxfilesize", "nonc", "easize"),
    "devfs": ("ruleset",),
}
OWN |= {"fdescfs": ("linrdlnk", "nodup", "rdlnk"), "linprocfs": ("nocover",)}
ALWAYS = [
    {"special": "/dev/gpt/rootfs", "node": "/", "fstype": "ufs", "opts": []},
    {"special": "devfs", "node": "/dev", "fstype": "devfs", "opts": []},
]
BUSY = "Device busy"


def main(state: State, argv: list[str]) -> int:
    """mount(8)."""
    how, rest = ("text", argv) if state.is_before(14, 0) else libxo.style(argv)
    try:
        flags, words = getopt.gnu_getopt(rest, "adF:fo:pruvwt:")
    except getopt.GetoptError:
        raise Usage("usage: mount [-adflpruvw] [-F fstab] [-o options] [-t type]\n") from None
    kind = dict(flags).get("-t", "")
    options = [one for flag, text in flags if flag == "-o" for one in text.split(",") if one]
    options += ["ro"] if ("-r", "") in flags else []
    if not words:
        return _show(state, how, ("-p", "") in flags, kind)
    if len(words) != 2:
        raise Usage("usage: mount [-adflpruvw] [-F fstab] [-o options] [-t type]\n")
    if state.inside:
        words[1] = _inside(state, kind, words[0]) + words[1]
    with state.changing():
        mount(state, kind or "ufs", words[0], words[1], options)
    return 0


def _inside(state: State, kind: str, special: str) -> str:
    """The root of the caller's jail, when it may mount."""
    jail = state.one(str(state.inside))
    params = jail["params"]
    wanted = ("allow.mount", f"allow.mount.{kind}")
    if any(params.get(name) != "true" for name in wanted) or int(params["enforce_statfs"]) > 1:
        raise Refused(f"{special}: Operation not permitted")
    return str(jail["path"]).rstrip("/")


def mount(state: State, kind: str, special: str, node: str, options: list[str]) -> None:
    """Mount, in a transaction. Raise `Refused` with mount's words, whole ones after a NUL."""
    node = state.shown(os.path.abspath(node))
    place = state.host(node)
    if kind not in KINDS:
        raise Refused(f"{special}: Invalid fstype: Invalid argument")
    if not os.path.lexists(place):
        raise Refused(f"{node}: No such file or directory")
    place = os.path.realpath(place)
    node = state.shown(place)
    label = "mount_nullfs" if kind == "nullfs" else "mount"
    if kind == "nullfs":
        special = state.shown(os.path.abspath(special))
        if not os.path.exists(state.host(special)):
            raise Refused(f"\0mount_nullfs: {special}: No such file or directory", 64)
        if os.path.isdir(state.host(special)) != os.path.isdir(place):
            raise Refused(f"\0mount_nullfs: {special}: must be same type as {node}", 64)
        if not os.path.isdir(place) and state.is_before(13, 2):
            raise Refused(f"\0mount_nullfs: {node}: Not a directory")
    for option in options:
        name = option.partition("=")[0]
        if name not in (*FLAGS, "nocover", "emptydir", *OWN.get(kind, ())):
            raise Refused(f"\0{label}: {special}: mount option <{name}> is unknown: Invalid argument")
    covered = any(one["node"] == node for one in state["mounts"])
    subject = node if kind == "nullfs" else special
    if "nocover" in options and covered:
        raise Refused(f"\0{label}: {subject}: {BUSY}")
    if "emptydir" in options and os.listdir(place):
        raise Refused(f"\0{label}: {subject}: Directory not empty")
    entry: Facts = {"special": special, "node": node, "fstype": kind}
    entry["opts"] = [one for one in options if one in FLAGS and one not in ("rw", "late")]
    entry["rulesets"] = [one for one in options if kind == "devfs" and one.startswith("ruleset=")]
    (_really if state.real else _on_paper)(state, entry, options)
    state["mounts"].append(entry)


def _really(state: State, entry: Facts, options: list[str]) -> None:
    place, kind = state.host(entry["node"]), entry["fstype"]
    own = [one for one in entry["opts"] if one in ("ro", "nosuid", "noexec", "noatime")]
    if kind == "nullfs":
        _tool("mount", "--bind", state.host(entry["special"]), place)
        if own:
            _tool("mount", "-o", ",".join(["remount", "bind", *own]), place)
        return
    sized = [one for one in options if one.partition("=")[0] in ("size", "mode", "uid", "gid")]
    linux = {"linprocfs": "proc", "procfs": "proc", "linsysfs": "sysfs"}.get(kind, "tmpfs")
    words = (sized if kind == "tmpfs" else ["mode=755"] if linux == "tmpfs" else []) + own
    _tool("mount", "-t", linux, *(("-o", ",".join(words)) if words else ()), entry["special"], place)
    if kind == "devfs":
        _nodes(state, place, options)


def _tool(*argv: str) -> None:
    import subprocess  # most calls start faster without it

    done = subprocess.run(argv, env={"PATH": running.OWN_TOOLS}, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Refused(BUSY if "busy" in done.stderr else done.stderr.strip())


def _nodes(state: State, place: str, options: list[str]) -> None:
    """What is in /dev: those that Linux has too are real, the others refuse to be opened."""
    number = next((int(one[8:]) for one in options if one.startswith("ruleset=")), 0)
    links = {"stdin": "fd/0", "stdout": "fd/1", "stderr": "fd/2", "urandom": "random", "bpf0": "bpf"}
    minors = {"null": 3, "zero": 5, "full": 7, "random": 8}
    for name, mode in devices.visible(state["rulesets"], number).items():
        path = os.path.join(place, name)
        if name in links:
            os.symlink(links[name], path)
        elif name in devices.FOLDERS:
            os.mkdir(path)
        elif state.real:
            os.mknod(path, stat.S_IFCHR, os.makedev(1 if name in minors else 60, minors.get(name, 0)))
            os.chmod(path, mode)
        else:
            with open(path, "w", encoding="utf-8"):
                os.chmod(path, mode)


def _on_paper(state: State, entry: Facts, options: list[str]) -> None:
    import shutil

    place = state.host(entry["node"])
    entry["covered"] = os.path.join(state.home, "covered", str(len(state["mounts"])))
    os.makedirs(os.path.dirname(entry["covered"]), exist_ok=True)
    shutil.rmtree(entry["covered"], ignore_errors=True)
    os.rename(place, entry["covered"])
    if entry["fstype"] == "nullfs":
        source = state.host(entry["special"])
        copied = shutil.copytree if os.path.isdir(source) else shutil.copyfile
        copied(source, place)
    else:
        os.mkdir(place)
    if entry["fstype"] == "devfs":
        _nodes(state, place, options)


def unmount(state: State, node: str, force: bool = False) -> None:
    """Unmount the topmost, in a transaction. Raise `Refused` with umount's words."""
    given, node = node, state.shown(os.path.realpath(state.host(node)))
    found = [one for one in state["mounts"] if one["node"] == node]
    if not found:
        if not os.path.lexists(state.host(node)):
            raise Refused(f"{given}: unknown file system")
        raise Refused(f"{given}: not a file system root directory")
    entry = found[-1]
    if not force and (node in state["busy"] or _in_use(state, entry)):
        raise Refused(f"unmount of {node} failed: {BUSY}")
    place = state.host(node)
    if state.real:
        try:
            _tool("umount", *(("-l",) if force else ()), place)
        except Refused as refused:
            raise Refused(f"unmount of {node} failed: {refused.text}") from None
    else:
        import shutil

        shutil.rmtree(place) if os.path.isdir(place) else os.unlink(place)
        os.rename(entry["covered"], place)
    state["mounts"].remove(entry)
    for jail in state.jails():
        if (jail["path"] + "/").startswith(f"{node}/"):
            jail["broken"] = True
            running.describe(state, jail)


def _in_use(state: State, entry: Facts) -> bool:
    """By a jail below it, another mount below it, or somebody's working directory."""
    below = f"{entry['node']}/"
    if any((jail["path"] + "/").startswith(below) for jail in state.jails()):
        return True
    if any(one["node"].startswith(below) for one in state["mounts"]):
        return True
    for name in os.listdir("/proc") if not state.real else ():
        try:
            if name.isdigit() and (os.readlink(f"/proc/{name}/cwd") + "/").startswith(
                state.host(entry["node"]) + "/"
            ):
                return True
        except OSError:
            continue
    return False


def umount(state: State, argv: list[str]) -> int:
    """umount(8)."""
    try:
        flags, words = getopt.gnu_getopt(argv, "aAF:fh:nNt:v")
    except getopt.GetoptError:
        raise Usage("usage: umount [-fNnv] special ... | node ... | fsid ...\n") from None
    status = 0
    for word in words:
        try:
            with state.changing():
                unmount(state, word, ("-f", "") in flags)
        except Refused as refused:
            print(f"umount: {refused.text}", file=sys.stderr)
            status = 1
    return status


def _show(state: State, how: str, fstab: bool, kind: str) -> int:
    listed = [one for one in [*ALWAYS, *state["mounts"]] if not kind or one["fstype"] == kind]
    if how != "text":
        shown = [{key: one[key] for key in ("special", "node", "fstype")} for one in listed]
        for row, one in zip(shown, listed, strict=True):
            row["opts"] = one["opts"] or ["local"]
        print(libxo.render({"mount": {"mounted": shown}}, how), end="")
        return 0
    for one in listed:
        if fstab:
            options = ",".join(
                ["ro" if "ro" in one["opts"] else "rw", *(o for o in one["opts"] if o != "ro")]
            )
            print(f"{_tabbed(one['special'])}{_tabbed(one['node'])}{one['fstype']}\t{options}", end="")
            print("\t" if len(options) < 8 else "", "0 0", sep="\t")
        else:
            named = ["read-only" if option == "ro" else option for option in one["opts"]]
            print(f"{one['special']} on {one['node']} ({', '.join([one['fstype'], *(named or ['local'])])})")
    return 0


def _tabbed(text: str) -> str:
    return text + "".join("\t" for width in (8, 16) if len(text) < width) + ("\t" if len(text) < 24 else " ")
