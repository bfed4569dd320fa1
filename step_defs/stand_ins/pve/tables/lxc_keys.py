# SPDX-License-Identifier: Apache-2.0
"""Raw ``lxc.*`` keys that a container's file may hold (PVE::LXC::Config, valid_lxc_conf_keys)."""

from __future__ import annotations

import re

DEPRECATED = "is deprecated, this will be a hard error in the future!"
RENAMED = "is deprecated and was renamed to lxc."
FAMILIES = re.compile(
    r"lxc\.(?:cgroup2\.|prlimit\.|net\.\d+\.|proc\."
    r"|sysctl\.(?:fs\.mqueue\.|kernel\.(?:msg\w*|sem|shm\w*)$)).*"
)
KNOWN = {
    f"lxc.{key}"
    for key in [
        "apparmor.allow_incomplete",
        "apparmor.allow_nesting",
        "apparmor.profile",
        "apparmor.raw",
        "arch",
        "autodev",
        "autodev.tmpfs.size",
        "cap.drop",
        "cap.keep",
        "console.logfile",
        "console.path",
        "console.size",
        "devtty.dir",
        "environment",
        "environment.hooks",
        "group",
        "hook.autodev",
        "hook.clone",
        "hook.destroy",
        "hook.mount",
        "hook.post-stop",
        "hook.pre-mount",
        "hook.pre-start",
        "hook.start",
        "hook.start-host",
        "hook.stop",
        "hook.version",
        "idmap",
        "include",
        "init.cmd",
        "init.cwd",
        "init.gid",
        "init.groups",
        "init.uid",
        "keyring.session",
        "kmsg",
        "log.file",
        "log.level",
        "log.syslog",
        "mount.auto",
        "mount.entry",
        "mount.fstab",
        "no_new_privs",
        "pty.max",
        "rootfs.mount",
        "seccomp.allow_nesting",
        "seccomp.notify.cookie",
        "seccomp.notify.proxy",
        "seccomp.profile",
        "selinux.context",
        "signal.halt",
        "signal.reboot",
        "signal.stop",
        "start.auto",
        "start.delay",
        "start.order",
        "tty.dir",
        "tty.max",
        "uts.name",
    ]
}
REFUSED = {
    "lxc.rootfs.path": "lxc.rootfs.path is auto generated from rootfs",
    "lxc.rootfs.options": (
        'lxc.rootfs.options is not supported, please use mount point options in the "rootfs" key'
    ),
    "lxc.id_map": f"{RENAMED}idmap",
    "lxc.init_cmd": f"{RENAMED}init.cmd",
    "lxc.utsname": f"{RENAMED}uts.name",
    "lxc.mount": f"{RENAMED}mount.fstab",
    "lxc.aa_profile": f"{RENAMED}apparmor.profile",
    "lxc.seccomp": f"{RENAMED}seccomp.profile",
}


def verdict(key: str) -> str | None:
    r"""Nothing when the key is good, the words of the warning, or None when nobody knows it."""
    if key in REFUSED:
        return REFUSED[key]
    if key in KNOWN or FAMILIES.fullmatch(key):
        return ""
    return DEPRECATED if key.startswith("lxc.cgroup.") else None
