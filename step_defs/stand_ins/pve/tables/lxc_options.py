# SPDX-License-Identifier: Apache-2.0
"""Options of containers: types, ranges and property strings of PVE/LXC/Config.pm."""

from __future__ import annotations

from functools import lru_cache

from step_defs.stand_ins.pve.schema import Option
from step_defs.stand_ins.pve.tables.versions import IDMAP, OCI

FLAG = Option(type="boolean")
COUNT = Option(type="integer", least=0)
NAME = Option(format="storage-id")
MAPPING = r"passthrough|(?:[ug]:\d+:\d+:\d+)(?:;[ug]:\d+:\d+:\d+)*"
LOCKS = (
    "backup",
    "create",
    "destroyed",
    "disk",
    "fstrim",
    "migrate",
    "mounted",
    "rollback",
    "snapshot",
    "snapshot-delete",
)
SYSTEMS = (
    "debian",
    "devuan",
    "ubuntu",
    "centos",
    "fedora",
    "opensuse",
    "archlinux",
    "alpine",
    "gentoo",
    "nixos",
)
ARCHITECTURES = ("amd64", "i386", "arm64", "armhf", "riscv32", "riscv64")
INDEXED = {"net": 32, "mp": 256, "dev": 256, "unused": 256}

_FLAGS = r"(?:discard|lazytime|noatime|nodev|noexec|nosuid)"
_VOLUME = {
    "volume": Option(format="mount-path", optional=False),
    "acl": FLAG,
    "idmap": Option(pattern=MAPPING, since=IDMAP),
    "mountoptions": Option(pattern=rf"{_FLAGS}(?:;{_FLAGS})*"),
    "quota": FLAG,
    "replicate": FLAG,
    "ro": FLAG,
    "shared": FLAG,
    "size": Option(format="disk-size"),
}
_MOUNT = {
    **_VOLUME,
    "backup": FLAG,
    "keepattrs": Option(type="boolean", since=(6, 1, 2)),
    "mp": Option(format="mount-path", optional=False),
}
_NET = {
    "name": Option(pattern=r"[-_.\w\d]+", optional=False),
    "bridge": Option(pattern=r"[-_.\w\d]+"),
    "firewall": FLAG,
    "gw": Option(format="ipv4"),
    "gw6": Option(format="ipv6"),
    "host-managed": Option(type="boolean", since=OCI),
    "hwaddr": Option(format="mac-addr"),
    "ip": Option(format="ipv4-config"),
    "ip6": Option(format="ipv6-config"),
    "link_down": FLAG,
    "mtu": Option(type="integer", least=64, most=65535),
    "rate": Option(type="number"),
    "tag": Option(type="integer", least=1, most=4094),
    "trunks": Option(pattern=r"\d+(?:;\d+)*"),
    "type": Option(enum=("veth",)),
}
_DEVICE = {
    "path": Option(format="device-path"),
    "deny-write": FLAG,
    "gid": COUNT,
    "mode": Option(pattern=r"0[0-7]{3}"),
    "uid": COUNT,
}
_FEATURES = {
    "force_rw_sys": FLAG,
    "fuse": FLAG,
    "keyctl": FLAG,
    "mknod": FLAG,
    "mount": Option(pattern=r"[a-zA-Z0-9_-]+(?:;[a-zA-Z0-9_-]+)*"),
    "nesting": FLAG,
}
# what a container's configuration may hold
CONFIG = {
    "arch": Option(enum=ARCHITECTURES),
    "cmode": Option(enum=("shell", "console", "tty")),
    "console": FLAG,
    "cores": Option(type="integer", least=1, most=8192),
    "cpulimit": Option(type="number", least=0, most=8192),
    "cpuunits": Option(type="integer", least=0, most=500000),
    "debug": FLAG,
    "description": Option(longest=8192),
    "entrypoint": Option(pattern=r"[^\x00-\x08\x0a-\x1f\x7f]+", since=OCI),
    "env": Option(
        pattern=r"\w+=[^\x00-\x08\x0a-\x1f\x7f]*(?:\x00\w+=[^\x00-\x08\x0a-\x1f\x7f]*)*", since=OCI
    ),
    "features": Option(properties=_FEATURES),
    "hookscript": Option(format="volume-id"),
    "hostname": Option(format="dns-name", longest=255),
    "lock": Option(enum=LOCKS),
    "memory": Option(type="integer", least=16),
    "nameserver": Option(format="ip-list"),
    "onboot": FLAG,
    "ostype": Option(enum=(*SYSTEMS, "unmanaged")),
    "protection": FLAG,
    "rootfs": Option(properties=_VOLUME, default_key="volume"),
    "searchdomain": Option(format="dns-name-list"),
    "startup": Option(format="startup-order"),
    "swap": COUNT,
    "tags": Option(format="tag-list"),
    "template": FLAG,
    "timezone": Option(format="ct-timezone"),
    "tty": Option(type="integer", least=0, most=6),
    "unprivileged": FLAG,
}
_SERIES = {
    "net": Option(properties=_NET),
    "mp": Option(properties=_MOUNT, default_key="volume"),
    "dev": Option(properties=_DEVICE, default_key="path"),
    "unused": Option(properties={"volume": Option(format="volume-id", optional=False)}, default_key="volume"),
}
CREATE = {
    "bwlimit": Option(type="number", least=0),
    "force": FLAG,
    "ha-managed": Option(type="boolean", since=(6, 0, 14)),
    "ignore-unpack-errors": FLAG,
    "password": Option(shortest=5),
    "pool": Option(format="poolid"),
    "restore": FLAG,
    "ssh-public-keys": Option(),
    "start": FLAG,
    "storage": NAME,
    "unique": FLAG,
}
SET = {"delete": Option(), "digest": Option(longest=40), "revert": Option()}
# these words of the configuration are numbers in JSON
NUMBERS = {name for name, option in CONFIG.items() if option.type in ("integer", "number", "boolean")}


@lru_cache(maxsize=8)
def config(version: tuple[int, ...]) -> dict[str, Option]:
    """All keys of a configuration that this pve-container knows, the numbered ones written out."""
    known = {name: option for name, option in CONFIG.items() if option.since <= version}
    for stem, count in INDEXED.items():
        series = _SERIES[stem]
        kept = {name: part for name, part in series.properties.items() if part.since <= version}
        option = Option(properties=kept, default_key=series.default_key)
        known.update({f"{stem}{number}": option for number in range(count)})
    kept = {name: part for name, part in _VOLUME.items() if part.since <= version}
    known["rootfs"] = Option(properties=kept, default_key="volume")
    return known


def options(version: tuple[int, ...], extra: dict[str, Option]) -> dict[str, Option]:
    """What ``create`` or ``set`` takes."""
    return {**config(version), **{name: option for name, option in extra.items() if option.since <= version}}
