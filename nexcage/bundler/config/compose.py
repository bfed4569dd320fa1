"""One config.json from a profile, an image, wishes and a template."""

from nexcage import log
from nexcage.bundler.config import Built, Wishes, convert, freebsd, linux, users
from nexcage.bundler.config.mounts import depth
from nexcage.bundler.config.profiles import load
from nexcage.errors import InvalidImage, UsageError
from nexcage.oci.rules import Object
from nexcage.oci.spec import PATH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_KERNEL = ("/proc", "/sys", "/dev")  # not for volumes of an image
_LONGEST = 64  # characters of a volume's name
_ORDER = ("ociVersion", "hostname", "root", "process", "mounts", "annotations", "linux", "freebsd")


def compose(
    *,
    image: Object,
    wishes: Wishes,
    read_file: "Callable[[str], bytes | None]",
    hostname: str,
    platform: str,
    rootless: tuple[int, int] | None,
    args: list[str],
) -> Built:
    """What a bundle needs; the same input gives the same, byte for byte.

    ``image`` is the image's configuration ({} without an image), ``read_file("etc/passwd")`` reads inside the
    root file system (None: absent), ``hostname`` the name where none is asked for, ``platform`` "os/arch",
    ``rootless`` the uid and gid of a caller without root, ``args`` what runs when nobody names a program.
    Raises `InvalidImage` for what is wrong in the image, `UsageError` for what is wrong in the wishes.
    """
    profile = load(wishes.profile, platform)
    config = profile.base(rootless is not None)
    process = config["process"]
    process["args"] = _args(image, wishes, args or process.get("args", []))
    user = _user(image, wishes, read_file, rootless is not None)
    process["user"] = {"uid": user.uid, "gid": user.gid, "umask": 0o022}
    if user.groups and rootless is None:  # a user namespace of one caller has no other groups
        process["user"]["additionalGids"] = user.groups
    process["env"] = _environment(process.get("env") or [PATH], convert.environment(image), wishes, user.home)
    process["cwd"] = wishes.cwd or convert.directory(image)
    config["hostname"] = wishes.hostname or _hostname(hostname)
    config["root"]["readonly"] = config["root"]["readonly"] or wishes.read_only
    annotations = {**convert.annotations(image), **wishes.annotations}
    if annotations:
        config["annotations"] = dict(sorted(annotations.items()))
    volumes = _mounts(config, convert.volumes(image), wishes.mounts)
    files = {}
    if profile.os == "freebsd":
        freebsd.apply(config, wishes, rootless is not None)
    else:
        linux.apply(config, wishes, profile, platform.split("/")[1] if "/" in platform else "", rootless)
        if wishes.profile != "minimal":
            files = _hosts(config, read_file)
    config = {name: config[name] for name in _ORDER if name in config}
    if wishes.template:
        config = _templated(config, image, wishes)
        volumes = [(name, path) for name, path in volumes if _mounted(config, f"volumes/{name}")]
        files = {path: text for path, text in files.items() if _mounted(config, path)}
    return Built(config, volumes, files)


def _hosts(config: Object, read_file: "Callable[[str], bytes | None]") -> dict[str, str]:
    """A hosts(5) of the bundle's own, mounted, where the image's does not know localhost.

    Images come without one, because every engine mounts one.
    """
    taken = {row["destination"] for row in config["mounts"]}
    if taken & {"/etc", "/etc/hosts"} or b"localhost" in (read_file("etc/hosts") or b""):
        return {}
    config["mounts"].append(
        {
            "destination": "/etc/hosts",
            "type": "bind",
            "source": "hosts",
            "options": ["bind", "rprivate", "rw"],
        }
    )
    return {"hosts": f"127.0.0.1 localhost {config['hostname']}\n::1 localhost {config['hostname']}\n"}


def _args(image: Object, wishes: Wishes, otherwise: list[str]) -> list[str]:
    """conversion.md: Entrypoint, then Cmd. As in docker, arguments replace Cmd, --entrypoint both."""
    config = convert.section(image)
    entrypoint, command = convert.texts(config, "Entrypoint"), convert.texts(config, "Cmd")
    if wishes.entrypoint is not None:
        found = wishes.entrypoint + wishes.args
    else:
        found = entrypoint + (wishes.args or command)
        found = found or otherwise
    if not found:
        raise UsageError(
            "there is no program to run: the source names none",
            code="no-program",
            hint="add -- PROGRAM ARGUMENT..., or --arg for each word",
        )
    if not found[0]:
        raise UsageError(
            "the program to run has an empty name", code="no-program", hint="add --entrypoint PROGRAM"
        )
    return found


