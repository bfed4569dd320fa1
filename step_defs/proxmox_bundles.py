# SPDX-License-Identifier: Apache-2.0
"""Bundles for a Proxmox VE node: it names cgroups itself, and nexcage warns of a config.json that does."""

from __future__ import annotations

from typing import Any

from step_defs.bundle_store import Bundle, BundleStore


class NodeBundleStore(BundleStore):
    """As any, but config.json names no cgroup unless a step says so."""

    def render(self, name: str, template: str, **values: Any) -> Bundle:
        """Without the cgroup of the template."""
        return _nameless(super().render(name, template, **values))

    def for_container(self, id_: str) -> Bundle:
        """A copy names none where the original does not."""
        named = "cgroupsPath" in self.current.read().get("linux", {})
        bundle = super().for_container(id_)
        return bundle if named else _nameless(bundle)


def _nameless(bundle: Bundle) -> Bundle:
    document = bundle.read()
    if "linux" in document and document["linux"].pop("cgroupsPath", None) is not None:
        bundle.write(document)
    return bundle


class LxcBundle(Bundle):
    """The bundle of a container of a node: its cgroup is named by the VMID."""

    def __init__(self, bundle: Bundle, vmid: int) -> None:
        super().__init__(bundle.name, bundle.dir)
        self.vmid = vmid

    @property
    def cgroup(self) -> str:
        """Where LXC puts it (PVE/LXC.pm, update_lxc_config)."""
        return f"/lxc/{self.vmid}"
