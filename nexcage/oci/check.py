"""The checks of config.json that nexcage relies on, each with its JSON path.

Not the whole specification: what must hold so that nexcage and both drivers
read the same thing from the file. The rest is in ``check_all``, for ``bundle
validate``, which runs these rules too. Unknown properties pass, as the
specification asks (config.md, "Extensibility").
"""

import os

from nexcage.errors import InvalidBundle
from nexcage.oci.check_linux import linux
from nexcage.oci.mounts import is_bind
from nexcage.oci.rules import (
    Object,
    absolute,
    boolean,
    fail,
    fault,
    integer,
    members,
    obj,
    rows,
    sound,
    string,
    strings,
    texts,
    whole,
)

__all__ = ["Object", "config", "problems", "process", "version"]

CAPABILITY_SETS = ("bounding", "effective", "inheritable", "permitted", "ambient")
HOOKS = ("prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop")


def config(values: Object) -> None:
    """Check a whole config.json; `InvalidBundle` for the first fault found."""
    if "ociVersion" in values:
        version(string(values, "ociVersion", "$"))
    else:
        fault("$.ociVersion", "is required")
    if "root" in values:
        root = obj(values, "root", "$")
        if not string(root, "path", "$.root", required=True):
            fault("$.root.path", "must not be empty")
        boolean(root, "readonly", "$.root")
    else:
        fault("$.root", "is required")
    if "process" in values:
        process(obj(values, "process", "$"), "$.process")
    else:
        fault("$.process", "is required")
    string(values, "hostname", "$")
    string(values, "domainname", "$")
    _mounts(rows(values, "mounts", "$"))
    _hooks(obj(values, "hooks", "$"))
    if "" in texts(values, "annotations", "$"):
        fault("$.annotations", "has an empty key")
    linux(obj(values, "linux", "$"))


def problems(values: Object) -> "list[InvalidBundle]":
    """All that is wrong with a config.json by specification 1.3.

    Each error's ``data`` has its ``path``, ``severity`` (error or warning) and ``reason``.
    """
    from nexcage.oci.check_all import everything

    return everything(values)


def version(text: str) -> None:
    """Accept any 1.x of the specification: SemVer, config.md "Specification version"."""
    core = text.split("-", 1)[0].split("+", 1)[0].split(".")
    if len(core) != 3 or not all(part.isascii() and part.isdigit() for part in core):
        fault("$.ociVersion", f'"{text}" is not a version such as 1.2.0')
    elif core[0] != "1":
        fault(
            "$.ociVersion",
            f'"{text}" is not supported: nexcage reads versions 1.0.0 to 1.3.x',
            "bundle-version",
        )


def process(values: Object, at: str) -> None:
    """Check ``process``, also that of an exec's process file (config.md, "Process")."""
    if "args" in values:
        args = strings(values, "args", at)
        if not args:
            fault(at + ".args", "must not be empty")
        elif not args[0]:
            fault(at + ".args[0]", "must not be empty")
    else:
        fault(at + ".args", "is required")
    cwd = string(values, "cwd", at, required=True)
    if not cwd.startswith("/"):
        fault(at + ".cwd", f'must be an absolute path, not "{cwd}"')
    for i, entry in enumerate(strings(values, "env", at)):
        if entry.find("=") < 1:
            fault(f"{at}.env[{i}]", f'must be NAME=VALUE, not "{entry}"')
    boolean(values, "terminal", at)
    boolean(values, "noNewPrivileges", at)
    user = obj(values, "user", at)
    for name in ("uid", "gid"):
        integer(user, name, at + ".user", 0, 2**32 - 2)
    integer(user, "umask", at + ".user", 0, 0o777)
    for i, gid in enumerate(members(user, "additionalGids", at + ".user")):
        if gid is not None:
            whole(gid, f"{at}.user.additionalGids[{i}]", 0, 2**32 - 2)
    integer(values, "oomScoreAdj", at, -1000, 1000)
    capabilities = obj(values, "capabilities", at)
    for name in CAPABILITY_SETS:
        strings(capabilities, name, at + ".capabilities")
    _rlimits(rows(values, "rlimits", at))


def _rlimits(limits: list[tuple[str, Object]]) -> None:
    seen = set()
    for here, row in limits:
        kind = string(row, "type", here, required=True)
        if not kind.startswith("RLIMIT_"):
            fault(here + ".type", f'must be a name such as RLIMIT_NOFILE, not "{kind}"')
        if kind in seen:
            fault(here + ".type", f"{kind} is given twice")
        seen.add(kind)
        soft = integer(row, "soft", here, 0, 2**64 - 1, required=True)
        hard = integer(row, "hard", here, 0, 2**64 - 1, required=True)
        if soft > hard and sound(here + ".hard"):
            fault(here + ".soft", f"{soft} is above the hard limit {hard}")


def _mounts(mounts: list[tuple[str, Object]]) -> None:
    taken: dict[str, tuple[str, Object]] = {}
    for here, row in mounts:
        destination = string(row, "destination", here, required=True)
        source = string(row, "source", here)
        if not destination:
            fault(here + ".destination", "must not be empty")
        elif destination[0] != "/":
            whose = f', for the mount of "{source}"' if source not in ("", destination) else ""
            fault(here + ".destination", f'must be an absolute path, not "{destination}"{whose}')
        string(row, "type", here)
        options = strings(row, "options", here)
        if sound(here + ".options") and is_bind(row) and not source:
            fault(here + ".source", "is required for a bind mount")
        if "remount" not in options and sound(here + ".destination"):
            place = os.path.normpath("/" + destination.lstrip("/"))
            if place in taken:
                _hidden(here, row, *taken[place])
            taken[place] = here, row


def _hidden(here: str, mount: Object, before: str, other: Object) -> None:
    """Two mounts on one destination: the second would hide the first, which nobody can want."""
    names = [row.get("source") or row.get("type") or "none" for row in (mount, other)]
    fault(
        here,
        f'"{names[0]}" on "{mount["destination"]}": would hide "{names[1]}" of {before}',
        "bundle-mount-twice",
        "take one of the two out of config.json",
    )


def _hooks(hooks: Object) -> None:
    for name in HOOKS:
        for here, hook in rows(hooks, name, "$.hooks"):
            absolute(string(hook, "path", here, required=True), here + ".path")
            strings(hook, "args", here)
            strings(hook, "env", here)
            if "timeout" in hook and integer(hook, "timeout", here, None, None) < 1:
                fault(here + ".timeout", "must be greater than 0")


def terminal(values: Object, *, console_socket: bool, detached: bool) -> InvalidBundle | None:
    """What is wrong between ``process.terminal`` and the call, or None."""
    wanted = bool(values["process"].get("terminal"))
    if wanted and detached and not console_socket:
        return fail(
            "$.process.terminal",
            "is true, but nobody would hold the terminal",
            hint="give --console-socket, or set terminal to false",
        )
    if console_socket and not wanted:
        return fail("$.process.terminal", "must be true when --console-socket is given")
    if console_socket and not detached:
        return fail("$.process.terminal", "a foreground run keeps its terminal: leave out --console-socket")
    return None
