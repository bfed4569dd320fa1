# SPDX-License-Identifier: Apache-2.0
"""Processes of jails: who is in one, how one gets in. There is no PID namespace.

Real: all of a jail's processes are in one IPC namespace, which is how they are found (its UTS namespace has
the jail's hostname); each enters by chroot with mounts of its own, here or by attach.c. Model: a word in
their environment marks them.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from typing import TYPE_CHECKING, Any

from step_defs.stand_ins.jail.refusals import Refused
from step_defs.stand_ins.jail.state import INSIDE, PLACE, is_zombie

if TYPE_CHECKING:
    from step_defs.stand_ins.jail.state import Facts, State

LOGIN_PATH = "/sbin:/bin:/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin"
PATHS = "/sbin:/bin:/usr/sbin:/usr/bin"
OWN_TOOLS = "/usr/sbin:/usr/bin:/sbin:/bin"
NEW_NS, NEW_UTS, NEW_IPC = 0x00020000, 0x04000000, 0x08000000
BIND, SLAVE = 1 << 12, 1 << 19 | 1 << 14  # MS_BIND, MS_SLAVE | MS_REC
DETACH = 2  # MNT_DETACH
PRELOAD = "LD_PRELOAD"  # attach.c, for programs of the host
ORIGINAL = "NEXCAGE_FREEBSD_PATH"


def _libc(name: str, *arguments: Any) -> None:
    import ctypes  # most tools start faster without it

    library = ctypes.CDLL(None, use_errno=True)
    if getattr(library, name)(*arguments) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{name}: {os.strerror(code)}")


def pin(state: State, jail: Facts) -> None:
    """Make the namespaces of a new jail and keep them."""
    if not state.real:
        return
    folder = os.path.join(state.home, "ns")
    os.makedirs(folder, exist_ok=True)
    ready, told = os.pipe()
    gone, stay = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(stay)
        _libc("unshare", NEW_UTS | NEW_IPC)
        name = jail["params"]["host.hostname"].encode()
        _libc("sethostname", name, len(name))
        os.write(told, b"1")
        os.read(gone, 1)
        os._exit(0)
    os.close(told)
    os.read(ready, 1)
    for kind in ("ipc", "uts"):
        path = os.path.join(folder, f"{jail['jid']}.{kind}")
        with open(path, "w", encoding="utf-8"):
            pass
        _libc("mount", f"/proc/{child}/ns/{kind}".encode(), path.encode(), None, BIND, None)
    os.close(stay)
    os.waitpid(child, 0)
    describe(state, jail)


def describe(state: State, jail: Facts) -> None:
    """Tell attach.c what a jail is: a file beside the namespaces."""
    if not state.real:
        return
    word = "broken" if jail.get("broken") else "inherit" if jail["params"]["host"] == "inherit" else "new"
    path = os.path.join(state.home, "ns", f"{jail['jid']}.path")
    with open(f"{path}.{os.getpid()}", "w", encoding="utf-8", errors="surrogateescape") as file:
        file.write(f"{word}\n{state.host(jail['path'])}")
    os.replace(file.name, path)


def unpin(state: State, jail: Facts) -> None:
    """Let the namespaces go."""
    for kind in ("path", "ipc", "uts") if state.real else ():
        path = os.path.join(state.home, "ns", f"{jail['jid']}.{kind}")
        if kind != "path":
            with contextlib.suppress(OSError):  # never pinned, or taken by a sweep
                _libc("umount2", path.encode(), DETACH)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)


def unpin_dead(state: State) -> None:
    """Let those of jails go whose remover was killed: a kernel's would have gone by themselves."""
    living = {str(jail["jid"]) for jail in state.jails()}
    folder = os.path.join(state.home, "ns")
    for number in {name.partition(".")[0] for name in os.listdir(folder)} if os.path.isdir(folder) else ():
        if number not in living:
            unpin(state, {"jid": number})


def members(state: State, jail: Facts) -> list[int]:
    """PIDs of the living processes in a jail."""
    wanted = _pin_number(state, jail)
    mark = f"{INSIDE}={state.home}:{jail['jid']}:".encode()
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit() and int(name) != os.getpid():
            with contextlib.suppress(OSError):
                if state.real:
                    inside = wanted and os.stat(f"/proc/{name}/ns/ipc").st_ino == wanted
                else:
                    with open(f"/proc/{name}/environ", "rb") as file:
                        inside = mark in b"\0" + file.read()
                if inside and not is_zombie(int(name)):
                    found.append(int(name))
    return sorted(found)


def _pin_number(state: State, jail: Facts) -> int:
    if not state.real:
        return 0
    try:
        return os.stat(os.path.join(state.home, "ns", f"{jail['jid']}.ipc")).st_ino
    except FileNotFoundError:
        return 0


def places(state: State) -> dict[int, int]:
    """PID → JID of all processes in jails."""
    return {pid: int(jail["jid"]) for jail in state.jails() for pid in members(state, jail)}


