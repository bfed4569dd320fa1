# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: ARG002  # all engines take the same
"""Containers of Debian's lxc, below ``lxc/`` in the cluster's directory, named by their VMID."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import stat
import subprocess
import time
from typing import TYPE_CHECKING

from step_defs.stand_ins.pve import archives
from step_defs.stand_ins.pve.engine import cgroups, copies, lxc_config, start_failed, trees, words
from step_defs.stand_ins.pve.refusals import Died
from step_defs.stand_ins.pve.state import write

if TYPE_CHECKING:
    from step_defs.stand_ins.pve.call import Call
    from step_defs.stand_ins.pve.conf import Conf
    from step_defs.stand_ins.pve.state import State

ERROR = re.compile(r"^lxc-start: \S+: [^:]*: (\w+): (\d+) (.*)", re.MULTILINE)
STATE, PID = re.compile(r"^State: +(\w+)", re.MULTILINE), re.compile(r"^PID: +(\d+)", re.MULTILINE)
PARSE = ("Failed to parse", "Failed to load config", "Failed to create lxc_container")
# without newuidmap on PATH root maps ids itself, and needs no line in /etc/subuid
NO_HELPERS = {"PATH": "/usr/libexec/lxc", "HOME": "/", "LC_ALL": "C"}
# lines of what lxc-start of a real node does not show
OWN = ("main:", "start:", "wait_on_daemonized_start:")
TOOLS = "/usr/bin:/bin:/usr/sbin:/sbin"
GRACE = 5
PATIENCE = 60
SETTLE = 0.2


class Lxc:
    """Runs them."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.place = os.path.join(state.home, "lxc")

    def _lxc(self, tool: str, vmid: int | str, *arguments: str) -> subprocess.CompletedProcess[str]:
        argv = [
            shutil.which(tool, path=TOOLS) or tool,
            "-P",
            self.place,
            "-n",
            str(vmid),
            *arguments,
        ]
        # what it starts in the background must not keep the caller's pipes
        return subprocess.run(
            argv,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            env=NO_HELPERS,
            timeout=600,
        )

    def _directory(self, vmid: int | str) -> str:
        return os.path.join(self.place, str(vmid))

    def pid(self, vmid: int | str) -> int:
        """As lxc-info says."""
        return self._told(vmid)[1]

    def _told(self, vmid: int | str) -> tuple[str, int]:
        """State and pid as lxc-info says."""
        if not os.path.exists(os.path.join(self._directory(vmid), "config")):
            return "STOPPED", 0
        said = self._lxc("lxc-info", vmid, "-s", "-p").stdout
        state, pid = STATE.search(said), PID.search(said)
        return state[1] if state else "", int(pid[1]) if pid else 0

    def start(self, call: Call, vmid: int | str, conf: Conf, debug: bool) -> None:
        """With a configuration made anew, as pve-container@.service starts it; errors are lxc-start's."""
        directory = self._directory(vmid)
        log = os.path.join(directory, "start.log")
        write(os.path.join(directory, "config"), lxc_config.text(self.state, vmid, conf))
        with contextlib.suppress(FileNotFoundError):
            os.unlink(log)
        _reachable(directory, unprivileged=conf.get("unprivileged") == "1")
        cgroups.remove(vmid)
        told = os.path.join(directory, "stderr")
        # the log of the configuration's own lines is lost when the command line names another
        options = ("-o", log, "-l", "DEBUG") if debug else ()
        running = self._foreground(vmid, told, *options, "--", *trees.command(conf))
        pid = self._awaited(vmid, running)
        if running.poll():
            raise self._failure(call, vmid, told, log if debug else "")
        if not _alive(pid):
            self._lxc("lxc-wait", vmid, "-s", "STOPPED", "-t", "10")
            call.out(words.GONE.replace("@", str(vmid)))
            raise Died(f"unable to get PID for CT {vmid} (not running?)")
        self.state.set_run(vmid, {"pid": pid, "since": time.time()})

    def _foreground(self, vmid: int | str, told: str, *arguments: str) -> subprocess.Popen[bytes]:
        """PID 1 gets the console as its streams; in the background it would get /dev/null."""
        program = shutil.which("lxc-start", path=TOOLS) or "lxc-start"
        with open(told, "wb") as errors:
            return subprocess.Popen(
                [program, "-P", self.place, "-n", str(vmid), "-F", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                cwd="/",
                env=NO_HELPERS,
                start_new_session=True,
            )

    def _awaited(self, vmid: int | str, running: subprocess.Popen[bytes]) -> int:
        """The pid of PID 1 that has lived for a moment; 0 when it has ended, or never began."""
        until = time.monotonic() + PATIENCE
        while running.poll() is None and time.monotonic() < until:
            state, pid = self._told(vmid)
            if state == "RUNNING" and pid:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    running.wait(SETTLE)
                return 0 if running.poll() is not None else pid
            time.sleep(0.02)
        return 0

    def _failure(self, call: Call, vmid: int | str, told: str, log: str) -> Died:
        with open(told, encoding="utf-8", errors="replace") as file:
            said = file.read()
        if any(word in said for word in PARSE) or not said:
            return Died(f"command 'lxc-info -n {vmid} -p' failed: exit code 1")
        found = [f"{function}: {line} {text}\n" for function, line, text in ERROR.findall(said)]
        kept = [line for line in found if not line.startswith(OWN)]
        if log:
            with open(log, encoding="utf-8", errors="replace") as file:
                kept.append(file.read())
        return start_failed(call, vmid, "".join(kept))

    def stop(self, call: Call, vmid: int | str) -> None:
        """At once. What is frozen lxc-stop ends only on cgroup v2, which a node has; on v1 it would wait."""
        if self._told(vmid)[0] == "FROZEN":
            self._lxc("lxc-unfreeze", vmid)
        self._lxc("lxc-stop", vmid, "-k")
        self._lxc("lxc-wait", vmid, "-s", "STOPPED", "-t", "10")
        self.state.set_run(vmid, {})

    def shutdown(self, call: Call, vmid: int | str, conf: Conf, timeout: int) -> bool:
        """The halt signal, then waiting; a little longer than asked, as the real one."""
        done = self._lxc("lxc-stop", vmid, "--nokill", "--timeout", str(timeout))
        if done.returncode == 0 and not self.pid(vmid):
            self.state.set_run(vmid, {})
            return True
        grace = float(self.state.settings.get("grace", GRACE))
        self._lxc("lxc-wait", vmid, "-s", "STOPPED", "-t", str(max(1, round(grace))))
        return False

    def limit(self, vmid: int | str, conf: Conf) -> None:
        """In its cgroup at once, as PVE::LXC::Config does it when it hot-plugs."""
        if self.pid(vmid):
            cgroups.change(vmid, lxc_config.limits(conf))

    def attach(self, call: Call, vmid: int | str, argv: list[str], keep_environment: bool) -> int:
        """lxc-attach takes the place of this program."""
        program = shutil.which("lxc-attach", path=TOOLS) or "lxc-attach"
        keep = "--keep-env" if keep_environment else "--clear-env"
        command = [program, "-P", self.place, "-n", str(vmid), keep, *(["--", *argv] if argv else [])]
        try:
            call.stdin.fileno()
            call.stdout.fileno()
        except OSError:
            done = subprocess.run(
                command, input=call.stdin.read(), capture_output=True, check=False, env=call.environment
            )
            call.stdout.write(done.stdout)
            call.stderr.write(done.stderr)
            return done.returncode if done.returncode >= 0 else 128 - done.returncode
        os.execve(program, command, call.environment)  # as pct does
        return None

    def mount(self, call: Call, vmid: int | str, conf: Conf) -> None:
        """At rootfs/ beside the configuration."""
        target = os.path.join(self._directory(vmid), "rootfs")
        os.makedirs(target, exist_ok=True)
        subprocess.run(["mount", "--rbind", trees.root(self.state, conf), target], check=True)
        write(os.path.join(self.state.home, "run", f"{vmid}.mounted"), target)

    def unmount(self, call: Call, vmid: int | str) -> None:
        """If it was mounted."""
        marker = os.path.join(self.state.home, "run", f"{vmid}.mounted")
        if os.path.exists(marker):
            subprocess.run(["umount", "-l", os.path.join(self._directory(vmid), "rootfs")], check=False)
            os.unlink(marker)

    def forget(self, vmid: int | str) -> None:
        """Nothing of it stays at the lxc path."""
        cgroups.remove(vmid)
        shutil.rmtree(self._directory(vmid), ignore_errors=True)

    def push(self, call: Call, vmid: int | str, file: str, target: str, options: dict[str, str]) -> None:
        """Into its namespaces."""
        copies.push(self.pid(vmid), file, target, options)

    def pull(self, call: Call, vmid: int | str, path: str, target: str, options: dict[str, str]) -> None:
        """Out of its namespaces."""
        copies.pull(self.pid(vmid), path, target, options)

    def unpack(self, call: Call, archive: str, tree: str, unprivileged: bool) -> None:
        """With tar."""
        archives.untar(call, archive, tree)

    def own(self, tree: str, unprivileged: bool) -> None:
        """A new volume of an unprivileged container belongs to its root."""
        if not unprivileged:
            return
        for top, directories, files in os.walk(tree):
            for path in [top, *(os.path.join(top, name) for name in files)]:
                _shift(path)
            for name in directories:
                if os.path.islink(os.path.join(top, name)):
                    _shift(os.path.join(top, name))

    def usage(self, vmid: int | str) -> dict[str, int]:
        """From the cgroup, where there is one."""
        found = {
            "mem": 0,
            "disk": 0,
            "uptime": int(time.time() - self.state.run(vmid).get("since", time.time())),
        }
        for path in (
            f"/sys/fs/cgroup/memory/lxc/{vmid}/memory.usage_in_bytes",
            f"/sys/fs/cgroup/lxc/{vmid}/memory.current",
        ):
            with contextlib.suppress(OSError, ValueError), open(path, encoding="utf-8") as file:
                found["mem"] = int(file.read())
        return found


def _alive(pid: int) -> bool:
    """Whether a process is there, and no zombie."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            return pid > 0 and file.read().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def _shift(path: str) -> None:
    """Add the base to the owner, and give back the bits that chown(2) takes."""
    status = os.lstat(path)
    if status.st_uid >= lxc_config.HOST_BASE:
        return
    os.lchown(path, status.st_uid + lxc_config.HOST_BASE, status.st_gid + lxc_config.HOST_BASE)
    if not stat.S_ISLNK(status.st_mode) and status.st_mode & 0o6000:
        os.chmod(path, stat.S_IMODE(status.st_mode))


def _reachable(directory: str, unprivileged: bool) -> None:
    """Root of the container must be able to walk to what is its own."""
    if unprivileged:
        os.chmod(directory, 0o711)
        os.chmod(os.path.dirname(directory), 0o711)
