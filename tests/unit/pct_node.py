"""A node of Proxmox VE on paper: /etc/pve in a directory, and answers in the place of its tools."""

import contextlib
import json
from urllib.parse import quote

from nexcage.drivers.pct import node
from nexcage.host import process
from nexcage.host.process import Completed

# what Proxmox VE encodes in the description of a configuration (PVE/Tools.pm, encode_text)
KEPT = "".join(chr(c) for c in range(32, 127) if chr(c) not in ":%")


def described(text):
    """A description as lines of a configuration."""
    return "".join(f"#{quote(line, safe=KEPT)}\n" for line in text.split("\n"))


@contextlib.contextmanager
def replaced(module, **values):
    """Other values for a while; unlike a fixture, anew for each example of a property."""
    before = {name: getattr(module, name) for name in values}
    for name, value in values.items():
        setattr(module, name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(module, name, value)


class Etc:
    """The cluster's files."""

    def __init__(self, place, name="pve"):
        self.place = place
        self.name = name
        (place / f"nodes/{name}/lxc").mkdir(parents=True)
        (place / "local").symlink_to(f"nodes/{name}")
        (place / "lxc").symlink_to(f"nodes/{name}/lxc")

    def conf(self, vmid, text, on=""):
        """A container's configuration."""
        path = self.place / f"nodes/{on or self.name}/lxc/{vmid}.conf"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def machine(self, vmid, on=""):
        """A virtual machine's."""
        path = self.place / f"nodes/{on or self.name}/qemu-server/{vmid}.conf"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("cores: 1\n")

    def members(self, **cluster):
        """What the cluster says of itself."""
        (self.place / ".members").write_text(json.dumps({"nodename": self.name, "cluster": cluster}))


def at(monkeypatch, place):
    """A node there, for one test."""
    made = Etc(place / "etc")
    monkeypatch.setattr(node, "ETC", str(made.place))
    return made


def answers(monkeypatch, stdout="", stderr="", status=0):
    """Every program says this; returns the list of their command lines."""
    calls = []

    def run(argv, **_):
        calls.append(argv)
        return Completed(argv, status, stdout, stderr)

    monkeypatch.setattr(process, "run", run)
    monkeypatch.setattr(process, "which", lambda name, *_: f"/usr/bin/{name}")
    return calls