def send(pids: list[int], number: int) -> None:
    """Signal those that are still there."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def end_all(state: State, jail: Facts, before: list[int]) -> list[int]:
    """Kill all; of these and those ``before`` the zombies that their parents have not asked for."""
    seen = set(before)
    until = time.monotonic() + 5
    while (pids := members(state, jail)) and time.monotonic() < until:
        seen.update(pids)
        send(pids, signal.SIGKILL)
        time.sleep(0.01)
    if seen:
        time.sleep(0.02)  # an ending process is not a zombie at once
    return [pid for pid in sorted(seen) if is_zombie(pid)]


def user_id(state: State, name: str, jail: Facts | None) -> tuple[int, int, str]:
    """uid, gid and home of a user of the host, or of a jail when one is named. Names only."""
    root = "/" if jail is None else state.host(jail["path"])
    if jail is not None and not any(os.path.exists(f"{root}/etc/{file}") for file in ("pwd.db", "spwd.db")):
        raise Refused(f"getpwnam: {name}: No such file or directory")
    if not state.real:
        if name not in state["users"]:
            raise Refused(f"{name}: no such user")
        return state["users"][name], state["users"][name], "/root"
    with contextlib.suppress(FileNotFoundError), open(f"{root}/etc/passwd", encoding="utf-8") as file:
        for line in file:
            fields = line.rstrip("\n").split(":")
            if fields[0] == name:
                return int(fields[2]), int(fields[3]), fields[5]
    raise Refused(f"{name}: no such user")


def clean(user: str, home: str) -> dict[str, str]:
    """The environment of a login."""
    own = f"{LOGIN_PATH}:{home}/bin"
    found = {"SHELL": "/bin/sh", "HOME": home, "USER": user, "BLOCKSIZE": "K", "MAIL": f"/var/mail/{user}"}
    found |= {"MM_CHARSET": "UTF-8", "LANG": "C.UTF-8", "PATH": own}
    return found | ({"TERM": os.environ["TERM"]} if "TERM" in os.environ else {})


def enter(
    state: State,
    jail: Facts,
    argv: list[str],
    environment: dict[str, str],
    cwd: str = "/",
    ids: tuple[int, int] | None = None,
) -> None:
    """Become a program in a jail. Raise `Refused` for the directory, `OSError` for the program."""
    sys.stdout.flush()
    sys.stderr.flush()
    if jail.get("broken"):
        raise Refused(f"jail_attach({jail['jid']}): Not a directory")
    if state.real:
        _enter_really(state, jail, cwd)
        if ids:
            os.setgroups([ids[1]])
            os.setgid(ids[1])
            os.setuid(ids[0])
        own = {key: value for key, value in environment.items() if not key.startswith((PLACE, PRELOAD))}
        os.execvpe(argv[0], argv, own)
    tree = state.host(jail["path"])
    if not os.path.isdir(tree + cwd):
        raise Refused(f"chdir(): {cwd}: No such file or directory")
    os.chdir(cwd if os.access(cwd, os.X_OK) else "/")
    import shutil

    program = found_in(tree, state.shown(argv[0]), environment.get("PATH", PATHS))
    name = os.path.basename(program)
    own_tool = os.path.join(state.home, "inside", name)
    target = own_tool if os.path.exists(own_tool) else shutil.which(name, path=OWN_TOOLS) or program
    environment = {
        **environment,
        PLACE: state.home,
        INSIDE: f"{state.home}:{jail['jid']}:{ids[0] if ids else 0}",
    }
    environment[ORIGINAL] = environment.get(ORIGINAL, environment.get("PATH", PATHS))
    environment["PATH"] = f"{state.home}/inside:{OWN_TOOLS}"
    os.execve(target, argv, environment)


def found_in(tree: str, name: str, path: str) -> str:
    """A program in a model's tree. Raise `OSError` as execvp does."""
    if "/" in name:
        candidates = [name]
    else:
        candidates = [f"{folder}/{name}" for folder in f"{path}:{PATHS}".split(":") if folder.startswith("/")]
    for candidate in candidates:
        if os.path.exists(tree + candidate):
            if os.path.isdir(tree + candidate) or not os.access(tree + candidate, os.X_OK):
                raise PermissionError(13, "Permission denied")
            return candidate
    raise FileNotFoundError(2, "No such file or directory")


def _enter_really(state: State, jail: Facts, cwd: str) -> None:
    for kind, flag in (("ipc", NEW_IPC), ("uts", NEW_UTS)):
        if kind == "uts" and jail["params"]["host"] == "inherit":
            continue
        handle = os.open(os.path.join(state.home, "ns", f"{jail['jid']}.{kind}"), os.O_RDONLY | os.O_CLOEXEC)
        _libc("setns", handle, flag)
        os.close(handle)
    _libc("unshare", NEW_NS)
    _libc("mount", None, b"/", None, SLAVE, None)
    os.chroot(state.host(jail["path"]))
    try:
        os.chdir(cwd)
    except OSError as error:
        raise Refused(f"chdir(): {cwd}: {error.strerror}") from None
