"""Requests for the translation to pct, on a node that is made up."""

from nexcage.drivers.pct.parse import Version
from nexcage.drivers.pct.translate import Request, translate
from nexcage.drivers.pct.translate.look import Look

VERSIONS = {
    "8.4": Version({"pve-manager": "8.4.1", "pve-container": "5.3.5"}),
    "9.0": Version({"pve-manager": "9.0.3", "pve-container": "6.0.9"}),
    "9.1": Version({"pve-manager": "9.1.1", "pve-container": "6.0.18"}),
    "now": Version({"pve-manager": "9.2.11", "pve-container": "6.1.10"}),
}


class Node(Look):
    """A node without files: what is not named is a directory on ext4."""

    def __init__(self, **facts):
        self.files = facts.get("files", ())
        self.absent = facts.get("absent", ())
        self.devices = facts.get("devices", {})
        self.bridges = facts.get("bridges", ())
        self.systems = facts.get("systems", {})
        self.links = facts.get("links", {})
        self.busy = facts.get("busy", ())
        self.allowed = facts.get("allowed")

    def kind(self, path):
        if path in self.absent or ":" in path:
            return ""
        return "file" if path in self.files else "dir"

    def device(self, path):
        return self.devices.get(path)

    def file_system(self, path):
        return self.systems.get(path, "ext4")

    def has_mounts_below(self, path):
        return path in self.busy

    def is_bridge(self, name):
        return name in self.bridges

    def subordinates(self, kind):  # noqa: ARG002
        return self.allowed

    def resolved(self, rootfs, path):  # noqa: ARG002
        return self.links.get(path, path)


def bare(**more):
    """The least config that can run."""
    if "linux" in more:
        kinds = ("pid", "network", "ipc", "uts", "mount")
        more["linux"] = {"namespaces": [{"type": kind} for kind in kinds], **more["linux"]}
    return {
        "ociVersion": "1.3.0",
        "root": {"path": "rootfs"},
        "process": {"args": ["sh"], "cwd": "/"},
        **more,
    }


def request(config=None, *, version="now", look=None, **more):
    more = {"id": "web", "bundle": "/b", "rootfs": "/b/rootfs", "home": "/run/home", **more}
    return Request(
        bare() if config is None else config, version=VERSIONS[version], look=look or Node(), **more
    )


def translated(config=None, **more):
    return translate(request(config, **more))


def resources(**values):
    return bare(linux={"resources": values})


def capabilities(*names):
    return {name: list(names) for name in ("bounding", "effective", "permitted")}
