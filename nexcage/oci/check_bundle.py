"""All that is wrong with a bundle: its config.json, and what that names on this host."""

import os

from nexcage.errors import InvalidBundle
from nexcage.oci import mounts
from nexcage.oci.bundle import Bundle, check_executable, read_config, rootfs_of
from nexcage.oci.check_all import collect, everything, pruned
from nexcage.oci.rules import Object, fault, obj, rows, string

# hooks whose program is on the host; startContainer's is in the container (config.md, "POSIX-platform Hooks")
_HOST_HOOKS = ("prestart", "createRuntime", "createContainer", "poststart", "poststop")
_NOWHERE = {"type": "tmpfs", "destination": "/.nexcage-nowhere"}


def bundle_problems(path: str) -> tuple[Object | None, list[InvalidBundle]]:
    """The config of the bundle at the absolute ``path`` without what has the wrong type, and all problems.

    The config is None when it cannot be read. Each problem's ``data`` is as of `nexcage.oci.check.problems`.
    """
    try:
        values = read_config(os.path.join(path, "config.json"))
    except InvalidBundle as error:
        return None, [_placed(error)]
    found = everything(values)
    config = pruned(values, found)
    bad = [str(error.data["path"]) for error in found if error.data["severity"] == "error"]
    here: list[InvalidBundle] = []
    rootfs = ""
    if not _touches(bad, "$.root"):
        try:
            rootfs = rootfs_of(path, config)
        except InvalidBundle as error:
            here.append(_placed(error))
    if not _touches(bad, "$.mounts"):
        here += _sources(config, path, rootfs or os.path.join(path, ".nexcage-nowhere"))
    here += collect(lambda: _hooks(config))
    if rootfs and not _touches(bad, "$.process", "$.mounts", "$.hooks"):
        try:
            check_executable(Bundle(path, "", config, rootfs))
        except InvalidBundle as error:
            here.append(_placed(error))
    errors = [error for error in found if error.data["severity"] == "error"]
    return config, [*errors, *here, *found[len(errors) :]]


def _touches(bad: list[str], *sections: str) -> bool:
    starts = tuple(section + mark for section in sections for mark in ".[")
    return any(at in sections or at.startswith(starts) for at in bad)


def _placed(error: InvalidBundle) -> InvalidBundle:
    """The error with path and reason taken from its message: "config.json: $.a.b: reason"."""
    text = error.message.removeprefix("config.json: ")
    at, colon, reason = text.partition(": ")
    if not (colon and at.startswith("$")):
        at, reason = "$", text
    error.data.update(path=at, severity="error", reason=reason)
    return error


def _sources(config: Object, path: str, rootfs: str) -> list[InvalidBundle]:
    """What is wrong with each mount: one after the other is taken out, since the check ends at the first."""
    found: list[InvalidBundle] = []
    rest = dict(config, mounts=list(config.get("mounts") or ()))
    for _ in list(rest["mounts"]):
        try:
            mounts.sources(rest, path, rootfs)
        except InvalidBundle as error:
            found.append(_placed(error))
            at = str(error.data["path"]).removeprefix("$.mounts[").partition("]")[0]
            rest["mounts"][int(at)] = _NOWHERE
        else:
            break
    return found


def _hooks(config: Object) -> None:
    hooks = obj(config, "hooks", "$")
    for name in _HOST_HOOKS:
        for here, hook in rows(hooks, name, "$.hooks"):
            path = string(hook, "path", here)
            if path.startswith("/") and not (os.path.isfile(path) and os.access(path, os.X_OK)):
                what = "cannot be run" if os.path.exists(path) else "does not exist"
                fault(here + ".path", f'"{path}" {what}', "bundle-hook-missing")
