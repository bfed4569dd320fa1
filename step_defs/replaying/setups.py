# SPDX-License-Identifier: Apache-2.0
"""The words in which recordings tell their situation, and what each means for the cluster."""

from __future__ import annotations

import fcntl
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from step_defs.stand_ins.pve import storages

if TYPE_CHECKING:
    from step_defs.replaying.situation import Situation
    from step_defs.stand_ins.pve.conf import Conf
    from step_defs.stand_ins.pve.state import State

Recording = dict[str, Any]
Change = Callable[["State", Recording, re.Match[str]], None]
HELD: list[Any] = []


def subject(recording: Recording) -> str:
    """The VMID that a call is about."""
    found = re.search(r"(?:^|/lxc/)(\d{3,})(?:/|$)", " /".join(recording["argv"][2:3]))
    return found[1] if found else ""


def apply(situation: Situation, state: State, recording: Recording) -> None:
    """Change the cluster as the words say."""
    for handle in HELD:
        handle.close()
    HELD.clear()
    text = recording["setup"]
    for pattern, change in PHRASES:
        found = re.search(pattern, text)
        if found:
            change(state, recording, found)
    wrapper = recording.get("wrapper")
    if wrapper and "--reuid" in " ".join(wrapper):
        state.save(uid=65534)
    lines = re.match(r"CT (\d+), conf lines: (.*)", text)
    if lines:
        path = Path(state.path(lines[1]))
        if path.exists():
            kept = [line for line in path.read_text().splitlines() if not line.startswith("lxc.")]
            path.write_text("\n".join([*kept, *lines[2].split(" | ")]) + "\n")


ACTING = ("start", "stop", "shutdown", "reboot")


def _acts(state: State, recording: Recording) -> bool:
    """Whether the call does something with a container: what it prints of it is known better otherwise."""
    return (
        recording["argv"][1:2]
        and recording["argv"][1] in ACTING
        and Path(state.path(subject(recording))).exists()
    )


def _option(key: str, value: str) -> Change:
    """The subject has an option: ``@`` is its VMID, ``{1}`` a group of the phrase, ``+`` adds to what is."""

    def change(state: State, recording: Recording, found: re.Match[str]) -> None:
        vmid = subject(recording)
        if _acts(state, recording):
            conf = state.conf(vmid)
            text = value.replace("@", vmid).replace("{1}", found[1] if found.re.groups else "")
            conf.options[key] = conf.get(key).split(",")[0] + text[1:] if text.startswith("+") else text
            _store(state, vmid, conf)

    return change


def _mounts(**points: str) -> Change:
    """The subject has these mount points and no others."""

    def change(state: State, recording: Recording, _found: re.Match[str]) -> None:
        vmid = subject(recording)
        if _acts(state, recording):
            conf = state.conf(vmid)
            conf.options = {
                key: one for key, one in conf.options.items() if not re.fullmatch(r"mp\d+", key)
            } | points
            _store(state, vmid, conf)

    return change


def _raw(key: str, value: str) -> Change:
    def change(state: State, recording: Recording, _found: re.Match[str]) -> None:
        vmid = subject(recording)
        if _acts(state, recording):
            conf = state.conf(vmid)
            conf.raw = [pair for pair in conf.raw if pair[0] != key] + [(key, value)]
            _store(state, vmid, conf)

    return change


def _store(state: State, vmid: str, conf: Conf) -> None:
    Path(state.path(vmid)).write_text(conf.text(), encoding="utf-8")


def _settings(**changed: Any) -> Change:
    return lambda state, _recording, _found: state.save(**changed)


def _held(state: State, recording: Recording, _found: re.Match[str]) -> None:
    path = Path(state.home) / f"run/lock/lxc/pve-config-{subject(recording)}.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = path.open("w")
    fcntl.flock(handle, fcntl.LOCK_EX)
    HELD.append(handle)


def _high_availability(state: State, _recording: Recording, found: re.Match[str]) -> None:
    path = Path(state.etc) / "ha/resources.cfg"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"ct: {found[1]}\n")


def _lost(state: State, recording: Recording, _found: re.Match[str]) -> None:
    """The root volume's file is gone."""
    conf = state.conf(subject(recording))
    path = Path(state.host(storages.volume_path(state, conf.get("rootfs").split(",")[0])))
    path.unlink(missing_ok=True)


def _renamed(state: State, recording: Recording, _found: re.Match[str]) -> None:
    _option("rootfs", "/srv/gone/rootfs")(state, recording, _found)


def _next_id(state: State, _recording: Recording, found: re.Match[str]) -> None:
    (Path(state.etc) / "datacenter.cfg").write_text(f"next-id: lower={found[1]},upper={found[2]}\n")


def _volume(*volids: str) -> Change:
    def change(state: State, _recording: Recording, _found: re.Match[str]) -> None:
        for volid in volids:
            size = 67108864 if volid.startswith("tiny") else 8388608
            path = Path(state.host(storages.volume_path(state, volid)))
            path.parent.mkdir(parents=True, exist_ok=True)
            if volid.endswith(".subvol"):
                path.mkdir(exist_ok=True)
            else:
                path.touch()
                with path.open("ab") as file:
                    file.truncate(size)

    return change


