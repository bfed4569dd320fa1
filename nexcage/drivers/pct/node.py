"""What a node of Proxmox VE says in files: no tool of its own is started for it, each costs half a second.

/etc/pve is the cluster's file system (pmxcfs(8), "File System Layout"): ``nodes/NODE/lxc/VMID.conf``
for each container, ``local`` a link to this node's directory, ``.members`` the cluster's state.
"""

import os

from nexcage.errors import AlreadyExists, DriverUnavailable, NotFound, QuorumLost, WrongStatus
from nexcage.host import files
from nexcage.jsontext import Malformed, loads

ETC = "/etc/pve"
LOCKS = "/run/lock/lxc"
_LARGEST = 1 << 20


def name() -> str:
    """This node's name."""
    try:
        return os.path.basename(os.readlink(f"{ETC}/local"))
    except OSError:
        return os.uname().nodename.partition(".")[0]


def is_up() -> bool:
    """Whether the cluster's file system is mounted."""
    return os.path.isdir(f"{ETC}/nodes")


def down() -> DriverUnavailable:
    """The error for a node whose cluster file system is not mounted: its files say nothing."""
    return DriverUnavailable(
        f"the cluster file system of Proxmox VE does not run: {ETC} is empty",
        code="cluster-fs-down",
        hint="systemctl start pve-cluster",
    )


def conf_path(vmid: str) -> str:
    """The configuration of a container of this node."""
    return f"{ETC}/lxc/{vmid}.conf"


def lock_path(vmid: str) -> str:
    """The file that Proxmox VE locks while it changes the configuration (PVE/LXC/Config.pm, lock_config)."""
    return f"{LOCKS}/pve-config-{vmid}.lock"


def conf(vmid: str, where: str = "") -> str | None:
    """The text of the configuration; None when this node, or the one that is named, has no such container."""
    path = f"{ETC}/nodes/{where}/lxc/{vmid}.conf" if where else conf_path(vmid)
    try:
        return files.read(path, _LARGEST).decode(errors="replace")
    except FileNotFoundError:
        return None


def home_of(vmid: str) -> str:
    """The node that has the container, "" when none has."""
    if os.path.exists(conf_path(vmid)):
        return name()  # the usual case, whatever the size of the cluster
    try:
        nodes = sorted(os.listdir(f"{ETC}/nodes"))
    except OSError:
        return ""
    return next((node for node in nodes if os.path.exists(f"{ETC}/nodes/{node}/lxc/{vmid}.conf")), "")


def taken() -> set[int]:
    """The VMIDs of all guests of the cluster, virtual machines too."""
    found: set[int] = set()
    try:
        nodes = os.listdir(f"{ETC}/nodes")
    except OSError:
        return found
    for node in nodes:
        for kind in ("lxc", "qemu-server"):
            try:
                entries = os.listdir(f"{ETC}/nodes/{node}/{kind}")
            except OSError:
                continue
            found.update(int(entry[:-5]) for entry in entries if entry[:-5].isdecimal())
    return found


def last_id() -> int:
    """The last number that the cluster gives out (datacenter.cfg(5), next-id: ``upper`` is exclusive)."""
    try:
        lines = files.read(f"{ETC}/datacenter.cfg", _LARGEST).decode(errors="replace").splitlines()
    except OSError:
        lines = []
    given = next((line.partition(":")[2] for line in lines if line.startswith("next-id:")), "")
    upper = dict(part.strip().partition("=")[::2] for part in given.split(",")).get("upper", "")
    return int(upper) - 1 if upper.isascii() and upper.isdigit() else 999_999_999


def description(text: str) -> str:
    """The description in a configuration: its lines that begin with "#", before the first section."""
    from urllib.parse import unquote

    lines = []
    for line in text.split("\n"):
        if line.startswith("["):
            break
        if line.startswith("#"):
            lines.append(unquote(line[1:]))
    return "\n".join(lines)


def owner(text: str) -> str:
    """The id of the container of ours that a configuration belongs to; "" when it bears no mark."""
    from nexcage.drivers.pct.translate.mark import unmark

    return unmark(description(text)).get("id", "")


def marked() -> dict[str, tuple[int, str]]:
    """All containers of the cluster that bear our mark: id → (VMID, node)."""
    found: dict[str, tuple[int, str]] = {}
    for node in sorted(os.listdir(f"{ETC}/nodes")):
        directory = f"{ETC}/nodes/{node}/lxc"
        try:
            entries = os.listdir(directory)
        except OSError:
            continue
        for entry in entries:
            if entry.endswith(".conf") and entry[:-5].isdecimal():
                try:
                    text = files.read(f"{directory}/{entry}", _LARGEST).decode(errors="replace")
                except OSError:
                    continue  # destroyed meanwhile
                container_id = owner(text)
                if container_id:
                    found[container_id] = (int(entry[:-5]), node)
    return found


def is_ours(text: str, container_id: str) -> bool:
    """Whether a configuration is that of our container, and not of one that got its VMID later.

    Whoever edits the description may lose the mark: then the tag counts.
    """
    lines = f"\n{text}".split("\n[", 1)[0].splitlines()
    plain = f"#nexcage id={container_id} "
    said = [line for line in lines if line.startswith("#")]
    if said and f"{said[-1]} ".startswith(plain):  # the usual case, for which nothing has to be decoded
        return True
    found = owner(text)
    if found:
        return found == container_id
    tags = next((line[5:] for line in lines if line.startswith("tags:")), "")
    return "nexcage" in tags.replace(";", " ").split()


def was_started(text: str) -> bool:
    """Whether LXC has ever written its log, which a configuration of ours names."""
    path = next((line[13:].strip() for line in text.splitlines() if line.startswith("lxc.log.file:")), "")
    try:
        return not path or os.stat(path).st_size > 0
    except (OSError, ValueError):
        return False


def require_quorum() -> None:
    """`QuorumLost` where nothing can be changed: pct destroy would take the volume and fail after it."""
    try:
        members = loads(files.read(f"{ETC}/.members", _LARGEST))
    except (OSError, Malformed):
        return  # the tool will tell
    cluster = members.get("cluster") if isinstance(members, dict) else None
    if isinstance(cluster, dict) and not cluster.get("quorate"):
        raise QuorumLost(
            "the cluster has no quorum, so nothing in it can be changed",
            code="quorum-lost",
            hint="bring enough of its nodes back: pvecm status shows them",
        )


def elsewhere(container_id: str, vmid: str, node: str) -> WrongStatus:
    """The error for a container that somebody moved."""
    return WrongStatus(
        f'container "{container_id}" (VMID {vmid}) is on node "{node}" now',
        code="container-elsewhere",
        hint=f"run nexcage there, or move it back: pct migrate {vmid} {name()}",
    )


def missing(container_id: str, vmid: str) -> NotFound:
    """The error for a container that is gone from the node, or whose number somebody else has."""
    return NotFound(
        f'container "{container_id}" (VMID {vmid}) does not exist on this node any more',
        hint=f"remove its record: nexcage delete {container_id}",
    )


def in_use(container_id: str, vmid: int, where: str) -> AlreadyExists:
    """The error for a name that a container of the cluster bears."""
    if where == name():
        return AlreadyExists(
            f'container "{container_id}" already exists: VMID {vmid} bears its mark',
            hint=f"choose another id, or destroy that one: pct destroy {vmid} --purge 1",
        )
    return AlreadyExists(
        f'container "{container_id}" already exists on node "{where}" (VMID {vmid})',
        hint="choose another id, or delete it there",
    )
