"""The mounts of a config.json, held against the host before anything is made.

What would only fail half-way, in a driver's words or in the kernel's ("invalid
argument"), is said here by index, source and destination (config.md, "Mounts").
All of it is for the message: the driver resolves every path again, safely.
"""

import os
import stat

from nexcage.errors import InvalidBundle
from nexcage.oci.rules import Object, fail

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

MISSING = "bundle-mount-source-missing"
UNREADABLE = "bundle-mount-source-unreadable"
KIND = "bundle-mount-kind"
# options that leave the source's last link alone: then the link itself is the source
_NOT_FOLLOWED = ("copy-symlink", "src-nofollow")
_LATER = frozenset(("shared", "rshared", "slave", "rslave", "unbindable", "runbindable"))
_RECURSIVE = frozenset(("rshared", "rslave", "rprivate", "runbindable"))
_MOST_LINKS = 40  # as the kernel
_BELOW_A_FILE = -1  # in the place of a mode: a part of the path before the last is no directory


def is_bind(mount: Object) -> bool:
    """Whether an entry of ``mounts`` binds a path of the host."""
    options = mount.get("options") or ()
    return "bind" in options or "rbind" in options or mount.get("type") == "bind"


def is_reference(mount: Object) -> bool:
    """Whether the source has the form ``STORAGE:VOLUME`` that Proxmox VE has for its volumes.

    A storage's name is a letter, then letters, digits, ``-``, ``_``, ``.`` (pve-storage, "pve-storage-id").
    """
    source = mount.get("source") or ""
    if ":" not in source or (mount.get("type") and not is_bind(mount)):
        return False  # "server:/export" is for the file system that the type names
    storage, _, volume = source.partition(":")
    plain = storage.translate({ord(c): "x" for c in "-_."})
    return bool(volume) and storage[:1].isalpha() and plain.isascii() and plain.isalnum()


def settle(config: Object, bundle: str) -> bool:
    """Say to crun what other drivers take for granted of propagation; True if the config had to change.

    Measured with 1.8.1. It applies ``linux.rootfsPropagation`` last and to all mounts, "rprivate" when it is
    absent, so that ``slave`` of a mount is lost: "rslave" is what runc takes for absent, and private mounts
    stay private below it. And it makes ``bind`` with ``rprivate`` an ``rbind``: without what is mounted
    below, "private" is the same.
    """
    changed = later = False
    for i, mount in enumerate(config.get("mounts") or ()):
        options = mount.get("options") or ()
        later = later or not _LATER.isdisjoint(options)
        if "bind" not in options or "rbind" in options or _RECURSIVE.isdisjoint(options):
            continue
        if os.path.isdir(os.path.join(bundle, mount["source"])):  # nothing is mounted below a file
            plain = [o[1:] if o in _RECURSIVE else o for o in options]
            config["mounts"][i] = dict(mount, options=plain)
            changed = True
    linux = config.get("linux") or {}
    if later and not linux.get("rootfsPropagation"):
        config["linux"] = dict(linux, rootfsPropagation="rslave")
        changed = True
    return changed


def sources(config: Object, bundle: str, rootfs: str) -> None:
    """Refuse mounts whose source is absent, closed to us, or of another kind than the destination.

    A relative source starts at the bundle. References to storages are left to `volumes`.
    """
    covered: set[str] = set()
    hooks = config.get("hooks") or {}
    # these may still change what is in the rootfs
    undecided = bool(hooks.get("prestart") or hooks.get("createRuntime"))
    for i, mount in enumerate(config.get("mounts") or ()):
        mode = 0
        if is_bind(mount):
            mode = _source(i, mount, bundle)
        else:
            if mount.get("type") == "overlay":
                _overlay(i, mount)
            mode = stat.S_IFDIR
        place, there = _inside(rootfs, mount["destination"], covered)
        if place:
            covered.add(place)
        if there and mode and not undecided and not stat.S_ISLNK(mode):
            _same_kind(i, mount, mode, there)


def volumes(config: Object, bundle: str, driver: str, exists: "Callable[[str], bool] | None") -> None:
    """Refuse references to volumes that are not there; ``exists`` is None for a driver without storages.

    ``STORAGE:SIZE`` asks for a new volume of so many GiB (pct(1), "mp[n]"), so there is nothing to look for.
    """
    for i, mount in enumerate(config.get("mounts") or ()):
        if not is_reference(mount) or os.path.lexists(os.path.join(bundle, mount["source"])):
            continue
        if exists is None:
            raise _wrong(
                i,
                mount,
                f"references to storages are for the driver pct, {driver} needs a path of the host",
                MISSING,
                "name a directory of the host, or make the container with --runtime pct",
            )
        size = mount["source"].partition(":")[2].replace(".", "", 1)
        if not size.isdigit() and not exists(mount["source"]):
            raise _wrong(
                i, mount, "the storage has no such volume", MISSING, "see what there is: pvesm list STORAGE"
            )


def _wrong(i: int, mount: Object, reason: str, code: str, hint: str = "") -> InvalidBundle:
    """The error for ``mounts[i]``, which it names by its source and destination."""
    source = mount.get("source") or mount.get("type") or "none"
    return fail(f"$.mounts[{i}]", f'"{source}" on "{mount["destination"]}": {reason}', code, hint)


