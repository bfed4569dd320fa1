# SPDX-License-Identifier: Apache-2.0
"""What a scenario says to a stand-in cluster: make it, put guests and faults in, ask what was called."""

from __future__ import annotations

import contextlib
import fcntl
import io
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from step_defs.stand_ins import tools
from step_defs.stand_ins.pve import faults, members, storages
from step_defs.stand_ins.pve.call import Call
from step_defs.stand_ins.pve.conf import Conf
from step_defs.stand_ins.pve.engine import cgroups, chosen
from step_defs.stand_ins.pve.state import PLACE, State, write

if TYPE_CHECKING:
    from collections.abc import Iterator

BIN = Path(__file__).resolve().parent / "bin"
EVERYTHING = "images,rootdir,vztmpl,iso,backup,snippets"
LXC_TOOLS = ("lxc-start", "lxc-stop", "lxc-attach", "lxc-info", "lxc-wait")


def lxc_missing() -> str:
    """Why containers cannot run for real here, "" when they can."""
    if os.geteuid() != 0:
        return "not root"
    lacking = [tool for tool in LXC_TOOLS if shutil.which(tool, path="/usr/bin:/bin") is None]
    return f"{lacking[0]} is not installed (apt-get install lxc)" if lacking else ""


class Cluster:
    """A node ``pve`` with the storage ``local``, and perhaps others, in a directory."""

    def __init__(self, directory: str | os.PathLike[str]) -> None:
        self.home = Path(directory)

    @classmethod
    def make(cls, directory: str | os.PathLike[str], version: str = "9.1", **settings: Any) -> Cluster:
        """A new one. ``containers="model"`` runs nothing; without it LXC runs them where it is installed."""
        cluster = cls(directory)
        cluster.home.mkdir(parents=True, exist_ok=True)
        cluster.home.chmod(0o711)  # root of an unprivileged container walks through
        settings.setdefault("containers", "model" if lxc_missing() else "lxc")
        cluster.state.save(version=version, **settings)
        (cluster.etc / f"nodes/{cluster.state.node}/lxc").mkdir(parents=True)
        (cluster.etc / f"nodes/{cluster.state.node}/qemu-server").mkdir()
        for name in ("", "lxc", "qemu-server"):
            (cluster.etc / (name or "local")).symlink_to(f"nodes/{cluster.state.node}/{name}".rstrip("/"))
        cluster.storage("local")
        (cluster.home / "run/lock/lxc").mkdir(parents=True)
        tools.write(cluster.home / "bin", [tool.name for tool in BIN.iterdir()], "pve.entry", cluster.home)
        members.refresh(cluster.state)
        return cluster

    @property
    def state(self) -> State:
        """As it is now."""
        return State(str(self.home))

    @property
    def etc(self) -> Path:
        """What /etc/pve is on a node."""
        return self.home / "etc/pve"

    def environment(self) -> dict[str, str]:
        """The variables with which the tools are found, and find the cluster."""
        return {"PATH": f"{self.home / 'bin'}:{os.environ.get('PATH', os.defpath)}", PLACE: str(self.home)}

    def run(self, *argv: str, input: str = "", timeout: float = 120) -> subprocess.CompletedProcess[str]:
        """Call a tool."""
        environment = {**os.environ, **self.environment()}
        return subprocess.run(
            [str(self.home / "bin" / argv[0]), *argv[1:]],
            env=environment,
            input=input,
            capture_output=True,
            text=True,
            check=False,
            timeout=timeout,
        )

    def set(self, **settings: Any) -> None:
        """Change the cluster: quorum, pmxcfs, delay (seconds per call), staleness (seconds), bridges, ..."""
        self.state.save(**settings)
        members.refresh(self.state)

    def storage(self, name: str, content: str = EVERYTHING, **settings: str) -> Path:
        """A storage below the cluster's directory, of ``type`` dir or btrfs; full at ``size="30M"``."""
        known = storages.everything(self.state)
        path = self.home / "storage" / name
        for directory in ("images", "template/cache", "template/iso", "dump", "snippets"):
            (path / directory).mkdir(parents=True, exist_ok=True)
        from step_defs.stand_ins.pve.disks import size_of

        if "size" in settings:
            settings["x-size"] = str(size_of(settings.pop("size")))
        known[name] = storages.Storage(
            name, settings.pop("type", "dir"), {"path": str(path), "content": content, **settings}, str(path)
        )
        storages.save(self.state, known)
        return path

    def template(self, file: str | os.PathLike[str], storage: str = "local") -> str:
        """Put an archive into a storage; its volume."""
        target = self.home / "storage" / storage / "template/cache" / Path(file).name
        shutil.copyfile(file, target)
        return f"{storage}:vztmpl/{target.name}"

    def guest(self, vmid: int, kind: str = "lxc", node: str = "", **options: str) -> None:
        """A guest that is there already, on this node or another one; ``kind`` may be ``qemu``."""
        where = "lxc" if kind == "lxc" else "qemu-server"
        node = node or self.state.node
        defaults = {
            "arch": "amd64",
            "hostname": f"CT{vmid}",
            "memory": "512",
            "ostype": "alpine",
            "swap": "512",
        }
        if kind != "lxc":
            defaults = {"name": f"vm{vmid}", "memory": "512", "cores": "1"}
        elif "rootfs" not in options:
            defaults["rootfs"] = f"local:{vmid}/subvol-{vmid}-disk-0.subvol"
            (self.home / f"storage/local/images/{vmid}/subvol-{vmid}-disk-0.subvol").mkdir(
                parents=True, exist_ok=True
            )
        write(str(self.etc / f"nodes/{node}/{where}/{vmid}.conf"), Conf({**defaults, **options}).text())
        if node != self.state.node:
            self.state.save(nodes={**self.state["nodes"], node: {}})
        members.refresh(self.state)

    def conf(self, vmid: int) -> Conf:
        """A container's configuration."""
        found: Conf = self.state.conf(vmid)
        return found

    def guests(self) -> dict[int, tuple[str, str]]:
        """VMID → (lxc or qemu, node)."""
        return self.state.guests()

    def pid(self, vmid: int) -> int:
        """The host's pid of PID 1, 0 when it does not run."""
        return chosen(self.state).pid(vmid)

    def fault(
        self,
        tool: str,
        subcommand: str = "",
        *,
        text: str = "",
        stdout: str = "",
        exit: int = 255,
        hang: float = 0,
        kill: bool = False,
        middle: bool = False,
        times: int | None = 1,
    ) -> None:
        """The next call fails (``times=None``: each). ``middle``: in the midst of a create, disks made."""
        words = subcommand.split()
        faults.add(
            str(self.home),
            {
                "tool": tool,
                "words": words,
                "text": text,
                "stdout": stdout,
                "exit": exit,
                "hang": hang,
                "kill": kill,
                "middle": middle,
                "times": times,
            },
        )

    def lock(self, vmid: int, kind: str) -> None:
        """Somebody works on it: backup, create, migrate, ...; "" for nobody."""
        self.change(vmid, lock=kind)

    def change(self, vmid: int, **options: str) -> None:
        """Somebody changes its configuration; "" takes an option out."""
        conf = self.conf(vmid)
        for name, value in options.items():
            conf.options.pop(name, None)
            if value:
                conf.options[name] = value
        write(self.state.path(vmid), conf.text())

    @contextlib.contextmanager
    def busy(self, vmid: int) -> Iterator[IO[str]]:
        """Somebody holds the lock file of its configuration."""
        path = self.home / f"run/lock/lxc/pve-config-{vmid}.lock"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file

    def calls(self) -> list[dict[str, Any]]:
        """Each call: argv, time, pid."""
        try:
            text = (self.home / "calls.jsonl").read_text(encoding="utf-8")
        except FileNotFoundError:
            return []
        return [json.loads(line) for line in text.splitlines()]

    def volumes(self) -> list[str]:
        """The disks in all storages."""
        state = self.state
        found = [
            one for storage in storages.everything(state).values() for one in storages.listed(state, storage)
        ]
        return sorted(one.volid for one in found if one.content in ("images", "rootdir"))

    def end(self) -> None:
        """Stop all that runs, whatever was done to the cluster; nothing stays but files."""
        state = self.state
        engine = chosen(state)
        call = Call("pct", state, engine, (io.BytesIO(), io.BytesIO(), io.BytesIO()))
        started = [int(name) for name in storages.names(str(self.home / "lxc")) if name.isdigit()]
        for vmid in {*state.containers(), *started}:
            if engine.pid(vmid):
                engine.stop(call, vmid)
            engine.unmount(call, vmid)
            if state["containers"] == "lxc":
                cgroups.remove(vmid)
        if state["containers"] == "lxc":
            cgroups.tidy()
