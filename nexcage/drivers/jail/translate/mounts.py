"""``mounts``, in their order, as file systems of FreeBSD (mount(8)); the driver resolves the destinations."""

import os

from nexcage.drivers.jail.translate.request import Request
from nexcage.drivers.jail.translate.translated import Mount, Translated, refuse, utf8
from nexcage.drivers.jail.words import FLAGS, NOTHING, OWN, SAME, TMPFS, file_system, option_fault
from nexcage.errors import StorageFailed
from nexcage.oci.rules import Object, fail

ALIAS = "root"  # below the home: where a read-only root is seen
_PSEUDO = ("devfs", "fdescfs", "procfs", "linprocfs", "linsysfs")
_FILES = (13, 2)  # nullfs(4) of files; before: "Not a directory"
_LONGEST = 1023  # MNAMELEN - 1
_IN_KERNEL = ("devfs", "tmpfs")


def place_of(path: str) -> str:
    """A destination without ``.``, ``..`` and doubled slashes."""
    return os.path.normpath("/" + path.lstrip("/"))


def root(request: Request, out: Translated) -> None:
    """A read-only root is a read-only nullfs of the rootfs; further mounts lie on that alias.

    Their mount points are made in the rootfs itself, since in the alias nothing can be.
    """
    if not (request.config.get("root") or {}).get("readonly"):
        return
    if not request.home.startswith("/"):
        raise fail("$.root.readonly", "needs a directory for the read-only alias of the root")
    step = Mount("$.root.readonly", "nullfs", request.rootfs, os.path.join(request.home, ALIAS))
    step.options = ["ro"]
    _is_free(request, step.destination, step.at)
    out.root = step.destination
    out.needs(request, "nullfs")
    out.mounts.append(step)


def mounts(request: Request, out: Translated) -> None:
    """All that the table of refusals does not leave out."""
    above: list[str] = []
    for i, row in enumerate(request.config.get("mounts") or ()):
        at = f"$.mounts[{i}]"
        place = place_of(row["destination"])
        kind = file_system(row, place)
        if kind not in OWN:
            continue  # refused or ignored there, and said
        if place == "/":
            raise fail(f"{at}.destination", "the root is not to be mounted over")
        if "\n" in place or len(utf8(out.root + place, f"{at}.destination")) > _LONGEST:
            raise fail(
                f"{at}.destination", f"has a line end, or is longer than {_LONGEST} bytes with the root"
            )
        step = Mount(at, kind, _source(request, row, kind, at), place)
        _options(step, row)
        _is_free(request, out.root + place, f"{at}.destination")
        step.pseudo = any((place + "/").startswith(one + "/") for one in above)
        if kind == "nullfs":
            _kind_of_source(request, step)
        if kind in _PSEUDO:
            above.append(place)
        if kind == "fdescfs" and request.os == "linux" and "linrdlnk" not in step.options:
            step.options.append("linrdlnk")  # programs of Linux read the links in /proc/self/fd
        if kind not in _IN_KERNEL:
            out.needs(request, kind)
        out.mounts.append(step)
    _descriptors(request, out)


def _source(request: Request, row: Object, kind: str, at: str) -> str:
    source = row.get("source") or ""
    utf8(source, f"{at}.source")
    if kind in ("nullfs", "unionfs"):
        if not source:
            raise fail(f"{at}.source", f"is required for {kind}")
        return os.path.normpath(os.path.join(request.bundle, source))
    if kind == "zfs":
        if not source or source[0] in "-/" or not source.isprintable():
            raise fail(f"{at}.source", f'"{ascii(source)[1:-1]}" is no data set')
        return str(source)
    return kind


def _options(step: Mount, row: Object) -> None:
    """Words of FreeBSD for those of Linux; what is not among them has been refused by the table."""
    words: dict[str, str] = {}
    rules = []
    for option in row.get("options") or ():
        name, sign, value = option.partition("=")
        name = SAME.get(name, name)
        if option_fault(step.kind, option) or name in NOTHING:
            if name == "rw":
                words.pop("ro", None)
            continue
        if step.kind == "tmpfs" and name in TMPFS:
            step.copy_up = step.copy_up or name == "tmpcopyup"
        elif name == "rule":
            rules.append(option)
        elif name in FLAGS or name in OWN[step.kind]:
            words[name] = name + sign + value
    step.options = [*words.values(), *rules]


def _kind_of_source(request: Request, step: Mount) -> None:
    step.is_file = step.source in request.facts.files
    if step.is_file and request.facts.release < _FILES:
        reason = "nullfs of this release mounts directories only"
        raise refuse(f"{step.at}.source", reason, "mount the directory that the file is in", "mount-file")


def _is_free(request: Request, path: str, at: str) -> None:
    """Mounts stack in silence, and what is below would stay after the container."""
    if path in request.facts.mounts:
        raise StorageFailed(
            f'config.json: {at}: "{path}" is mounted over already',
            code="mount-busy",
            hint=f"if nothing uses it: umount {path}",
        )


def _descriptors(request: Request, out: Translated) -> None:
    """Programs of Linux need all of /dev/fd: devfs has the first three."""
    places = {step.destination: step.kind for step in out.mounts}
    if request.os != "linux" or places.get("/dev") != "devfs" or "/dev/fd" in places:
        return
    step = Mount("$.mounts", "fdescfs", "fdescfs", "/dev/fd")
    step.options = ["linrdlnk"]
    step.pseudo = True
    index = next(i for i, one in enumerate(out.mounts) if one.destination == "/dev")
    out.mounts.insert(index + 1, step)
    out.needs(request, "fdescfs")
    out.notes.append("mounts: fdescfs is mounted on /dev/fd, as the Linux ABI needs it")
