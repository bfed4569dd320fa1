# SPDX-License-Identifier: Apache-2.0
"""What an OS template is: its tar, what it holds, and what tar says about it."""

from __future__ import annotations

import math
import os
import re
import subprocess
from typing import TYPE_CHECKING, Any

from step_defs.stand_ins.pve.refusals import Died
from step_defs.stand_ins.pve.tables.lxc_options import SYSTEMS

if TYPE_CHECKING:
    from step_defs.stand_ins.pve.call import Call
    from step_defs.stand_ins.pve.state import State

ROOT = "/var/lib/lxc/{}/rootfs"
FLAGS = {".gz": "-z", ".tgz": "-z", ".xz": "-J", ".txz": "-J", ".zst": "--zstd", ".bz2": "-j"}
TAR = (
    "--totals --one-file-system -p --sparse --numeric-owner --acls --xattrs '--xattrs-include=user.*'"
    " '--xattrs-include=security.capability' '--warning=no-file-ignored' '--warning=no-xattr-write'"
    " -C {} --skip-old-files --anchored --exclude './dev/*'"
)
MAPPED = "lxc-usernsexec -m u:0:100000:65536 -m g:0:100000:65536 -- "
NO_ARCHIVE = (
    "tar: This does not look like a tar archive\ntar: Exiting with failure status due to previous errors\n"
)
LINE = 1 << 10
MACHINES = {3: "i386", 40: "armhf", 62: "amd64", 183: "arm64", 243: "riscv64"}
# file → ostype, where os-release does not tell
MARKS = {
    "etc/debian_version": "debian",
    "etc/devuan_version": "devuan",
    "etc/alpine-release": "alpine",
    "etc/arch-release": "archlinux",
    "etc/gentoo-release": "gentoo",
    "etc/fedora-release": "fedora",
    "etc/redhat-release": "centos",
    "etc/SuSE-brand": "opensuse",
}
IDS = {
    "arch": "archlinux",
    "almalinux": "centos",
    "rocky": "centos",
    "rhel": "centos",
    "opensuse-leap": "opensuse",
    "opensuse-tumbleweed": "opensuse",
}


def command(path: str, vmid: int | str, unprivileged: bool, stdin: bool = False) -> str:
    """The tar command as an error names it."""
    flag = "" if stdin else FLAGS.get(os.path.splitext(path)[1], "")
    mapped = MAPPED if unprivileged else ""
    return f"{mapped}tar xpf - {flag + ' ' if flag else ''}{TAR.format(ROOT.format(vmid))}"


def facts(state: State, path: str) -> dict[str, Any]:
    """What the cluster was told about an archive, {} when it must be read."""
    found: dict[str, Any] = state["archives"].get(os.path.basename(path), {})
    return found


def is_oci(call: Call, path: str) -> bool:
    """Whether a ``.tar`` is an OCI layout; tar is asked, and fails on what is no tar."""
    if not path.endswith(".tar"):
        return False
    known = facts(call.state, path)
    if known:
        names = ["oci-layout", "index.json", "blobs/"] if "oci" in known else [""]
        failed = known.get("no_tar", False)
    else:
        done = subprocess.run(
            ["tar", "-tf", call.state.host(path)], capture_output=True, text=True, check=False
        )
        names, failed = done.stdout.splitlines(), done.returncode != 0
        failed = failed or os.path.getsize(call.state.host(path)) == 0
    if failed:
        call.out(NO_ARCHIVE)
        raise Died(f"command 'tar -tf {path}' failed: exit code 2")
    return {"oci-layout", "index.json"} <= set(names) and any(name.startswith("blobs/") for name in names)


def totals(read: int) -> str:
    """tar's last line."""
    unit, size = "B", float(read)
    for larger in ("KiB", "MiB", "GiB"):
        if size < LINE:
            break
        unit, size = larger, size / LINE
    # tar rounds up
    amount = f"{math.ceil(size * 10) / 10:.1f}" if size < 10 and unit != "B" else str(math.ceil(size))
    return f"Total bytes read: {read} ({amount}{unit}, 100MiB/s)\n"


