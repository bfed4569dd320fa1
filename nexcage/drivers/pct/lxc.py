"""LXC's own tools and cgroup files: what costs milliseconds where Proxmox's tools cost half a second."""

import os

from nexcage.errors import CommandFailed, DriverUnavailable
from nexcage.host import process

PATIENCE = 30.0
_CGROUPS = "/sys/fs/cgroup"
# lxc-info -s; what is on its way down still has processes
_STATUS = {
    "RUNNING": "running",
    "FROZEN": "paused",
    "FREEZING": "paused",
    "THAWED": "running",
    "STARTING": "running",
    "STOPPING": "running",
    "ABORTING": "running",
    "STOPPED": "stopped",
}


def program(name: str) -> str:
    """The path of lxc-info and alike."""
    found = process.which(name)
    if not found:
        raise DriverUnavailable(
            f"{name} is not installed", hint="it is part of Proxmox VE: apt install --reinstall lxc-pve"
        )
    return found


def _quiet(tool: str, vmid: str) -> list[str]:
    """A tool that does not write into the container's own log at each call; errors are on stderr."""
    return [program(tool), "-n", vmid, "-o", "/dev/null"]


def state(vmid: str) -> tuple[str, int]:
    """(running, paused or stopped; host pid of PID 1 or 0), as lxc-info(1) says."""
    done = process.run([*_quiet("lxc-info", vmid), "-s", "-p"], timeout=PATIENCE)
    values = dict(line.split(":", 1) for line in done.stdout.splitlines() if ":" in line)
    word = values.get("State", "").strip()
    if not word and done.status < 128 and ("doesn't exist" in done.stderr or not done.stderr.strip()):
        return "stopped", 0  # never started: LXC has not heard of it
    if word not in _STATUS:
        raise CommandFailed(
            f'lxc-info: printed no state: "{(done.stderr or done.stdout).strip()[:200]}"',
            argv=process.paste(done.argv),
            status=done.status,
            stderr=done.stderr,
        )
    pid = values.get("PID", "").strip()
    status = _STATUS[word]
    if status != "stopped" and not pid.isdecimal():
        return "stopped", 0  # it has just ended
    return status, 0 if status == "stopped" else int(pid)


def pids(vmid: str, init: int) -> list[int]:
    """Host pids of all processes of the container, those of exec too."""
    top = cgroup(vmid, init)
    found: set[int] = set()
    for place, _, names in os.walk(top) if top else ():
        if "cgroup.procs" in names:
            try:
                with open(place + "/cgroup.procs", encoding="ascii") as file:
                    found.update(int(line) for line in file.read().split())
            except OSError:
                continue  # removed while we look, or threaded
    return sorted(found)


def cgroup(vmid: str, init: int, controller: str = "") -> str:
    """The directory of the container's cgroup: ``lxc/VMID`` of a hierarchy that PID 1 is in.

    ``controller`` says of which on cgroup v1; "" when PID 1 has ended.
    """
    try:
        # the container names its own cgroups, below the one that is asked for
        with open(f"/proc/{init}/cgroup", encoding="ascii", errors="replace") as file:
            rows = [line.rstrip("\n").split(":", 2) for line in file if line.count(":") > 1]
    except OSError:
        return ""
    for number, controllers, path in rows:
        top, found, _ = (path + "/").partition(f"/lxc/{vmid}/")
        if not found:
            continue
        if number != "0" and controller and controller not in controllers.split(","):
            continue
        names = ["", "unified"] if number == "0" else [controllers, controllers.removeprefix("name=")]
        for name in names:
            place = os.path.normpath(f"{_CGROUPS}/{name}{top}/lxc/{vmid}")
            if os.path.isdir(place):
                return place
    return ""


def is_frozen(vmid: str, init: int) -> bool:
    """Whether the container's cgroup is frozen, by the kernel's own files."""
    place = cgroup(vmid, init, "freezer")
    for file, word in (("cgroup.freeze", "1"), ("freezer.state", "FROZEN")):
        try:
            with open(f"{place}/{file}", encoding="ascii") as handle:
                return handle.read().strip() == word
        except OSError:
            continue
    return False


def console(vmid: str) -> list[str]:
    """argv that attaches the terminal to the console; no key leaves it (lxc-console(1))."""
    return [program("lxc-console"), "-n", vmid, "-t", "0", "-e", "-1"]


def freeze(vmid: str) -> list[str]:
    """argv that freezes all processes (lxc-freeze(1))."""
    return _quiet("lxc-freeze", vmid)


def unfreeze(vmid: str) -> list[str]:
    """argv that lets them go on (lxc-unfreeze(1))."""
    return _quiet("lxc-unfreeze", vmid)
