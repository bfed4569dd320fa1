# SPDX-License-Identifier: Apache-2.0
"""The versions a stand-in can be: pve-container decides what pct knows, pveversion tells the others."""

from __future__ import annotations

from typing import NamedTuple

Version = tuple[int, ...]


class Release(NamedTuple):
    """One Proxmox VE: packages as ``pveversion -v`` names them, and the kernel."""

    packages: dict[str, str]
    repository: str
    kernel: str

    def of(self, package: str) -> Version:
        """The version of a package in numbers."""
        return tuple(int(part) for part in self.packages[package].split("-")[0].split("."))


def _release(manager: str, container: str, storage: str, lxc: str, repository: str, kernel: str) -> Release:
    series = manager.split(".", maxsplit=1)[0]
    packages = {
        "proxmox-ve": f"{series}.{manager.split('.')[1]}.0",
        "pve-manager": manager,
        "criu": "4.1.1-1",
        "libpve-storage-perl": storage,
        "lxc-pve": lxc,
        "lxcfs": "6.0.4-pve1",
        "pve-cluster": f"{series}.1.6" if series == "9" else "8.1.2",
        "pve-container": container,
        "pve-qemu-kvm": "10.1.2-1",
        "qemu-server": f"{series}.1.0",
    }
    return Release(packages, repository, kernel)


RELEASES = {
    "8.4": _release("8.4.14", "5.3.5", "8.3.7", "6.0.0-1", "b502d23c55afcba1", "6.8.12-15-pve"),
    "9.0": _release("9.0.11", "6.0.9", "9.0.13", "6.0.4-2", "3bf5476b8a4699e2", "6.14.11-3-pve"),
    "9.1": _release("9.1.1", "6.0.18", "9.1.0", "6.0.5-3", "42db4a6cf33dac83", "6.17.2-1-pve"),
    "now": _release("9.2.11", "6.1.10", "9.1.7", "6.0.5-4", "14a22df35955d97d", "6.18.44-1-pve"),
}
# what came when, as versions of pve-container
UNPRIVILEGED_DEFAULT: Version = (6, 0, 6)
OCI: Version = (6, 0, 15)
NESTING_WARNING: Version = (6, 0, 19)
OCI_USER: Version = (6, 1, 0)
CLONE_SAYS: Version = (6, 1, 3)
CGROUP_DEPRECATED: Version = (6, 1, 6)
IDMAP: Version = (6, 1, 6)
