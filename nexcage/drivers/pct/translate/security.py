"""seccomp, AppArmor, masked and read-only paths, kernel settings."""

import os

from nexcage.drivers.pct.quoting import field
from nexcage.drivers.pct.translate.request import Request
from nexcage.drivers.pct.translate.translated import Translated, refuse
from nexcage.oci.rules import Object

PROFILE = "seccomp"
_EPERM = 1
_WRITABLE = "lxc.mount.auto: proc:rw"
_WORDS = {
    "SCMP_ACT_ALLOW": "allow",
    "SCMP_ACT_ERRNO": "errno",
    "SCMP_ACT_KILL": "kill",
    "SCMP_ACT_KILL_THREAD": "kill",
    "SCMP_ACT_TRAP": "trap",
}


def apparmor(request: Request, out: Translated) -> None:
    """``lxc.apparmor.profile``; Proxmox VE generates one without."""
    profile = request.part("process").get("apparmorProfile")
    if profile:
        out.raw("lxc.apparmor.profile", profile, "$.process.apparmorProfile")


def seccomp(request: Request, out: Translated) -> None:
    """``lxc.seccomp.profile``: a file in LXC's format, version 2 (seccomp.c, ``parse_config_v2``)."""
    values = request.part("linux", "seccomp")
    if not values:
        return
    default = _action(values, "defaultAction", "defaultErrnoRet")
    # "denylist" with an action for all that no rule names; each rule has its own action
    lines = ["2", f"denylist {default}", "[all]"]
    for rule in values.get("syscalls") or ():
        action = _action(rule, "action", "errnoRet")
        if action == default:
            continue  # says nothing, and libseccomp refuses such a rule
        for name in rule["names"]:
            lines += [f"{name} {action}{arguments}" for arguments in _arguments(rule.get("args") or [])]
    if values.get("architectures"):
        out.notes.append("linux.seccomp.architectures: LXC filters all that the kernel runs, alike")
    out.raw("lxc.seccomp.profile", out.file(PROFILE, "\n".join(lines) + "\n"), "$.linux.seccomp")


def _action(row: Object, name: str, number: str) -> str:
    word = _WORDS[row[name]]
    given = row.get(number)
    return f"errno {_EPERM if given is None else given}" if word == "errno" else word


def _arguments(rows: list[Object]) -> list[str]:
    """ " [index,value,op,mask]..."; conditions on one argument twice are alternatives, as for runc."""
    words = [_argument(row) for row in rows]
    if len({row["index"] for row in rows}) < len(rows):
        return [f" {word}" for word in words]
    return [f" {''.join(words)}" if words else ""]


def _argument(row: Object) -> str:
    index, value, operator = row["index"], row["value"], row["op"]
    if operator == "SCMP_CMP_MASKED_EQ":  # the specification has the mask in value, LXC last
        return f"[{index},{row.get('valueTwo') or 0},{operator},{value}]"
    return f"[{index},{value},{operator}]"


def masked_paths(request: Request, out: Translated) -> None:
    """An empty tmpfs over a directory, /dev/null over anything else; what the container has not is left out.

    Which one it is, the host's own /proc and /sys tell, else the rootfs. When neither has it (a mount may
    bring it), both are written: "optional" drops the one that does not fit.
    """
    for i, path in enumerate(request.part("linux").get("maskedPaths") or ()):
        at = f"$.linux.maskedPaths[{i}]"
        of_kernel = path.startswith(("/proc/", "/sys/"))
        kind = request.look.kind(path if of_kernel else request.rootfs + path)
        inside = field(path.lstrip("/"))
        if kind != "dir":
            out.raw("lxc.mount.entry", f"/dev/null {inside} none bind,optional 0 0", at)
        if kind in ("dir", ""):
            options = "ro,nosuid,nodev,noexec,size=4k,optional"
            out.raw("lxc.mount.entry", f"tmpfs {inside} tmpfs {options} 0 0", at)


def readonly_paths(request: Request, out: Translated) -> None:
    """The path bound to itself, read-only; ``relative`` is of the container (lxc.container.conf(5)).

    LXC sets ``sysctl`` after all mounts, so a path that holds one of these stays as LXC mounts it.
    """
    keys = request.part("linux").get("sysctl") or {}
    files = ["/proc/sys/" + key.replace(".", "/") for key in keys]
    for i, path in enumerate(request.part("linux").get("readonlyPaths") or ()):
        at = f"$.linux.readonlyPaths[{i}]"
        within = os.path.normpath(path) + "/"
        if any(file.startswith(within) for file in files):
            out.warnings.append(f"config.json: {at}: is not read-only where linux.sysctl changes a setting")
            continue
        inside = field(path.lstrip("/"))
        out.raw("lxc.mount.entry", f"{inside} {inside} none rbind,ro,relative,optional 0 0", at)


def sysctl(request: Request, out: Translated) -> None:
    """``lxc.sysctl.net.*``; LXC knows dots only (conf.c, ``setup_sysctl_parameters``).

    The table refuses all others: LXC has /proc/sys read-only by then. /proc/sys/net too, for a container
    without CAP_NET_ADMIN (``lxc_mount_auto_mounts``); then all of it is left writable where the kernel
    guards the host's settings by their owner, that is in an unprivileged container.
    """
    keys = request.part("linux").get("sysctl") or {}
    sets = request.part("process").get("capabilities")
    for key, text in keys.items():
        at = f'$.linux.sysctl["{key}"]'
        if sets is not None and "CAP_NET_ADMIN" not in (sets.get("bounding") or ()):
            if not out.unprivileged:
                reason = "without CAP_NET_ADMIN LXC has /proc/sys/net read-only before it sets it"
                raise refuse(at, reason, "give CAP_NET_ADMIN, or use --unprivileged 1")
            if _WRITABLE not in out.lines:
                out.raw("lxc.mount.auto", "proc:rw", at)
        out.raw(f"lxc.sysctl.{key.replace('/', '.')}", text, at)
