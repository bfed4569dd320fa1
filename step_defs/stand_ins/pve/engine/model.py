# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: ARG002  # all engines take the same
"""Containers that only exist on paper: what would run, and what would refuse to."""

from __future__ import annotations

import os
import re
import subprocess
import time
from typing import TYPE_CHECKING

from step_defs.stand_ins.pve import archives
from step_defs.stand_ins.pve.engine import start_failed, trees, words
from step_defs.stand_ins.pve.refusals import Died

if TYPE_CHECKING:
    from step_defs.stand_ins.pve.call import Call
    from step_defs.stand_ins.pve.conf import Conf
    from step_defs.stand_ins.pve.state import State

SHORT = re.compile(r"(?:/usr)?/bin/(?:true|false)\b")
LONG = re.compile(r"sleep|while|exec|read|wait|init|serve")
CAPABILITIES = {
    "chown",
    "dac_override",
    "dac_read_search",
    "fowner",
    "fsetid",
    "kill",
    "setgid",
    "setuid",
    "setpcap",
    "linux_immutable",
    "net_bind_service",
    "net_broadcast",
    "net_admin",
    "net_raw",
    "ipc_lock",
    "ipc_owner",
    "sys_module",
    "sys_rawio",
    "sys_chroot",
    "sys_ptrace",
    "sys_pacct",
    "sys_admin",
    "sys_boot",
    "sys_nice",
    "sys_resource",
    "sys_time",
    "sys_tty_config",
    "mknod",
    "lease",
    "audit_write",
    "audit_control",
    "setfcap",
    "mac_override",
    "mac_admin",
    "syslog",
    "wake_alarm",
    "block_suspend",
    "audit_read",
    "perfmon",
    "bpf",
    "checkpoint_restore",
    "none",
}
LIMITS = {
    "as",
    "core",
    "cpu",
    "data",
    "fsize",
    "locks",
    "memlock",
    "msgqueue",
    "nice",
    "nofile",
    "nproc",
    "rss",
    "rtprio",
    "rttime",
    "sigpending",
    "stack",
}
INIT_SECONDS = 2  # busybox's init kills everybody, and waits