def _user(
    image: Object, wishes: Wishes, read_file: "Callable[[str], bytes | None]", rootless: bool
) -> users.User:
    """The user asked for, else the image's; without root there is only root (of a user namespace)."""
    named = wishes.user or convert.text(convert.section(image), "User")
    user = users.resolve(named, read_file, UsageError if wishes.user else InvalidImage)
    if not rootless or (user.uid == 0 and user.gid == 0):
        return user
    if wishes.user:
        raise UsageError(
            f'--user "{named}" takes root: without it there is one user, 0', hint="leave out --user"
        )
    log.warning(
        f'the image\'s user "{named}" takes root: the program runs as you, and sees itself as root',
        code="user",
    )
    return users.resolve("0:0", read_file, InvalidImage)


def _environment(default: list[str], image: list[str], wishes: Wishes, home: str) -> list[str]:
    """Defaults, then the image's, then the user's; of one name the last value, at its first place.

    PATH and HOME are docker's defaults; TERM is for those who have a terminal, and no bundle made here has.
    """
    found: dict[str, str] = {}
    for entry in [*default, *image, *wishes.environment]:
        name, _, value = entry.partition("=")
        found[name] = value
    found.setdefault("HOME", home)
    return [f"{name}={value}" for name, value in found.items()]


def _hostname(text: str) -> str:
    """A host name from the name of a directory."""
    kept = "".join(c if c.isascii() and c.isalnum() else "-" for c in text)
    return "-".join(part for part in kept.split("-") if part)[:63].rstrip("-") or "nexcage"


def _mounts(config: Object, volumes: list[str], wished: list[Object]) -> list[tuple[str, str]]:
    """Complete ``config["mounts"]``: the user's wins over the image's, that over the profile's.

    Returns the volumes that are mounted. Those of an image may not hide the kernel's file systems.
    """
    mounts = config["mounts"]
    asked = {row["destination"] for row in wished}
    rows = list(wished)
    for path in volumes:
        if path in asked:
            continue
        if any(path == top or path.startswith(top + "/") for top in _KERNEL):
            log.warning(
                f'volume "{path}" of the image is left out: it would hide the kernel\'s', code="image-volume"
            )
        else:
            rows.append({"destination": path})
    made: list[tuple[str, str]] = []
    taken: set[str] = set()
    for wanted in sorted(rows, key=depth):
        row, destination = wanted, wanted["destination"]
        if "type" not in row:
            name = _name(destination, taken)
            made.append((name, destination.lstrip("/")))
            row = {**row, "type": "bind", "source": f"volumes/{name}", "options": ["rbind", "rprivate", "rw"]}
        places = [i for i, old in enumerate(mounts) if old["destination"] == destination]
        if places:
            mounts[places[0]] = row
        else:
            mounts.append(row)
    return made


def _name(path: str, taken: set[str]) -> str:
    """A file name for the volume on ``path``, like no other in ``taken``, to which it is added."""
    plain = "".join(c if (c.isascii() and c.isalnum()) or c in "-_." else "-" for c in path.strip("/"))
    base = plain.lstrip(".-")[:_LONGEST] or "volume"
    name, number = base, 1
    while name in taken:
        number += 1
        name = f"{base}-{number}"
    taken.add(name)
    return name


def _mounted(config: Object, source: str) -> bool:
    """Whether a config that anybody may have written mounts ``source``."""
    mounts = config.get("mounts")
    rows = mounts if isinstance(mounts, list) else []
    return any(isinstance(row, dict) and row.get("source") == source for row in rows)


def _templated(config: Object, image: Object, wishes: Wishes) -> Object:
    from nexcage.bundler.config import template

    values = {**wishes.settings, "config": config, "image": image, "name": config["hostname"]}
    return template.render(wishes.template, wishes.template_name, values)
