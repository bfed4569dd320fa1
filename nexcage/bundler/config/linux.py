"""The ``linux`` section of config.json: namespaces, resources, devices, capabilities, seccomp."""

import os

from nexcage.bundler.config import Device, Wishes, seccomp
from nexcage.bundler.config.values import PERIOD
from nexcage.errors import UsageError
from nexcage.host.facts import CAPABILITIES
from nexcage.oci.rules import Object
from nexcage.oci.spec import mappings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.bundler.config.profiles import Profile


def apply(
    config: Object, wishes: Wishes, profile: "Profile", architecture: str, rootless: tuple[int, int] | None
) -> None:
    """Change ``config``, whose ``process.user`` and mounts are final, to what ``wishes`` ask."""
    if rootless:
        config["linux"].update(mappings(*rootless))
    _network(config, wishes.network or ("host" if rootless else "none"))
    resources(config["linux"], wishes)
    _devices(config, wishes.devices, bool(rootless))
    held = capabilities(profile.capabilities, wishes.cap_add, wishes.cap_drop)
    _grant(config["process"], held, [name for name in held if name in wishes.cap_add])
    if profile.seccomp:
        strict = profile.seccomp == "strict"
        config["linux"]["seccomp"] = seccomp.profile(held, architecture, strict=strict)
        config["ociVersion"] = seccomp.VERSION


def _network(config: Object, asked: str) -> None:
    """none: a network namespace without any interface but lo. host: the caller's. ns:PATH: one that exists.

    A program with a network looks up names by it: /etc/resolv.conf of the host is mounted read-only, and
    with the host's own network its /etc/hosts too, unless the user mounts something there. Kernel settings
    of a network namespace are for one of our own only.
    """
    linux = config["linux"]
    spaces = [space for space in linux["namespaces"] if space["type"] != "network"]
    if asked == "none":
        spaces.insert(1, {"type": "network"})
    elif asked != "host":
        spaces.insert(1, {"type": "network", "path": asked.removeprefix("ns:")})
    linux["namespaces"] = spaces
    if asked == "none":
        return
    kept = {name: value for name, value in linux.pop("sysctl", {}).items() if not name.startswith("net.")}
    if kept:
        linux["sysctl"] = kept
    taken = {row["destination"] for row in config["mounts"]}
    for path in ("/etc/resolv.conf", "/etc/hosts") if asked == "host" else ("/etc/resolv.conf",):
        if not taken & {path, "/etc"} and os.path.isfile(path):
            options = ["bind", "rprivate", "ro", "nosuid", "nodev", "noexec"]
            config["mounts"].append({"destination": path, "type": "bind", "source": path, "options": options})


def resources(linux: Object, wishes: Wishes) -> None:
    """--memory, --cpus and --pids; the memory limit leaves swap alone."""
    asked: Object = linux.get("resources", {})
    if wishes.memory:
        asked["memory"] = {"limit": wishes.memory}
    if wishes.cpu_quota:
        asked["cpu"] = {"quota": wishes.cpu_quota, "period": PERIOD}
    if wishes.pids > 0:
        asked["pids"] = {"limit": wishes.pids}
    elif wishes.pids:
        asked.pop("pids", None)
    if asked:
        linux["resources"] = asked


def _devices(config: Object, devices: list[Device], rootless: bool) -> None:
    """Nodes with a rule each; without root no node can be made, so the host's is mounted."""
    linux = config["linux"]
    for device in devices:
        if rootless:
            options = ["bind", "rprivate", "nosuid", "noexec"]
            row = {"destination": device.path, "type": "bind", "source": device.source, "options": options}
            config["mounts"].append(row)
            continue
        number = {"type": device.kind, "major": device.major, "minor": device.minor}
        owner = {"fileMode": device.mode, "uid": device.uid, "gid": device.gid}
        rows = [row for row in linux.get("devices", []) if row["path"] != device.path]
        linux["devices"] = [*rows, {"path": device.path, **number, **owner}]
        rules = linux.setdefault("resources", {}).setdefault("devices", [{"allow": False, "access": "rwm"}])
        rules.append({"allow": True, **number, "access": device.access})


def capabilities(default: list[str], add: list[str], drop: list[str]) -> list[str]:
    """The capabilities left of ``default``, in the kernel's order; ALL stands for every one (docker)."""
    both = sorted(set(add) & set(drop))
    if both:
        raise UsageError(f"--cap-add and --cap-drop both name {both[0]}", hint="keep one of them")
    held = set(CAPABILITIES if "ALL" in add else [] if "ALL" in drop else default)
    held |= set(add)
    held -= set(drop)
    return [name for name in CAPABILITIES if name in held]


def _grant(process: Object, held: list[str], asked: list[str]) -> None:
    """Root has what it may have; another user only what was asked for by name, and keeps it over execve(2).

    That is podman's rule. Nothing is inheritable without being ambient (CVE-2022-24769).
    """
    bounding = ["CAP_" + name for name in held]
    wanted = bounding if process["user"]["uid"] == 0 else ["CAP_" + name for name in asked]
    process["capabilities"] = {"bounding": bounding, "effective": wanted, "permitted": wanted}
    if wanted and process["user"]["uid"] != 0:
        process["capabilities"] |= {"inheritable": wanted, "ambient": wanted}
