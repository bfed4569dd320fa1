# SPDX-License-Identifier: Apache-2.0
"""What recordings tell about the guests: configurations that ``config`` printed, names in lists, warnings."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote, unquote

from step_defs.stand_ins.pve import disks
from step_defs.stand_ins.pve.conf import Conf

Recording = dict[str, Any]
HOST_CPUS = 2
ROW = re.compile(r"(\d+) +(?:running|stopped)(?: +([a-z-]+))? +(\S+) *")
WARNING = re.compile(r"^vm (\d+) - unable to parse config: (.*)$", re.MULTILINE)
DEPRECATED = re.compile(r"^vm (\d+) - (lxc\.cgroup\.\S+|lxc\.id_map) is deprecated", re.MULTILINE)
INVALID = re.compile(
    r"^vm (\d+) - unable to parse value of '(\w+)' - type check .* got '([^']*)'", re.MULTILINE
)
GENERATED = re.compile(r"^vm (\d+) - lxc\.rootfs\.path:", re.MULTILINE)


def default(vmid: str) -> str:
    """A container of which nothing is known but that it is there."""
    rootfs = f"rootfs: local:{vmid}/vm-{vmid}-disk-0.raw,size=102M"
    head = f"arch: amd64\nhostname: CT{vmid}\nmemory: 512\nostype: alpine\n"
    return f"{head}{rootfs}\nswap: 512\nunprivileged: 1\n"


def size(text: str) -> int:
    """Bytes of a size in a configuration."""
    return disks.size_of(text)


def configurations(recording: Recording) -> dict[str, str]:
    """VMID → text of its file, as far as this recording prints it."""
    argv = recording["argv"]
    if recording["exit"] != 0 or len(argv) < 3:
        return {}
    if argv[:2] == ["pct", "config"] and "--snapshot" not in argv:
        return {argv[2]: _file(recording["stdout"])}
    found = re.fullmatch(r"/nodes/\w+/lxc/(\d+)/config", argv[2])
    if argv[:2] == ["pvesh", "get"] and found and recording["stdout"].startswith("{"):
        return {found[1]: _object(json.loads(recording["stdout"]))}
    return {}


def _file(shown: str) -> str:
    """The file behind what ``pct config`` prints."""
    lines = []
    for line in shown.splitlines():
        key, _, value = line.partition(": ")
        if key == "description":
            lines += [f"#{quote(part, safe=_SAFE)}" for part in unquote(value).splitlines()]
        elif key == "env":
            lines += [f"lxc.environment.runtime: {one}" for one in value.split("\0")]
        else:
            lines.append(line)
    return "".join(f"{line}\n" for line in lines)


_SAFE = "".join(chr(code) for code in range(32, 127) if chr(code) not in "%:")


def _object(values: dict[str, Any]) -> str:
    lines = []
    for key, value in values.items():
        if key == "description":
            lines += [f"#{quote(part, safe=_SAFE)}" for part in value.splitlines()]
        elif key == "env":
            lines += [f"lxc.environment.runtime: {one}" for one in value.split("\0")]
        elif key == "lxc":
            lines += [f"{name}: {text}" for name, text in value]
        elif key != "digest":
            lines.append(f"{key}: {value}")
    return "".join(f"{line}\n" for line in lines)


def names(recording: Recording) -> dict[str, str]:
    """VMID → hostname in a list or in figures."""
    if recording["exit"] != 0:
        return {}
    if recording["argv"][:2] == ["pct", "list"]:
        rows = [ROW.fullmatch(line) for line in recording["stdout"].splitlines()]
        return {row[1]: row[3] for row in rows if row}
    return {}


def figures(recording: Recording) -> dict[str, dict[str, str]]:
    """VMID → options that figures in JSON tell: name, memory, swap, tags, lock, template."""
    if recording["exit"] != 0:
        return {}
    try:
        value = (
            json.loads(recording["stdout"])
            if recording["stdout"][:1] in ("[", "{")
            else _lines(recording["stdout"])
        )
    except ValueError:
        return {}
    found = {}
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict) and one.get("type") == "lxc" and "maxmem" in one:
            options = {"hostname": one["name"], "memory": str(one["maxmem"] >> 20)}
            options |= {"swap": str(one["maxswap"] >> 20)} if "maxswap" in one else {}
            options |= {key: one[key] for key in ("tags", "lock") if key in one}
            if "cpus" in one and one["cpus"] != HOST_CPUS:
                options["cores"] = str(one["cpus"])
            found[str(one["vmid"])] = options
    return found


def _lines(shown: str) -> dict[str, Any]:
    """Figures of ``status --verbose``, or in yaml."""
    pairs = re.findall(r"^(\w+): (.*)$", shown, re.MULTILINE)
    return {key: int(value) if value.isdigit() else value for key, value in pairs}


def raw_lines(recording: Recording) -> list[tuple[str, str]]:
    """(VMID, line) of the raw lines that warnings tell of."""
    said = recording["stderr"] + recording["stdout"]
    found = WARNING.findall(said)
    found += [(vmid, f"{key}: u 0 100000 65536") for vmid, key in DEPRECATED.findall(said)]
    found += [(vmid, f"{key}: {value}") for vmid, key, value in INVALID.findall(said)]
    return found + [(vmid, "lxc.rootfs.path: dir:/srv/x") for vmid in GENERATED.findall(said)]


def pending(recording: Recording) -> dict[str, str]:
    """VMID → what ``pct pending`` shows, as a file."""
    argv = recording["argv"]
    if recording["exit"] != 0 or argv[:2] != ["pct", "pending"]:
        return _pending_objects(recording)
    lines = recording["stdout"].splitlines()
    now = [line[4:] for line in lines if line.startswith("cur ")]
    later = [line[4:] for line in lines if line.startswith("new ")]
    gone = [line[4:].partition(":")[0] for line in lines if line.startswith("del ")]
    later += [f"delete: {','.join(gone)}"] if gone else []
    return {argv[2]: "".join(f"{line}\n" for line in [*now, *(["[pve:pending]", *later] if later else [])])}


def _pending_objects(recording: Recording) -> dict[str, str]:
    found = re.fullmatch(r"/nodes/\w+/lxc/(\d+)/pending", (recording["argv"] + ["", "", ""])[2])
    if not found or not recording["stdout"].startswith("["):
        return {}
    entries = json.loads(recording["stdout"])
    now = {one["key"]: one["value"] for one in entries if "value" in one}
    later = {one["key"]: one["pending"] for one in entries if "pending" in one}
    gone = [one["key"] for one in entries if one.get("delete")]
    later |= {"delete": ",".join(gone)} if gone else {}
    return {found[1]: _object(now) + (f"[pve:pending]\n{_object(later)}" if later else "")}


def mended(text: str, vmid: str, version: tuple[int, ...]) -> str:
    """A file without what cannot be parsed."""
    conf = Conf.parse(text, vmid, version)
    for key in conf.invalid:
        del conf.options[key]
    return conf.text()


def with_option(text: str, key: str, value: str) -> str:
    """A file with one option changed."""
    lines = [line for line in text.splitlines() if not line.startswith(f"{key}: ")]
    return "".join(f"{line}\n" for line in [f"{key}: {value}", *lines])
