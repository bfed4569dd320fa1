"""Modes and owners: who could change records, configuration or drivers would give orders to root."""

import os
import stat

from nexcage.checks import Result
from nexcage.checks.thresholds import some
from nexcage.errors import DriverUnavailable
from nexcage.state import journal, launch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexcage.checks import Host

GROUP = "security"
_OTHERS = 0o022  # group and everybody may write


def check(host: "Host") -> "Iterator[Result]":
    """State, configuration, layers and programs, each with the way to it."""
    from nexcage.paths import configuration

    for store in host.stores:
        yield from _state(store.root)
    path = host.config_file() or configuration()
    yield _place("configuration", path)
    yield _place("layers", host.call.cache())
    for driver in host.drivers():
        try:
            yield _place(driver.name, driver.program())
        except DriverUnavailable:
            continue


def _place(name: str, path: str) -> Result:
    """One file or directory, and the directories above it."""
    try:
        wrong = _way(path)
    except PermissionError as error:
        message = f"{path}: this user may not look at {error.filename}"
        return Result(GROUP, name, "warn", message, "run it as root", {"path": path})
    if wrong:
        return Result(GROUP, name, "fail", *wrong, {"path": path})
    return Result(GROUP, name, "pass", f"{path} can be changed by nobody else", data={"path": path})


def _state(root: str) -> "Iterator[Result]":
    """The directory of the records, and what lies in it."""
    way = _place("state", root)
    yield way
    if way.status != "pass" or not os.path.isdir(root):
        return
    mode = stat.S_IMODE(os.lstat(root).st_mode)
    if mode & 0o077:
        message = f"{root} has mode {mode:04o}: others can see the records"
        yield Result(GROUP, "state", "warn", message, f"chmod 0700 {root}", {"path": root})
    loose: list[str] = []
    foreign: list[str] = []
    seen = 0
    with os.scandir(root) as entries:
        for entry in entries:
            paths = [entry.path]
            if entry.name[0] != "@" and entry.is_dir(follow_symlinks=False):
                ours = ("record.json", "lock", launch.NAME, *journal.names(entry.path))
                paths += [f"{entry.path}/{name}" for name in ours]
            for path in paths:
                try:
                    facts = os.lstat(path)
                except (FileNotFoundError, NotADirectoryError):
                    continue
                seen += 1
                if facts.st_uid not in (0, os.geteuid()):
                    foreign.append(path)
                elif not stat.S_ISLNK(facts.st_mode) and facts.st_mode & _OTHERS:
                    loose.append(path)
    for paths, why, hint in (
        (foreign, "belongs to another user", "chown root"),
        (loose, "can be written to by others", "chmod go-w"),
    ):
        if paths:
            paths.sort()
            data: dict[str, object] = {"paths": paths}
            yield Result(GROUP, "records", "fail", f"{some(paths)} {why}", f"{hint} {paths[0]}", data)
    if not foreign and not loose and seen:
        yield Result(GROUP, "records", "pass", f"{seen} files of records in {root} are nobody else's")


def _way(path: str) -> tuple[str, str] | None:
    """What is wrong with ``path`` or a directory on the way to it, links followed: message and hint."""
    seen: set[str] = set()
    todo = [os.path.abspath(path)]
    while todo:
        here = todo.pop()
        at = "/"
        for part in ["", *here.strip("/").split("/")]:
            at = os.path.join(at, part) if part else at
            if at in seen:
                continue
            seen.add(at)
            try:
                facts = os.lstat(at)
            except FileNotFoundError:
                return _missing(os.path.dirname(at), path)
            wrong = _fault(at, facts, path)
            if wrong:
                return wrong
            if stat.S_ISLNK(facts.st_mode):
                todo.append(os.path.realpath(at))
    return None


def _fault(at: str, facts: os.stat_result, path: str) -> tuple[str, str] | None:
    said = at if at == path else f"{path}: {at} on the way to it"
    if facts.st_uid not in (0, os.geteuid()):
        return f"{said} belongs to user {facts.st_uid}", f"chown root {at}"
    if stat.S_ISLNK(facts.st_mode):
        return None  # its mode says nothing
    sticky = stat.S_ISDIR(facts.st_mode) and facts.st_mode & stat.S_ISVTX and at != path
    if facts.st_mode & stat.S_IWOTH and not sticky:
        return f"{said} can be written to by everybody", f"chmod o-w {at}"
    if facts.st_mode & stat.S_IWGRP and facts.st_gid != 0 and not sticky:
        return f"{said} can be written to by group {facts.st_gid}", f"chmod g-w {at}"
    return None


def _missing(parent: str, path: str) -> tuple[str, str] | None:
    """What does not exist is made by whoever comes first: a sticky directory keeps nobody from that."""
    if os.lstat(parent).st_mode & stat.S_IWOTH:
        return f"{path} does not exist, and everybody may make it in {parent}", f"mkdir -m 0700 {path}"
    return None
