"""The checks of config.json that nexcage relies on, each with its JSON path.

Not the whole specification (``bundle validate`` is for that): what must hold
so that nexcage and both drivers read the same thing from the file. Unknown
properties pass, as the specification asks (config.md, "Extensibility").
"""

import os

from nexcage.errors import InvalidBundle
from nexcage.oci.check_linux import linux
from nexcage.oci.rules import Object, absolute, fail, integer, members, obj, objects, string, strings

__all__ = ["Object", "config", "mount_sources", "process", "version"]

HOOKS = ("prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop")


def config(values: Object) -> None:
    """Check a whole config.json; `InvalidBundle` for the first fault found."""
    if "ociVersion" not in values:
        raise fail("$.ociVersion", "is required")
    version(string(values, "ociVersion", "$"))
    if "root" not in values:
        raise fail("$.root", "is required")
    root = obj(values, "root", "$")
    if not string(root, "path", "$.root", required=True):
        raise fail("$.root.path", "must not be empty")
    _boolean(root, "readonly", "$.root")
    if "process" not in values:
        raise fail("$.process", "is required")
    process(obj(values, "process", "$"), "$.process")
    string(values, "hostname", "$")
    string(values, "domainname", "$")
    _mounts(objects(values, "mounts", "$"))
    _hooks(obj(values, "hooks", "$"))
    for name, value in obj(values, "annotations", "$").items():
        if not name:
            raise fail("$.annotations", "has an empty key")
        if not isinstance(value, str):
            raise fail(f'$.annotations["{name}"]', "must be a string")
    linux(obj(values, "linux", "$"))


def version(text: str) -> None:
    """Accept any 1.x of the specification: SemVer, config.md "Specification version"."""
    core = text.split("-", 1)[0].split("+", 1)[0].split(".")
    if len(core) != 3 or not all(part.isascii() and part.isdigit() for part in core):
        raise fail("$.ociVersion", f'"{text}" is not a version such as 1.2.0')
    if core[0] != "1":
        raise fail(
            "$.ociVersion",
            f'"{text}" is not supported: nexcage reads versions 1.0.0 to 1.3.x',
            "bundle-version",
        )


def process(values: Object, at: str) -> None:
    """Check ``process``, also that of an exec's process file (config.md, "Process")."""
    if "args" not in values:
        raise fail(at + ".args", "is required")
    args = strings(values, "args", at)
    if not args:
        raise fail(at + ".args", "must not be empty")
    if not args[0]:
        raise fail(at + ".args[0]", "must not be empty")
    cwd = string(values, "cwd", at, required=True)
    if not cwd.startswith("/"):
        raise fail(at + ".cwd", f'must be an absolute path, not "{cwd}"')
    for i, entry in enumerate(strings(values, "env", at)):
        if entry.find("=") < 1:
            raise fail(f"{at}.env[{i}]", f'must be NAME=VALUE, not "{entry}"')
    _boolean(values, "terminal", at)
    _boolean(values, "noNewPrivileges", at)
    user = obj(values, "user", at)
    for name in ("uid", "gid"):
        integer(user, name, at + ".user", 0, 2**32 - 2)
    integer(user, "umask", at + ".user", 0, 0o777)
    for i, gid in enumerate(members(user, "additionalGids", at + ".user")):
        integer({"": gid}, "", f"{at}.user.additionalGids[{i}]", 0, 2**32 - 2)
    integer(values, "oomScoreAdj", at, -1000, 1000)
    capabilities = obj(values, "capabilities", at)
    for name in capabilities:
        strings(capabilities, name, at + ".capabilities")
    _rlimits(objects(values, "rlimits", at), at + ".rlimits")


def _boolean(values: Object, name: str, at: str) -> None:
    if name in values and not isinstance(values[name], bool):
        raise fail(f"{at}.{name}", "must be true or false")


def _rlimits(rows: list[Object], at: str) -> None:
    seen = set()
    for i, row in enumerate(rows):
        here = f"{at}[{i}]"
        kind = string(row, "type", here, required=True)
        if not kind.startswith("RLIMIT_"):
            raise fail(here + ".type", f'must be a name such as RLIMIT_NOFILE, not "{kind}"')
        if kind in seen:
            raise fail(here + ".type", f"{kind} is given twice")
        seen.add(kind)
        soft = integer(row, "soft", here, 0, 2**64 - 1, required=True)
        hard = integer(row, "hard", here, 0, 2**64 - 1, required=True)
        if soft > hard:
            raise fail(here + ".soft", f"{soft} is above the hard limit {hard}")


def _mounts(rows: list[Object]) -> None:
    for i, row in enumerate(rows):
        here = f"$.mounts[{i}]"
        destination = string(row, "destination", here, required=True)
        if not destination:
            raise fail(here + ".destination", "must not be empty")
        absolute(destination, here + ".destination")
        string(row, "type", here)
        string(row, "source", here)
        strings(row, "options", here)
        if is_bind(row) and not row.get("source"):
            raise fail(here + ".source", "is required for a bind mount")


def is_bind(mount: Object) -> bool:
    """Whether an entry of ``mounts`` binds a path of the host."""
    options = mount.get("options") or ()
    return "bind" in options or "rbind" in options or mount.get("type") == "bind"


def mount_sources(values: Object, bundle: str) -> None:
    """Refuse bind mounts of what is not there; a relative source starts at the bundle."""
    for i, mount in enumerate(values.get("mounts") or ()):
        if is_bind(mount) and not os.path.exists(os.path.join(bundle, mount["source"])):
            raise fail(
                f"$.mounts[{i}].source",
                f'"{mount["source"]}" does not exist',
                "bundle-mount-source-missing",
                f'create it on the host, or take the mount of "{mount["destination"]}" out of config.json',
            )


def _hooks(hooks: Object) -> None:
    for name in HOOKS:
        for i, hook in enumerate(objects(hooks, name, "$.hooks")):
            here = f"$.hooks.{name}[{i}]"
            absolute(string(hook, "path", here, required=True), here + ".path")
            strings(hook, "args", here)
            strings(hook, "env", here)
            if "timeout" in hook and integer(hook, "timeout", here, None, None) < 1:
                raise fail(here + ".timeout", "must be greater than 0")


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
