# SPDX-License-Identifier: Apache-2.0
"""The node on which the recordings were made, and the state of its guests before one of them."""

from __future__ import annotations

import json
import os
import re
import shutil
import time
from pathlib import Path
from typing import Any, NamedTuple

from step_defs.replaying import evidence, setups
from step_defs.stand_ins.pve.conf import Conf
from step_defs.stand_ins.pve.engine import trees
from step_defs.stand_ins.pve.refusals import Died
from step_defs.stand_ins.pve.state import State
from step_defs.stand_ins.pve.tables.versions import RELEASES

LAB = Path(__file__).resolve().parents[2] / "tests/data/pve/lab.json"
Recording = dict[str, Any]
VERSIONS = {release.packages["pve-container"]: name for name, release in RELEASES.items()}
ELF = b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x03\x00\x3e\x00"  # of a program for amd64
OTHER = re.compile(r"CT (\d+) (?:lives )?on node (\w+)")


class Carried(NamedTuple):
    """What calls before left beside guests: storages, and volumes that no container owns."""

    storages: str
    volumes: list[tuple[Path, int]]


class Situation:
    """A cluster in a directory, built anew before each recording."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.root = home / "root"
        self.lab: dict[str, Any] = json.loads(LAB.read_text(encoding="utf-8"))
        self._skeleton()

    def _skeleton(self) -> None:
        for path, system in self.lab["directories"].items():
            self._tree(self.root / path[1:], system)
        for path, facts in self.lab["files"].items():
            self._file(path, facts["size"])
        for path, status in self.lab["scripts"].items():
            self._file(path, 0).write_text(f"#!/bin/sh\nexit {status}\n")
            (self.root / path[1:]).chmod(0o755)
        for settings in self.lab["storages"].values():
            (self.root / settings["path"][1:]).mkdir(parents=True, exist_ok=True)

    def _file(self, path: str, size: int) -> Path:
        place = self.root / path[1:]
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch()
        os.truncate(place, size)
        return place

    def _tree(self, place: Path, system: str) -> None:
        place.mkdir(parents=True, exist_ok=True)
        for name in self.lab["trees"][system]:
            path = place / name[1:]
            if name.endswith("/"):
                path.mkdir(parents=True, exist_ok=True)
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(ELF if name == "/bin/sh" else b"")
            path.chmod(0o644 if name.startswith("/etc/hosts") else 0o755)

    def build(self, recording: Recording, beliefs: dict[str, str], carried: Carried | None = None) -> State:
        """Make it so; ``beliefs`` are the configurations of guests as far as they are known."""
        self._clean()
        shown: dict[str, str] = recording.get("guests_before") or {}
        state = State(str(self.home))
        archives = {os.path.basename(name): facts for name, facts in self.lab["archives"].items()}
        archives |= {
            os.path.basename(name): facts for name, facts in self.lab["files"].items() if "total" in facts
        }
        state.save(
            root=str(self.root),
            archives=archives,
            version=VERSIONS.get(recording.get("pve_container", ""), "now"),
            lock_patience=0.0,
            quorum=True,
            pmxcfs=True,
            uid=0,
            programs=[],
            systemd={"debian": 257},
            nodes={},
            apparmor="AppArmor" not in recording.get("lab_note", ""),
            stale=None,
            skopeo=True,
            index=True,
            clustered=False,
            racing={},
        )
        self._storages(state)
        if carried is not None:
            (Path(state.etc) / "storage.cfg").write_text(carried.storages)
            for path, size in carried.volumes:
                self.disk(path, size)
        for vmid, text in shown.items():
            self._guest(state, vmid, text, beliefs.get(vmid))
        for vmid, node in OTHER.findall(recording["setup"]):
            path = Path(state.path(vmid, node))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("hostname: far\n")
        setups.apply(self, state, recording)
        return state

    @staticmethod
    def disk(path: Path, size: int) -> None:
        """An image, or a directory volume."""
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.name.endswith(".subvol"):
            path.mkdir(exist_ok=True)
            return
        path.touch()
        os.truncate(path, size)

    def left(self, state: State) -> Carried:
        """What a call left."""
        owned = set(map(str, state.containers()))
        found = []
        for settings in self.lab["storages"].values():
            disks = (self.root / settings["path"][1:] / "images").glob("*/[!.]*")
            free = [path for path in disks if path.parent.name not in owned]
            found += [(path, 0 if path.is_dir() else path.stat().st_size) for path in free]
        return Carried((Path(state.etc) / "storage.cfg").read_text(), found)

    def _clean(self) -> None:
        for name in ("etc", "run", "tasks.jsonl", "cluster.json"):
            path = self.home / name
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        for settings in self.lab["storages"].values():
            for name in ("images", "template", "dump", "snippets"):
                shutil.rmtree(self.root / settings["path"][1:] / name, ignore_errors=True)

    def _storages(self, state: State) -> None:
        blocks = []
        for name, settings in self.lab["storages"].items():
            blocks.append(
                f"dir: {name}\n"
                + "".join(f"\t{key} {value}".rstrip() + "\n" for key, value in settings.items())
            )
        path = Path(state.etc) / "storage.cfg"
        path.parent.mkdir(parents=True)
        path.write_text("\n".join(blocks))
        (Path(state.etc) / "nodes/pve/lxc").mkdir(parents=True)
        directories = {"vztmpl": "template/cache", "backup": "dump"}
        for name, facts in self.lab["archives"].items():
            kind, _, file = name.partition("/")
            self._file(f"/var/lib/vz/{directories[kind]}/{file}", facts["size"])

    def _guest(self, state: State, vmid: str, text: str, belief: str | None) -> None:
        if text.startswith("VM"):
            path = Path(state.etc) / f"nodes/pve/qemu-server/{vmid}.conf"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"name: vm{vmid}\nmemory: 64\ncores: 1\n")
            return
        belief = belief or evidence.default(vmid)
        said = dict(re.findall(r"(lock|template|protection): ([\w-]+)", text))
        kept = re.sub(r"^(?:lock|template|protection): .*\n", "", belief, flags=re.MULTILINE)
        if text.startswith("running"):
            # what a running container would end with at once is what it has not started with
            kept = re.sub(
                r"^(entrypoint: /bin/(?:true|false)\n)(.*)",
                r"\2\n[pve:pending]\n\1",
                kept,
                flags=re.MULTILINE | re.DOTALL,
            )
        Path(state.path(vmid)).write_text("".join(f"{key}: {value}\n" for key, value in said.items()) + kept)
        self.volumes(state, Conf.parse(kept, vmid, state.version))
        if text.startswith("running"):
            state.set_run(vmid, {"pid": 4711, "since": time.time()})

    def volumes(self, state: State, conf: Conf) -> None:
        """What the configuration refers to is there."""
        for key, value in conf.options.items():
            if re.fullmatch(r"rootfs|mp\d+|unused\d+", key) and not value.startswith("/"):
                try:
                    parts = trees.parts(state, key, value)
                    tree = Path(trees.of_volume(state, parts["volume"]))
                except Died:
                    continue
                system = conf.get("ostype") if key == "rootfs" else ""
                self._tree(tree, system if system in self.lab["trees"] else "alpine")
                if tree.name.startswith("."):
                    image = tree.parent / tree.name.removeprefix(".").removesuffix(".tree")
                    image.touch()
                    os.truncate(image, evidence.size(parts.get("size", "0")))
