"""``--mount``, ``--volume`` and ``--tmpfs`` in docker's forms, as rows of config.json.

A row without a type is an anonymous volume, which gets a directory of the bundle. What docker would keep
outside a container (named volumes, drivers) and what would have to change the host (relabelling, owners) is
refused, not ignored. Unlike docker's --volume, a source that is missing is an error, not made.
"""

import os

from nexcage.bundler.config.convert import absolute
from nexcage.bundler.config.values import size
from nexcage.errors import UsageError
from nexcage.oci.rules import Object

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

PROPAGATION = ("private", "rprivate", "shared", "rshared", "slave", "rslave", "unbindable", "runbindable")
_BIND = (
    *PROPAGATION, "ro", "rw", "rro", "bind", "rbind", "suid", "nosuid", "dev", "nodev", "exec", "noexec",
    "atime", "noatime", "diratime", "nodiratime", "relatime", "norelatime", "strictatime", "nostrictatime",
    "sync", "async",
)  # fmt: skip
_TMPFS = (
    "ro", "rw", "suid", "nosuid", "dev", "nodev", "exec", "noexec", "atime", "noatime", "diratime",
    "nodiratime", "relatime", "norelatime", "strictatime", "sync", "async", "tmpcopyup",
)  # fmt: skip
_VALUED = ("size", "mode", "uid", "gid", "nr_inodes", "nr_blocks")
_MEANINGLESS = ("consistent", "cached", "delegated", "nocopy")  # docker: for Macs, and for volumes only
_OPPOSITE = {"suid": "nosuid", "dev": "nodev", "exec": "noexec"}
_MOUNT_KEYS = {
    "type": "type", "source": "source", "src": "source", "target": "target", "destination": "target",
    "dst": "target", "readonly": "readonly", "ro": "readonly", "bind-propagation": "propagation",
    "bind-nonrecursive": "flat", "tmpfs-size": "size", "tmpfs-mode": "mode", "consistency": "consistency",
}  # fmt: skip


def _destination(path: str, shown: str) -> str:
    if not path.startswith("/"):
        raise UsageError(f'{shown}: the destination "{path[:200]}" must be an absolute path')
    if absolute(path) == "/":
        raise UsageError(
            f"{shown}: the destination must not be the root directory", hint="use --from dir:PATH"
        )
    return absolute(path)


def _source(path: str, shown: str) -> str:
    """The absolute path of what is to be mounted, which has to be there."""
    if "/" not in path and path not in (".", ".."):
        raise UsageError(
            f'{shown}: a bundle has no volume named "{path[:80]}"',
            hint=f"for a directory write ./{path[:80]}",
        )
    found = os.path.abspath(path)
    if not os.path.exists(found):
        raise UsageError(
            f'{shown}: the source "{found}" does not exist',
            code="bundle-mount-source-missing",
            hint="create it first",
        )
    return found


def _bind(source: str, destination: str, options: list[str]) -> Object:
    """Recursive and private, as docker's; a file or directory of the host."""
    chosen = [option for option in options if option not in ("bind", "rbind")]
    if not any(option in PROPAGATION for option in chosen):
        chosen.append("rprivate")
    recursion = "bind" if "bind" in options else "rbind"
    return {"destination": destination, "type": "bind", "source": source, "options": [recursion, *chosen]}


def volume(text: str) -> Object:
    """SRC:DST[:OPTIONS], or DST for an anonymous volume."""
    shown = f'--volume "{text[:200]}"'
    parts = text.split(":")
    if len(parts) == 1:
        return {"destination": _destination(text, shown)}
    if len(parts) > 3 or not parts[0]:
        raise UsageError(f"{shown} is not SOURCE:DESTINATION[:OPTIONS]")
    options = []
    for option in parts[2].split(",") if len(parts) == 3 else []:
        if option in ("z", "Z", "U", "O") or option.partition("=")[0] == "idmap":
            raise UsageError(
                f'{shown}: option "{option}" would have to change the host, and nexcage does not'
            )
        if option not in _BIND and option not in _MEANINGLESS:
            raise UsageError(
                f'{shown}: there is no option "{option[:64]}"', hint=f"one of: {', '.join(_BIND)}"
            )
        if option not in _MEANINGLESS:
            options.append(option)
    return _bind(_source(parts[0], shown), _destination(parts[1], shown), options)


def tmpfs(text: str) -> Object:
    """DST[:OPTIONS], with tmpfs(5)'s options; nosuid, nodev and noexec unless said otherwise."""
    destination, _, options = text.partition(":")
    shown = f'--tmpfs "{text[:200]}"'
    return _tmpfs(_destination(destination, shown), options.split(",") if options else [], shown)


