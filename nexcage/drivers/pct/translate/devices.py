"""``linux.devices``: devN where the host has the same device at the same path, else a bind mount of it."""

import os

from nexcage.drivers.pct.quoting import field
from nexcage.drivers.pct.translate.request import Request
from nexcage.drivers.pct.translate.translated import Translated, refuse
from nexcage.oci.rules import Object

MOST = 256
# what LXC makes in every /dev (conf.c, lxc_devices), by numbers
_DEFAULT = {
    "/dev/null": (1, 3),
    "/dev/zero": (1, 5),
    "/dev/full": (1, 7),
    "/dev/random": (1, 8),
    "/dev/urandom": (1, 9),
    "/dev/tty": (5, 0),
    "/dev/console": (5, 1),
    "/dev/ptmx": (5, 2),
}


def devices(request: Request, out: Translated) -> None:
    """All but pipes, which the table of refusals ignores."""
    for i, device in enumerate(request.part("linux").get("devices") or ()):
        at = f"$.linux.devices[{i}]"
        if device.get("type") == "p":
            continue
        path = os.path.normpath(device["path"])
        numbers = (device["major"], device["minor"])
        if _DEFAULT.get(path) == numbers:
            out.notes.append(f"linux.devices[{i}]: LXC makes {path} in every container")
            continue
        kind = "b" if device["type"] == "b" else "c"
        if request.look.device(path) == (kind, *numbers) and path.startswith("/dev/") and "," not in path:
            out.numbered("dev", MOST, _dev(device, path), at)
        else:
            _bind(request, out, device, kind, path, at)


def _dev(device: Object, path: str) -> str:
    words = [f"path={path}" if "=" in path else path]
    words += [f"{name}={device[name]}" for name in ("gid", "uid") if device.get(name)]
    if device.get("fileMode") is not None:
        words.append(f"mode=0{device['fileMode'] & 0o777:03o}")
    return ",".join(words)


def _bind(request: Request, out: Translated, device: Object, kind: str, path: str, at: str) -> None:
    """The host's node for these numbers (udev has links by number), which keeps its owner and mode."""
    numbers = f"{device['major']}:{device['minor']}"
    source = f"/dev/{'block' if kind == 'b' else 'char'}/{numbers}"
    if request.look.device(source) != (kind, device["major"], device["minor"]):
        reason = f"the node has no device {kind} {numbers}, and a container of Proxmox VE makes none"
        raise refuse(at, reason, "load its driver", code="device-missing")
    if any(device.get(name) for name in ("uid", "gid")) or device.get("fileMode") is not None:
        out.warnings.append(f"config.json: {at}: keeps the owner and mode that it has on the node")
    fields = [source, path.lstrip("/"), "none", "bind,create=file"]
    out.raw("lxc.mount.entry", " ".join([*(field(text) for text in fields), "0", "0"]), at)
    out.cgroup("devices.allow", f"{kind} {numbers} rwm", at, v1="devices.allow")
