"""What crun and runc keep of a container: looked at before the program reads it.

A pipe in its place would hold the program for ever, a link lead it to another container; and crun removes
what it cannot read, while the container runs on.
"""

import os
import stat
import time

from nexcage.errors import InvalidBundle, NexcageError, StateCorrupt
from nexcage.host import files
from nexcage.jsontext import Malformed, loads
from nexcage.oci.bundle import read_config
from nexcage.oci.rules import Object
from nexcage.state.store import SETTLING, Store, remove_hint

# the name of the file in the container's directory, and where the pid of the first process is in it
Kept = tuple[str, str]


def require_ours(place: str, kept: Kept) -> None:
    """`StateCorrupt` where the directory ``place`` or the file in it is none of ours."""
    path = f"{place}/{kept[0]}"
    try:
        files.refuse_foreign(place, os.lstat(place), stat.S_IFDIR)
        files.refuse_foreign(path, os.lstat(path))
    except FileNotFoundError:
        return  # not written yet, or removed meanwhile
    except files.Unusable as error:
        raise _corrupt(str(error), place) from None


def require_sound(place: str, kept: Kept, *, there: bool = False) -> None:
    """The same, and what it says; ``there``: it must not be missing where there is a directory for it."""
    require_ours(place, kept)
    path, name = f"{place}/{kept[0]}", kept[1]
    deadline = time.monotonic() + SETTLING
    while there and os.path.isdir(place) and not os.path.exists(path):
        if time.monotonic() > deadline:
            raise _corrupt(f"{path} is missing", place)
        time.sleep(0.005)
    try:
        values = loads(files.read_own(path, 16 << 20))
    except FileNotFoundError:
        return
    except files.Unusable as error:
        raise _corrupt(str(error), place) from None
    except Malformed as error:
        raise _corrupt(f"{path}: {error}", place) from None
    pid = values.get(name) if isinstance(values, dict) else None
    if type(pid) is not int or pid < 1:
        raise _corrupt(f"{path}: $.{name}: must be a pid", place)


def _corrupt(message: str, place: str) -> StateCorrupt:
    return StateCorrupt(message, hint=remove_hint(os.path.basename(place)))


def cgroup(root: str, handle: str, container_id: str) -> str:
    """The cgroup of a container whose state does not say it any more, by its config; "" if none has one."""
    store = Store(os.path.dirname(root))
    container = container_id or handle
    places = [f"{store.home(container)}/bundle/config.json"]
    if not os.path.islink(f"{root}/{handle}"):
        places.insert(0, f"{root}/{handle}/config.json")
    try:
        places.append(store.read(container, locked=True).config_file or "")
    except NexcageError:
        places.append("")  # it is damaged too
    for place in places:
        try:
            linux = read_config(place).get("linux")
        except InvalidBundle:
            continue
        return str((linux or {}).get("cgroupsPath") or f"/{handle}")
    return ""


def recalled(handle: str, document: Object, home: str) -> Object:
    """Fields of a lost record: from the state that the program prints, and the bundle that this names."""
    bundle = str(document.get("bundle", ""))
    rootfs = os.path.join(bundle, str(document.get("rootfs", "")))
    if bundle.startswith(home + "/"):  # the changed config that it was shown
        bundle = os.path.dirname(rootfs)
    try:
        config = read_config(bundle + "/config.json")
    except InvalidBundle:
        config = {"ociVersion": document.get("ociVersion"), "annotations": document.get("annotations")}
    output = home + "/output.log"
    return {
        "handle": handle,
        "oci_version": str(config.get("ociVersion") or ""),
        "bundle": bundle,
        "rootfs": rootfs,
        "created": str(document.get("created", "")),
        "stdio": output if os.path.exists(output) else "inherit",
        "annotations": dict(config.get("annotations") or {}),
    }