def _own_volume(state: State, recording: Recording, found: re.Match[str]) -> None:
    """The volume that the call names exists."""
    argv = recording["argv"]
    if argv[0] == "pvesm" and argv[1] == "alloc":
        _volume(f"{argv[2]}:{argv[3]}/{argv[4]}")(state, recording, found)
    elif "--filename" in argv:
        name = f"{argv[argv.index('--vmid') + 1]}/{argv[argv.index('--filename') + 1]}"
        _volume(f"local:{name}")(state, recording, found)


def _storage(name: str, **changed: str) -> Change:
    def change(state: State, _recording: Recording, _found: re.Match[str]) -> None:
        found = storages.everything(state)
        found[name].settings.update(changed)
        storages.save(state, found)

    return change


def _file(path: str) -> Change:
    def change(state: State, _recording: Recording, _found: re.Match[str]) -> None:
        place = Path(state.host(path))
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch()

    return change


def _orphan(state: State, recording: Recording, _found: re.Match[str]) -> None:
    found = re.search(r"unreferenced volume '(\S+)'", recording["stdout"])
    if found:
        path = Path(state.host(storages.volume_path(state, found[1])))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


SIGNALS = "/bin/sh -c 'trap \"\" TERM; while :; do sleep 1; done'"
LAB_NETWORK = "name=eth0,bridge=vmbr0,hwaddr=BC:24:11:00:00:02,ip=10.99.0.121/24,mtu=9000,type=veth"
VOLUMES = (
    "data:900/foo.raw",
    "data:900/subvol-900-disk-0.subvol",
    "data:900/subvol-900-disk-1.subvol",
    "data:900/vm-900-disk-0.raw",
    "data:900/vm-900-disk-1.raw",
    "data:900/vm-901-disk-0.raw",
    "tiny:900/vm-900-disk-0.raw",
)
PHRASES: tuple[tuple[str, Change], ...] = (
    (r"pmxcfs\)? stopped", _settings(pmxcfs=False)),
    (r"without quorum", _settings(quorum=False, clustered=True, stale="created")),
    (r"not root|uid 65534", _settings(uid=65534)),
    (r"config lock file held", _held),
    (r"CT (\d+) is an HA resource", _high_availability),
    (r"mtu too big", _option("net0", LAB_NETWORK)),
    (r"bind source missing", _option("mp0", "/nonexistent,mp=/x")),
    (r"source of mp0 was removed", _option("mp0", "/srv/gone,mp=/data")),
    (r"CT \d+ on (/srv/\w+/rootfs)", _option("rootfs", "{1}")),
    (r"(/srv/\w+/rootfs) owned by uid \d+, ostype unmanaged", _option("rootfs", "{1}")),
    (r"owned by uid \d+, ostype (unmanaged)", _option("ostype", "{1}")),
    (r"ostype unmanaged, rootfs ro=1", _option("rootfs", "+,ro=1")),
    (r"ostype unmanaged, idmap=passthrough", _option("rootfs", "+,idmap=passthrough")),
    (r"mp0 rw, mp1 ro", _mounts(mp0="/srv/src1,mp=/data", mp1="/srv/src2,mp=/data2,ro=1")),
    (r"mp0 with idmap=passthrough of (/srv/\w+)", _mounts(mp0="/srv/src3,mp=/data,idmap=passthrough")),
    (r"mp3 source is a regular file", _mounts(mp0="/srv/src1,mp=/data", mp3="/srv/afile,mp=/etc/afile")),
    (r"mp volume missing", _option("mp0", "local:@/vm-@-disk-9.raw,mp=/x")),
    (r"rootfs volume missing", _lost),
    (r"rootfs directory renamed", _renamed),
    (r"^rootfs ro=1", _option("rootfs", "+,ro=1")),
    (r"(?<!un)privileged CT", _option("unprivileged", "0")),
    (r"privileged CT with idmap=passthrough", _option("rootfs", "+,idmap=passthrough")),
    (r"dev0 missing", _option("dev0", "/dev/nosuch")),
    (r"entrypoint missing in the rootfs", _option("entrypoint", "/nosuch")),
    (
        r"bridge missing|missing bridge$",
        _option("net0", "name=eth0,bridge=nosuch0,hwaddr=BC:24:11:00:00:02,type=veth"),
    ),
    (r"PID 1 ignores TERM", _option("entrypoint", SIGNALS)),
    (r"/bin/sleep(?: \d+)? as PID 1", _option("entrypoint", "/bin/sleep 1000")),
    (
        r"PID 1 exits on TERM",
        _option("entrypoint", "/bin/sh -c 'trap \"exit 9\" TERM; while :; do sleep 1; done'"),
    ),
    (
        r"lxc\.signal\.halt: (SIG\w+)",
        lambda state, recording, found: _raw("lxc.signal.halt", found[1])(state, recording, found),
    ),
    (r"next-id: lower=(\d+),upper=(\d+)", _next_id),
    (r"volumes of guest 900", _volume(*VOLUMES)),
    (r"the volume exists", _own_volume),
    (r"data disabled", _storage("data", disable="")),
    (r"data limited to another node", _storage("data", nodes="other")),
    (r"skopeo not installed", _settings(skopeo=False)),
    (r"no index file", _settings(index=False)),
    (r"orphan volume", _orphan),
    (r"the file exists from the pull", _file("/var/lib/vz/template/cache/busybox_latest.tar")),
    (r"directly after pct create", _settings(stale="created")),
    (r"directly after pct start", _settings(stale="stopped")),
    (r"directly after pct stop", _settings(stale="running")),
)
