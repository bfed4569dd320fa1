"""Containers that only records and a program named crun know of; no container runs."""

import json
from pathlib import Path

BOOT = Path("/proc/sys/kernel/random/boot_id")
CRUN = """#!/bin/sh
case $* in
*list*) while read -r line; do echo "$line"; done <'{answer}' ;;
*) echo "crun version 1.8.1" ;;
esac
"""


def made(directory, statuses, *, annotations=None, bundle="/srv/bundle"):
    """(root, directory of the program) with a container for each id → status."""
    root, programs = directory / "root", directory / "bin"
    programs.mkdir()
    answer = directory / "answer.json"
    told = [{"id": name, "status": s, "pid": 4242 if s != "stopped" else 0} for name, s in statuses.items()]
    answer.write_text(json.dumps(told) + "\n")
    crun = programs / "crun"
    crun.write_text(CRUN.format(answer=answer))
    crun.chmod(0o755)
    for name, status in statuses.items():
        (root / "@crun" / name).mkdir(parents=True, exist_ok=True, mode=0o700)
        home = root / name
        home.mkdir(mode=0o700)
        record = {
            "format": 1, "id": name, "driver": "crun", "handle": name,
            "oci_version": "1.0.2", "bundle": bundle, "rootfs": bundle + "/rootfs", "owner": "root",
            "created": "2026-01-02T03:04:05.000000Z", "stdio": "null", "cgroup_manager": "",
            "boot_id": "another" if status == "stopped" else BOOT.read_text().strip(),
            "annotations": annotations or {},
        }  # fmt: skip
        (home / "record.json").write_text(json.dumps(record))
        (home / "record.json").chmod(0o600)
    for path in (root, root / "@crun"):
        path.chmod(0o700)
    return root, programs