def _tmpfs(destination: str, given: list[str], shown: str) -> Object:
    options = [
        word for word in ("nosuid", "nodev", "noexec") if word not in [_OPPOSITE.get(g) for g in given]
    ]
    for option in given:
        name, equals, value = option.partition("=")
        if equals and name in ("mode", "uid", "gid"):
            if not value.isascii() or not value.isdigit() or (name == "mode" and set(value) & set("89")):
                raise UsageError(f'{shown}: "{option[:64]}" takes a number', hint="for example mode=1777")
        elif equals and name == "size" and not value.endswith("%"):
            option = f"size={size(value, 'tmpfs')}"  # noqa: PLW2901
        elif option not in _TMPFS and not (equals and value and name in _VALUED):
            raise UsageError(
                f'{shown}: there is no option "{option[:64]}"', hint=f"one of: {', '.join(_VALUED + _TMPFS)}"
            )
        if option not in options:
            options.append(option)
    return {"destination": destination, "type": "tmpfs", "source": "tmpfs", "options": options}


def mount(text: str) -> Object:
    """Docker's ``--mount``: KEY=VALUE with commas between; a field with a comma in it is quoted as in CSV."""
    shown = f'--mount "{text[:200]}"'
    given = _fields(text, shown)
    kind = given.get("type", "volume")
    if "target" not in given:
        raise UsageError(f"{shown} names no destination", hint="add dst=PATH")
    destination = _destination(given["target"], shown)
    read_only = given.get("readonly", "false") in ("true", "1")
    allowed = {
        "bind": {"source", "readonly", "propagation", "flat", "consistency"},
        "tmpfs": {"size", "mode", "readonly"},
        "volume": {"source", "consistency"},
    }
    if kind not in allowed:
        raise UsageError(f'{shown}: there is no type "{kind[:64]}"', hint="one of: bind, tmpfs, volume")
    stray = sorted(set(given) - allowed[kind] - {"type", "target"})
    if stray:
        raise UsageError(f'{shown}: type "{kind}" takes no {stray[0]}')
    if kind == "tmpfs":
        options = [f"{name}={given[name]}" for name in ("size", "mode") if name in given]
        return _tmpfs(destination, options + ["ro"] * read_only, shown)
    if kind == "volume":
        if given.get("source"):
            _source(given["source"], shown)
            raise UsageError(f"{shown}: a volume has no path of the host", hint="write type=bind")
        return {"destination": destination}
    if "source" not in given:
        raise UsageError(f"{shown} names no source", hint="add src=PATH")
    options = ["bind"] * (given.get("flat", "false") in ("true", "1")) + ["ro"] * read_only
    if "propagation" in given:
        if given["propagation"] not in PROPAGATION:
            raise UsageError(f'{shown}: there is no propagation "{given["propagation"][:64]}"')
        options.append(given["propagation"])
    path = given["source"]
    return _bind(_source(path if "/" in path else f"./{path}", shown), destination, options)


def _fields(text: str, shown: str) -> dict[str, str]:
    import csv

    try:
        rows = list(csv.reader([text], strict=True))
    except csv.Error as error:
        raise UsageError(f"{shown} is quoted wrongly: {error}") from None
    given: dict[str, str] = {}
    for field in rows[0] if rows else []:
        name, equals, value = field.partition("=")
        key = _MOUNT_KEYS.get(name.strip().lower())
        if key is None:
            raise UsageError(
                f'{shown}: there is no field "{name[:64]}"', hint=f"one of: {', '.join(_MOUNT_KEYS)}"
            )
        if key in given:
            raise UsageError(f'{shown}: "{name[:64]}" is given twice')
        if key in ("readonly", "flat"):
            value = value if equals else "true"
            if value not in ("true", "false", "1", "0"):
                raise UsageError(f'{shown}: "{name[:64]}" must be true or false')
        elif not value:
            raise UsageError(f'{shown}: "{name[:64]}" needs a value')
        given[key] = value
    return given


def gathered(given: "Iterable[tuple[str, str]]") -> list[Object]:
    """The rows of (option, its value), parents first as docker does; two on one destination are an error."""
    kinds = {"mount": mount, "volume": volume, "tmpfs": tmpfs}
    rows: list[Object] = []
    taken: dict[str, str] = {}
    for option, text in given:
        row = kinds[option](text)
        destination, shown = row["destination"], f'--{option} "{text[:200]}"'
        if destination in taken:
            raise UsageError(
                f'two mounts on "{destination}": {taken[destination]} and {shown}', hint="keep one of them"
            )
        taken[destination] = shown
        rows.append(row)
    return sorted(rows, key=depth)


def depth(row: Object) -> int:
    """How many directories a mount lies below the root."""
    return str(row["destination"]).count("/")