def _missing(i: int, mount: Object, reason: str) -> InvalidBundle:
    hint = f'create it on the host, or take the mount of "{mount["destination"]}" out of config.json'
    return _wrong(i, mount, reason, MISSING, hint)


def _source(i: int, mount: Object, bundle: str) -> int:
    """The mode of a bind mount's source; 0 for what is left to `volumes`."""
    source = mount["source"]
    path = os.path.join(bundle, source)
    options = mount.get("options") or ()
    try:
        facts = os.lstat(path) if any(o in options for o in _NOT_FOLLOWED) else os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        if is_reference(mount):
            return 0
        if os.path.islink(path):
            raise _missing(i, mount, "the source is a link that leads nowhere") from None
        where = "" if source.startswith("/") else f" in {bundle}"
        raise _missing(i, mount, f"the source does not exist{where}") from None
    except ValueError:  # a name that is not UTF-8
        raise _missing(i, mount, "the source does not exist") from None
    except OSError as error:
        raise _unreadable(i, mount, "the source", error) from None
    mode = facts.st_mode
    if stat.S_ISDIR(mode):
        usable = os.access(path, os.X_OK)  # not to be listed is no hindrance
    elif stat.S_ISREG(mode):
        usable = os.access(path, os.R_OK)
    else:  # sockets, pipes and devices may be there for one direction only
        usable = stat.S_ISLNK(mode) or os.access(path, os.R_OK) or os.access(path, os.W_OK)
    if not usable:
        raise _unreadable(i, mount, "the source")
    return mode


def _unreadable(i: int, mount: Object, what: str, error: OSError | None = None) -> InvalidBundle:
    reason = (error.strerror or str(error)).lower() if error else "permission denied"
    return _wrong(
        i,
        mount,
        f"{what} cannot be read: {reason}",
        UNREADABLE,
        "change its mode or owner, or run as a user who may",
    )


def _overlay(i: int, mount: Object) -> None:
    """Check the directories of an overlay; the kernel only says "invalid argument" or nothing."""
    for option in mount.get("options") or ():
        name, sign, value = option.partition("=")
        name = name.removesuffix("+")
        if not sign or name not in ("lowerdir", "datadir", "upperdir", "workdir"):
            continue
        for path in _layers(value) if name == "lowerdir" else [value]:
            if not path.startswith("/"):
                # measured: crun 1.8.1 starts at the bundle, runc 1.1.5 at the rootfs
                raise _wrong(i, mount, f'its {name} must be an absolute path, not "{path}"', MISSING)
            try:
                mode = os.stat(path).st_mode
            except (FileNotFoundError, NotADirectoryError, ValueError):
                raise _missing(i, mount, f'its {name} "{path}" does not exist') from None
            except OSError as error:
                raise _unreadable(i, mount, f'its {name} "{path}"', error) from None
            if not stat.S_ISDIR(mode):
                raise _wrong(i, mount, f'its {name} "{path}" is not a directory', KIND)
            if not os.access(path, os.X_OK):
                raise _unreadable(i, mount, f'its {name} "{path}"')


def _layers(value: str) -> list[str]:
    r"""The paths of a ``lowerdir``: colons part them (two: data layers follow), ``\:`` is one in a name."""
    parts = value.replace("\\\\", "\0").replace("\\:", "\1").split(":")
    return [part.replace("\1", ":").replace("\0", "\\") for part in parts if part]


def _inside(rootfs: str, destination: str, covered: set[str]) -> tuple[str, int]:
    """Where in the container ``destination`` leads, and the mode of what the rootfs has there.

    Links are followed as the container would follow them. The path is "" where
    an earlier mount (``covered``) decides; the mode is 0 for that, and where nothing is.
    """
    todo = destination.split("/")[::-1]
    at, mode, links = "", stat.S_IFDIR, 0
    while todo:
        if (at or "/") in covered:
            return "", 0
        part = todo.pop()
        if part in ("", "."):
            continue
        if part == "..":
            at = at.rpartition("/")[0]
            mode = stat.S_IFDIR if os.path.isdir(rootfs + at) else 0
            continue
        here = f"{at}/{part}"
        try:
            mode = os.lstat(rootfs + here).st_mode
            target = os.readlink(rootfs + here) if stat.S_ISLNK(mode) else ""
        except NotADirectoryError:
            at, mode = here, 0 if ".." in todo else _BELOW_A_FILE
            continue
        except (OSError, ValueError):
            at, mode = here, 0
            continue
        if not target:
            at = here
            continue
        links += 1
        if links > _MOST_LINKS:
            return "", 0
        at, mode = "" if target.startswith("/") else at, stat.S_IFDIR
        todo += target.split("/")[::-1]
    return ("", 0) if (at or "/") in covered else (at or "/", mode)


def _same_kind(i: int, mount: Object, source: int, destination: int) -> None:
    """A directory goes on a directory, and everything else on what is none (mount(2), ENOTDIR)."""
    if destination == _BELOW_A_FILE:
        reason = "the destination is below a file"
    elif stat.S_ISDIR(source) == stat.S_ISDIR(destination):
        return
    elif not is_bind(mount) and mount.get("type") != "nullfs":
        reason = "the destination is a file, and a file system needs a directory"
    elif stat.S_ISDIR(source):
        reason = "the source is a directory, the destination is a file"
    else:
        reason = "the source is a file, the destination is a directory"
    raise _wrong(i, mount, reason, KIND, "name another destination, or change what the rootfs has there")
