# SPDX-License-Identifier: Apache-2.0
"""Situations that a recording alone shows: a configuration, a container's own program, figures."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from step_defs.replaying import evidence, setups
from step_defs.stand_ins.pve import storages

if TYPE_CHECKING:
    from step_defs.stand_ins.pve.state import State

Recording = dict[str, Any]
# what is said only for one cause
CAUSES = (
    (r"WARN: Systemd 257 detected", "ostype", "debian"),
    (r"Script exited with status 1$", "rootfs", "+,ro=1"),
    (r"Script exited with status 2$", "mp0", "/srv/gone,mp=/data"),
    (r"Script exited with status 9$", "mp0", "/srv/afile,mp=/data"),
    (r"^sync_wait: 34 .*expected sequence number 7", "entrypoint", "/nosuch"),
)
TOLD = (["pct", "exec"], ["pct", "list"], ["pvesm", "list"], ["pvesm", "status"], ["pveam", "remove"])
FACTS = re.compile(r"used in HA|refusing to override|volume '\S+' does not exist")
ROW = re.compile(r"(\w+:\S+) +(\w+|tar\.gz) +(\w+) +(\d+)")
SAMPLES = {
    "entrypoint": "/bin/sleep 1",
    "env": "A=1",
    "mp": "/srv/src1,mp=/data",
    "unused": "local:@/vm-@-disk-9.raw",
    "net": "name=eth9,bridge=vmbr0,hwaddr=BC:24:11:00:00:09,type=veth",
    "hostname": "name",
    "tags": "a",
    "description": "text",
    "nameserver": "1.1.1.1",
    "searchdomain": "lab.local",
    "timezone": "UTC",
    "startup": "order=1",
    "features": "nesting=1",
    "dev": "/dev/null",
    "memory": "512",
    "lock": "backup",
}
NOISE = re.compile(r"^vm \d+ - .*\n", re.MULTILINE)


def beliefs(recording: Recording, known: dict[str, str]) -> bool:
    """Change what is believed; whether there is something to learn at all."""
    argv = recording["argv"]
    learned = False
    for vmid, text in {**evidence.configurations(recording), **evidence.pending(recording)}.items():
        known[vmid] = text
        learned = True
    for vmid, name in evidence.names(recording).items():
        known[vmid] = evidence.with_option(known.get(vmid) or evidence.default(vmid), "hostname", name)
        learned = True
    for vmid, options in evidence.figures(recording).items():
        for key, value in options.items():
            known[vmid] = evidence.with_option(known.get(vmid) or evidence.default(vmid), key, value)
        learned = True
    lines = evidence.raw_lines(recording)
    for vmid in {vmid for vmid, _ in lines}:
        before = re.sub(r"^lxc\..*\n", "", known.get(vmid) or evidence.default(vmid), flags=re.MULTILINE)
        known[vmid] = before + "".join(f"{line}\n" for who, line in lines if who == vmid)
        learned = True
    vmid = setups.subject(recording)
    for pattern, key, value in CAUSES:
        if vmid and re.search(pattern, recording["stdout"] + recording["stderr"], re.MULTILINE):
            text = known.get(vmid) or evidence.default(vmid)
            found = re.search(rf"^{key}: ([^,\n]*)", text, re.MULTILINE)
            known[vmid] = evidence.with_option(
                text, key, f"{found[1]}{value[1:]}" if found and value[0] == "+" else value
            )
            learned = True
    if vmid and argv[:2] == ["pct", "set"] and recording["exit"] == 0:
        learned |= _had(recording, known, vmid)
    if argv[1:2] == ["start"] and recording["exit"] == 0 and vmid:
        _plain(known, vmid)
        learned = True
    return (
        learned
        or "extracting archive" in recording["stdout"]
        or bool(FACTS.search(recording["stderr"]))
        or argv[:2] in TOLD
    )


def _had(recording: Recording, known: dict[str, str], vmid: str) -> bool:
    """What was deleted without a word had been there."""
    argv = recording["argv"]
    names = [word for at, word in enumerate(argv) if argv[at - 1] == "--delete"]
    for name in re.split(r"[,; ]+", ",".join(names)):
        if name and f"cannot delete '{name}'" not in recording["stderr"]:
            stem = name.rstrip("0123456789")
            key = "lxc.environment.runtime" if name == "env" else name
            sample = SAMPLES.get(stem, "1").replace("@", vmid)
            known[vmid] = evidence.with_option(known.get(vmid) or evidence.default(vmid), key, sample)
    return bool(names)


def _plain(known: dict[str, str], vmid: str) -> None:
    """A container that starts without a word has nothing that could keep it from it."""
    text = known.get(vmid) or evidence.default(vmid)
    kept = re.findall(r"^(hostname|memory|swap|ostype|tags|unprivileged): (.*)$", text, re.MULTILINE)
    known[vmid] = evidence.default(vmid)
    for key, value in kept:
        known[vmid] = evidence.with_option(known[vmid], key, value)


def _archive(recording: Recording, state: State) -> None:
    """An archive that was unpacked was there, and what it held is in the words about it."""
    said = recording["stdout"]
    path = re.search(r"extracting archive '([^']+)'", said)
    total = re.search(r"Total bytes read: (\d+)", said)
    if not path or not total:
        return
    place = Path(state.host(path[1]))
    place.parent.mkdir(parents=True, exist_ok=True)
    place.touch()
    files = ["/bin/sh", "/bin/sleep", "/sbin/init", "/bin/true"]
    facts: dict[str, Any] = {"total": int(total[1]), "os": "alpine", "arch": "amd64", "files": files}
    if "autodetection failed" in said:
        facts.update(os="", arch="")
    if systemd := re.search(r"WARN: Systemd (\d+)", said):
        facts.update(os="debian", systemd=int(systemd[1]), ssh_keys="SSH host key" in said)
    state.save(archives={**state["archives"], place.name: facts})


def facts(recording: Recording, state: State) -> None:
    """What the programs in a container say and do."""
    argv = recording["argv"]
    if "used in HA" in recording["stderr"]:
        path = Path(state.etc) / "ha/resources.cfg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"ct: {setups.subject(recording)}\n")
    _archive(recording, state)
    for volid in re.findall(r"volume '(\S+:\S+)' does not exist", recording["stderr"]):
        Path(state.host(storages.volume_path(state, volid))).unlink(missing_ok=True)
    for name in re.findall(r"refusing to override existing file '([^'/]+)'", recording["stderr"]):
        _touch(state, f"local:vztmpl/{name}", 0)
    if argv[:2] == ["pveam", "remove"] and recording["exit"] == 0:
        _touch(state, argv[2], 0)
    if argv[:2] == ["pvesm", "list"]:
        _volumes(recording, state)
    if argv[:2] == ["pvesm", "status"]:
        _storages(recording, state)
    if argv[:2] == ["pct", "list"]:
        _states(recording, state)
    if argv[:2] == ["pct", "exec"]:
        words = argv[argv.index("--") + 1 :] if "--" in argv else argv[3:]
        program = {"argv": words, "exit": recording["exit"], "stdout": recording["stdout"]}
        program["stderr"] = NOISE.sub("", recording["stderr"])
        state.save(programs=[program])


def _touch(state: State, volid: str, size: int) -> None:
    path = Path(state.host(storages.volume_path(state, volid)))
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.name.endswith(".subvol"):
        path.mkdir(exist_ok=True)
    else:
        path.touch()
        os.truncate(path, size)


def _volumes(recording: Recording, state: State) -> None:
    """A storage holds what was listed, and no other disks."""
    base = Path(state.host(storages.get(state, recording["argv"][2]).path)) / "images"
    if "--content" not in recording["argv"]:
        shutil.rmtree(base, ignore_errors=True)
    for volid, _, _, size in ROW.findall(recording["stdout"]):
        _touch(state, volid, int(size))


def _storages(recording: Recording, state: State) -> None:
    """Which storages there are, and which are active."""
    known = storages.everything(state)
    for name, kind, word in re.findall(
        r"^(\w+) +(\w+) +(active|inactive|disabled) ", recording["stdout"], re.MULTILINE
    ):
        one = known.setdefault(name, storages.Storage(name, kind, {"path": f"/srv/{name}"}, f"/srv/{name}"))
        if word == "active":
            one.settings.pop("nodes", None)
            one.settings.pop("disable", None)
            Path(state.host(one.path)).mkdir(parents=True, exist_ok=True)
        elif word == "disabled":
            one.settings["disable"] = ""
    storages.save(state, known)


def _states(recording: Recording, state: State) -> None:
    """Who ran at the moment of a list: others were starting and stopping meanwhile."""
    shown = re.findall(r"^(\d+) +(running|stopped) ", recording["stdout"], re.MULTILINE)
    racing = re.findall(r"^unable to get PID for CT (\d+)", recording["stderr"], re.MULTILINE)
    reset = set(re.findall(r"^lxc-info: (\d+):", recording["stderr"], re.MULTILINE))
    state.save(racing={vmid: "reset" if vmid in reset else "gone" for vmid in racing})
    for vmid, status in shown:
        if not Path(state.path(vmid)).exists():
            Path(state.path(vmid)).write_text(evidence.default(vmid))
        state.set_run(vmid, {"pid": 4711, "since": 0} if status == "running" else {})
