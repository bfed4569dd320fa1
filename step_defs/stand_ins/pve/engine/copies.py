# SPDX-License-Identifier: Apache-2.0
"""Files into and out of a running container: a child with the container's root does the inner half."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from step_defs.stand_ins.pve.refusals import Died

if TYPE_CHECKING:
    import ctypes
    from collections.abc import Callable

MODE = 0o644
NEW_USER = 0x10000000  # CLONE_NEWUSER
OWN = os.stat("/proc/self/ns/user").st_ino


def push(pid: int, file: str, target: str, options: dict[str, str]) -> None:
    """Only what is in a regular file goes; a directory gives an empty one."""
    try:
        source = os.open(file, os.O_RDONLY)
    except OSError:
        raise Died(f"failed to open {file} for reading") from None

    def inner() -> str:
        uid = _number("/etc/passwd", options.get("user", "0"))
        gid = _number("/etc/group", options.get("group", "0"))
        if uid is None:
            return f"failed to get uid for: {options['user']}"
        if gid is None:
            return f"failed to get gid for: {options['group']}"
        try:
            made = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, MODE)
        except OSError as error:
            return f"failed to create file: {target}: {error.strerror}"
        os.fchown(made, uid, gid)
        os.fchmod(made, int(options.get("perms", "0644"), 8))
        _copy(source, made)
        return ""

    try:
        _inside(pid, inner)
    finally:
        os.close(source)


def pull(pid: int, path: str, target: str, options: dict[str, str]) -> None:
    """The reading is done inside, the writing outside."""
    kept = os.memfd_create("pull")

    def inner() -> str:
        try:
            source = os.open(path, os.O_RDONLY)
        except OSError as error:
            return f"failed to open {path}: {error.strerror}"
        _copy(source, kept)
        return ""

    _inside(pid, inner)
    os.lseek(kept, 0, os.SEEK_SET)
    try:
        made = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, MODE)
    except OSError as error:
        raise Died(f"failed to create file: {target}: {error.strerror}") from None
    os.fchmod(made, int(options.get("perms", "0644"), 8))
    shutil.copyfileobj(os.fdopen(kept, "rb"), os.fdopen(made, "wb"))


def _copy(source: int, target: int) -> None:
    try:
        while data := os.read(source, 1 << 20):
            os.write(target, data)
    except IsADirectoryError:
        return


def _number(database: str, name: str) -> int | None:
    """The id of a name in the container."""
    if name.isdigit():
        return int(name)
    try:
        with open(database, encoding="utf-8") as file:
            for line in file:
                fields = line.split(":")
                if fields[0] == name:
                    return int(fields[2])
    except OSError:
        return None
    return None


def _as_root_of(users: int, libc: ctypes.CDLL) -> None:
    """Be root of a user namespace: one of the host cannot write where owners are mapped."""
    if os.fstat(users).st_ino == OWN:
        return
    if libc.setns(users, NEW_USER):
        raise OSError("setns")
    os.setgroups([])
    os.setgid(0)
    os.setuid(0)


def _inside(pid: int, work: Callable[[], str]) -> None:
    """Raise `Died` with what ``work`` says in the container's root."""
    import ctypes  # costs time that few calls need; before the root changes

    libc = ctypes.CDLL(None)
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        said = "failed to enter the container"
        try:
            users = os.open(f"/proc/{pid}/ns/user", os.O_RDONLY)
            os.chroot(f"/proc/{pid}/root")
            os.chdir("/")
            _as_root_of(users, libc)
            said = work()
        finally:
            os.write(writer, said.encode())
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, encoding="utf-8") as answer:
        said = answer.read()
    os.waitpid(child, 0)
    if said:
        raise Died(said)