class Model:
    """Keeps account of what runs."""

    def __init__(self, state: State) -> None:
        self.state = state

    def pid(self, vmid: int | str) -> int:
        """As it was said to be."""
        return int(self.state.run(vmid).get("pid", 0))

    def start(self, call: Call, vmid: int | str, conf: Conf, debug: bool) -> None:
        """Refuse what lxc refuses, then count it as running."""
        self._unreadable(vmid, conf)
        for key, value in conf.raw:
            self._raw(call, vmid, conf, key, value)
        argv = trees.command(conf)
        tree = trees.root(self.state, conf)
        if not argv or trees.program_missing(tree, argv[0]) or not os.path.isdir(tree):
            raise start_failed(call, vmid, words.PROGRAM)
        if SHORT.fullmatch(argv[0]) or (len(argv) == 3 and argv[1] == "-c" and not LONG.search(argv[2])):
            call.out(words.GONE.replace("@", str(vmid)))
            raise Died(f"unable to get PID for CT {vmid} (not running?)")
        self.state.set_run(vmid, {"pid": os.getpid(), "since": time.time()})

    @staticmethod
    def _unreadable(vmid: int | str, conf: Conf) -> None:
        for key, value in conf.raw:
            bad = {
                "lxc.cap.drop": set(value.split()) - CAPABILITIES,
                "lxc.cap.keep": set(value.split()) - CAPABILITIES,
                "lxc.include": not os.path.exists(value),
            }
            if bad.get(key):
                raise Died(f"command 'lxc-info -n {vmid} -p' failed: exit code 1")

    def _raw(self, call: Call, vmid: int | str, conf: Conf, key: str, value: str) -> None:
        if key == "lxc.mount.entry":
            self._entry(call, vmid, conf, value.split())
        elif key == "lxc.hook.pre-start":
            status = subprocess.run(
                [self.state.host(value)], check=False, stdin=subprocess.DEVNULL
            ).returncode
            if status:
                raise start_failed(call, vmid, words.HOOK.format(status))
        elif key == "lxc.hook.start" and trees.program_missing(trees.root(self.state, conf), value):
            raise start_failed(call, vmid, words.START_HOOK.format(value))
        elif key.startswith("lxc.prlimit."):
            name = key.removeprefix("lxc.prlimit.")
            if name not in LIMITS:
                raise start_failed(call, vmid, words.RESOURCE.format(name))
            if value.endswith("unlimited") and name in ("nproc", "nofile", "memlock"):
                raise start_failed(call, vmid, words.LIMIT.format(name))
        elif key == "lxc.net.0.type" and value == "none" and conf.get("unprivileged") == "1":
            raise start_failed(call, vmid, words.SYSFS)
        elif key.startswith("lxc.sysctl.kernel.") and conf.get("unprivileged") == "1":
            raise start_failed(call, vmid, words.SYSCTL.format(key.removeprefix("lxc.sysctl."), value))
        elif key == "lxc.seccomp.profile" and value and not os.path.exists(self.state.host(value)):
            raise start_failed(call, vmid, words.SECCOMP.format(value) + words.SPAWN)

    def _entry(self, call: Call, vmid: int | str, conf: Conf, fields: list[str]) -> None:
        if len(fields) < 4:
            raise start_failed(call, vmid, words.MOUNT.format("", ""))
        source, target, _, options = fields[:4]
        chosen = options.split(",")
        tree = trees.root(self.state, conf)
        made = any(option.startswith("create=") or option == "optional" for option in chosen)
        if not made and not target.startswith("/") and not os.path.isdir(os.path.join(tree, target)):
            raise start_failed(call, vmid, words.MOUNT.format(source, target))

    def stop(self, call: Call, vmid: int | str) -> None:
        """Nothing runs any more."""
        self.state.set_run(vmid, {})

    def shutdown(self, call: Call, vmid: int | str, conf: Conf, timeout: int) -> bool:
        """What is not an init, and has no handler, ignores the signal."""
        raw = dict(conf.raw)
        argv = " ".join(trees.command(conf))
        kills = raw.get("lxc.signal.halt") == "SIGKILL"
        handled = "trap" in argv and "''" not in argv and '""' not in argv
        if not (kills or handled or "init" in argv.split(" ")[0]):
            return False
        if timeout >= (0 if kills else INIT_SECONDS):
            self.stop(call, vmid)
            return True
        self.state.set_run(vmid, {})  # it ends a moment later
        return False

    def attach(self, call: Call, vmid: int | str, argv: list[str], keep_environment: bool) -> int:
        """What the world says its programs do: ``programs`` in the settings, (argv, exit, stdout, stderr)."""
        for entry in self.state["programs"]:
            if entry["argv"] == argv:
                call.out(entry["stdout"])
                call.err(entry["stderr"])
                return int(entry["exit"])
        path = argv[0]
        tree = trees.root(self.state, self.state.conf(vmid))
        if trees.program_missing(tree, path):
            call.err(words.ATTACH.format(vmid, "No such file or directory", path))
            return 127
        inside = os.path.join(tree, path.lstrip("/"))
        if os.path.isfile(inside) and not os.access(inside, os.X_OK):
            call.err(words.ATTACH.format(vmid, "Permission denied", path))
            return 126
        return 1 if os.path.basename(path) == "false" else 0

    def limit(self, vmid: int | str, conf: Conf) -> None:
        """Paper only."""

    def mount(self, call: Call, vmid: int | str, conf: Conf) -> None:
        """Paper only."""

    def unmount(self, call: Call, vmid: int | str) -> None:
        """Paper only."""

    def push(self, call: Call, vmid: int | str, file: str, target: str, options: dict[str, str]) -> None:
        """Into the tree, as far as it is one."""
        tree = trees.root(self.state, self.state.conf(vmid))
        if not os.path.exists(self.state.host(file)) and not os.path.exists(file):
            raise Died(f"failed to open {file} for reading")
        for kind, database in (("user", "uid"), ("group", "gid")):
            if kind in options and not options[kind].isdigit():
                raise Died(f"failed to get {database} for: {options[kind]}")
        _creatable(tree, target)

    def pull(self, call: Call, vmid: int | str, path: str, target: str, options: dict[str, str]) -> None:
        """From the tree."""
        tree = trees.root(self.state, self.state.conf(vmid))
        if not os.path.exists(os.path.join(tree, path.lstrip("/"))) and os.path.isdir(tree):
            raise Died(f"failed to open {path}: No such file or directory")
        _creatable(self.state["root"] or "/", target)

    def unpack(self, call: Call, archive: str, tree: str, unprivileged: bool) -> None:
        """Only the files that are spoken about."""
        archives.model(self.state, archive, tree)

    def own(self, tree: str, unprivileged: bool) -> None:
        """Owners are of no account on paper."""

    def forget(self, vmid: int | str) -> None:
        """Nothing is kept."""

    def usage(self, vmid: int | str) -> dict[str, int]:
        """Neutral figures."""
        since = self.state.run(vmid).get("since", time.time())
        return {"mem": 1234567, "uptime": int(time.time() - since), "disk": 2107392}


def _creatable(tree: str, target: str) -> None:
    inside = os.path.join(tree, target.lstrip("/"))
    if os.path.isdir(inside):
        raise Died(f"failed to create file: {target}: Is a directory")
    if not os.path.isdir(os.path.dirname(inside)):
        raise Died(f"failed to create file: {target}: No such file or directory")
