"""``root`` and the kind of system: --rootfs, --ostype, --arch."""

from nexcage.drivers.pct.quoting import BLANKS, control
from nexcage.drivers.pct.translate import checks
from nexcage.drivers.pct.translate.request import PASSTHROUGH, Request, Wanted
from nexcage.drivers.pct.translate.translated import Rootfs, Translated, refuse

_STORAGE = "local"
_SIZE = "4"  # GiB, pct's own default
_TYPES = (
    "debian", "devuan", "ubuntu", "centos", "fedora", "opensuse", "archlinux", "alpine", "gentoo", "nixos",
    "unmanaged",
)  # fmt: skip
_ARCHES = ("amd64", "i386", "arm64", "armhf", "riscv32", "riscv64")
_NARROW = {"amd64": "i386", "arm64": "armhf", "riscv64": "riscv32"}
# the kernel maps no ids of mounts of these (no FS_ALLOW_IDMAP)
_UNMAPPABLE = ("overlay", "nfs", "nfs4", "cifs", "smb3", "9p", "virtiofs")


def can_pass(request: Request, path: str) -> str:
    """Why ids cannot be passed through on a mount of ``path``; "" when they can."""
    if not request.has(PASSTHROUGH):
        return "Proxmox VE maps owners of mounts only since pve-container 6.1.6"
    kind = request.look.file_system(path)
    if kind in _UNMAPPABLE or kind.startswith("fuse"):
        return f"the kernel maps no owners of mounts of {kind}"
    return ""


def rootfs(request: Request, out: Translated) -> None:
    """--rootfs: the bundle's directory itself where owners come out right, else a volume."""
    readonly = bool(request.part("root").get("readonly"))
    own = request.option("storage") or request.annotation("storage")
    size = request.option("rootfs-size") or request.annotation("rootfs-size")
    if request.source != "bundle":
        out.rootfs = Rootfs("template", _volume(request), "pct unpacks the template")
    elif own or size:
        asked = own or size
        reason = f"{asked.at} asks for a volume" if asked else ""
        out.rootfs = Rootfs("archive", _volume(request), reason, mapped=out.own_ids)
    else:
        out.rootfs = _directory(request, out)
    if out.rootfs.way != "directory" and any(line.startswith("lxc.idmap:") for line in out.lines):
        reason = "the files of a new volume get the owners that Proxmox VE maps by itself"
        raise refuse("$.linux.uidMappings", reason, "use 0, 100000, 65536, or leave out --storage")
    out.create["rootfs"] = out.rootfs.option + (",ro=1" if readonly else "")


def _directory(request: Request, out: Translated) -> Rootfs:
    path = request.rootfs
    if "," in path or control(path) or path[-1:] in BLANKS or path != path.strip():
        reason = "its path has a character that a property string cannot hold"
        return Rootfs("archive", _volume(request), reason, mapped=out.own_ids)
    if request.look.has_mounts_below(path):
        out.warnings.append(f"{path}: what is mounted below it is not in the container: pct binds it alone")
    option = f"volume={path}" if "=" in path else path
    if not out.unprivileged:
        return Rootfs("directory", option, "a privileged container has the owners of the host")
    if out.own_ids:
        return Rootfs("directory", option, "its files have the owners that the bundle maps")
    hindrance = can_pass(request, path)
    if hindrance:
        return Rootfs("archive", _volume(request), hindrance)
    return Rootfs("directory", f"{option},idmap=passthrough", "owners pass through the user namespace")


def _volume(request: Request) -> str:
    wanted = request.wanted("storage")
    storage = checks.storage(wanted) if wanted else _STORAGE
    wanted = request.wanted("rootfs-size")
    if not wanted:
        return f"{storage}:{_SIZE}"
    text = wanted.text.strip()
    if text[-1:].lower() in ("g", "m", "t"):
        mib = checks.mib(Wanted(text, wanted.at, wanted.error), 1, "rootfs-invalid")
        text = f"{mib / 1024:.4f}".rstrip("0").rstrip(".")
    checks.number(Wanted(text, wanted.at, wanted.error), 0, 131072, "rootfs-invalid")
    return f"{storage}:{text}"


def os_type(request: Request, out: Translated) -> None:
    """--ostype: "unmanaged" for a bundle, or Proxmox VE would rewrite files of its rootfs."""
    wanted = request.wanted("ostype")
    if request.source == "bundle":
        if wanted and wanted.text != "unmanaged":
            reason = "would have Proxmox VE write into the bundle's rootfs: bundles are unmanaged"
            raise wanted.wrong(reason, "ostype-invalid")
        out.create["ostype"] = "unmanaged"
    elif wanted:  # never guessed: a wrong one fails ("got unexpected ostype")
        out.create["ostype"] = checks.one_of(wanted, _TYPES, "ostype-invalid")


def arch(request: Request, out: Translated) -> None:
    """--arch: of the option, else the platform's; ``linux.personality`` LINUX32 is its 32-bit one."""
    wanted = request.wanted("arch")
    narrow = request.part("linux", "personality").get("domain") == "LINUX32"
    if request.source != "bundle" and not wanted and not narrow:
        return  # pct looks at /bin/sh
    found = checks.one_of(wanted, _ARCHES, "arch-invalid") if wanted else request.arch
    if narrow:
        found = _NARROW.get(found, found)
    if found not in _ARCHES:
        raise Wanted(found, "the platform").wrong(f"is none of: {', '.join(_ARCHES)}", "arch-invalid")
    out.create["arch"] = found