def extract(call: Call, path: str, vmid: int | str, tree: str, unprivileged: bool, limit: int) -> None:
    """Fill the tree; tar's words are the task's. Raise `Died` with the command that failed."""
    call.out(f"extracting archive '{path}'\n")
    known = facts(call.state, path)
    failed = Died(f"command '{command(path, vmid, unprivileged)}' failed: exit code 2")
    if "says" in known:
        call.out(known["says"])
        raise failed
    if "oci" in known:
        os.makedirs(os.path.join(tree, "blobs"))
        call.out(totals(known["total"]))
        return
    if known:
        call.engine.unpack(call, path, tree, unprivileged)
        if limit and known["total"] > limit:
            for name in known.get("files", []):
                call.out(f"tar: .{name}: Cannot open: No space left on device\n")
            call.out(totals(known["total"]) + "tar: Exiting with failure status due to previous errors\n")
            raise failed
        call.out(totals(known["total"]))
        return
    try:
        call.engine.unpack(call, call.state.host(path), tree, unprivileged)
    except Died:
        raise failed from None
    if limit and size_on_disk(tree) > limit:
        call.out(f"tar: ./{largest(tree)}: Cannot write: No space left on device\n")
        call.out("tar: Exiting with failure status due to previous errors\n")
        raise failed


def model(state: State, path: str, tree: str) -> None:
    """The files that the cluster was told an archive has."""
    for name in facts(state, path).get("files", []):
        place = os.path.join(tree, name.lstrip("/"))
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(place, "w", encoding="utf-8"):
            os.chmod(place, 0o755)


def system_of(tree: str) -> str:
    """The ostype of a tree: "" when nothing tells, "?" for a system that Proxmox does not know."""
    release = _read(tree, "etc/os-release") or _read(tree, "usr/lib/os-release")
    found = re.search(r'^ID="?([\w.-]+)"?$', release, re.MULTILINE)
    if found:
        name = IDS.get(found[1], found[1])
        return name if name in SYSTEMS else "?"
    return next((system for mark, system in MARKS.items() if os.path.exists(os.path.join(tree, mark))), "")


def architecture_of(tree: str) -> str:
    """From the ELF header of /bin/sh, "" when it cannot be read. Links are resolved inside the tree."""
    path = _inside(tree, "bin/sh")
    try:
        with open(path, "rb") as file:
            head = file.read(20)
    except OSError:
        return ""
    return MACHINES.get(int.from_bytes(head[18:20], "little"), "") if head[:4] == b"\x7fELF" else ""


def systemd_of(tree: str) -> int:
    """The version of systemd in a tree, 0 without one."""
    for directory in ("usr/lib/systemd", "lib/systemd", "usr/lib/x86_64-linux-gnu/systemd"):
        place = os.path.join(tree, directory)
        for name in os.listdir(place) if os.path.isdir(place) else []:
            if found := re.match(r"libsystemd-shared-(\d+)", name):
                return int(found[1])
    return 0


def _read(tree: str, name: str) -> str:
    try:
        with open(_inside(tree, name), encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def _inside(tree: str, name: str) -> str:
    """A path with its links followed as if the tree were the root."""
    place = ""
    left = name.split("/")
    for _ in range(200):
        if not left:
            break
        part = left.pop(0)
        if part in ("", "."):
            continue
        place = os.path.dirname(place) if part == ".." else os.path.join(place, part)
        full = os.path.join(tree, place)
        if os.path.islink(full):
            target = os.readlink(full)
            place = "" if target.startswith("/") else os.path.dirname(place)
            left = target.split("/") + left
    return os.path.join(tree, place)


def untar(call: Call, path: str, tree: str) -> None:
    """With the real tar; its words are the task's."""
    flag = FLAGS.get(os.path.splitext(path)[1])
    argv = [
        "tar",
        "-xpf",
        "-",
        *([flag] if flag else []),
        "--totals",
        "--numeric-owner",
        "-C",
        tree,
        "--exclude=./dev/*",
    ]
    with open(path, "rb") as file:
        done = subprocess.run(argv, stdin=file, capture_output=True, check=False)
    call.out((done.stdout + done.stderr).decode("utf-8", "replace"))
    if done.returncode:
        raise Died("tar failed")


def size_on_disk(tree: str) -> int:
    """Bytes of the files in a tree."""
    return sum(os.lstat(os.path.join(top, name)).st_size for top, _, names in os.walk(tree) for name in names)


def largest(tree: str) -> str:
    """The file that needs the most space, from the root of the tree."""
    files = [os.path.join(top, name) for top, _, names in os.walk(tree) for name in names]
    return os.path.relpath(max(files, key=lambda path: os.lstat(path).st_size), tree)
