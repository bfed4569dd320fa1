# SPDX-License-Identifier: Apache-2.0
"""Which recordings the stand-in does not claim to reproduce, and why."""

from __future__ import annotations

import re
from typing import Any

Recording = dict[str, Any]
# pct: subcommand → why
SUBCOMMANDS = {
    "df": "usage of file systems",
    "fstrim": "usage of file systems",
    "cpusets": "cpuset controllers of the host",
    "migrate": "needs a second node",
    "remote-migrate": "needs a second node",
    "help": "the long help",
}
COPIES = ("clone", "move-volume", "move_volume")
PATHS = (
    (r"oci-registry-pull|query-oci-repo-tags", "pulls need a registry"),
    (r"download-url|aplinfo", "downloads need a web server"),
    (r"/tasks", "the log of earlier tasks"),
    (r"/interfaces", "addresses of running containers"),
    (r"^/nodes$|^/cluster/status$", "figures of nodes"),
)


def reason(recording: Recording) -> str:
    """Why a recording is not modelled, "" when it is."""
    argv = recording["argv"]
    tool, words = argv[0], argv[1:]
    if tool == "pct" and words:
        return _pct(recording, words[0])
    if tool == "pvesh" and len(words) > 1:
        if words[0] in ("ls", "usage"):
            return "the description of the API"
        if recording["exit"] == 0 or recording["stdout"]:
            return next((why for pattern, why in PATHS if re.search(pattern, words[1])), "")
    if tool == "pvesh" and 'level=fatal msg="' in recording["stdout"] + recording["stderr"]:
        return "pulls need a registry"
    if tool == "pvesm" and words and words[0] in ("export", "import", "cifsscan", "nfsscan"):
        return "contents of volumes, other hosts"
    if tool == "pveam" and words and words[0] in ("available", "update", "download"):
        return "the index of templates"
    if tool == "pvecm" and words and words[0] in ("delnode", "addnode", "mtunnel"):
        return "changes of a cluster"
    if (
        tool == "pvecm"
        and "corosync" in recording["stderr"] + recording["stdout"]
        and "not installed" in recording.get("lab_note", "")
    ):
        return "changes of a cluster"
    return ""


def _pct(recording: Recording, word: str) -> str:
    if (
        word in SUBCOMMANDS
        and "400 " not in recording["stderr"]
        and "does not exist" not in recording["stderr"]
    ):
        return SUBCOMMANDS[word]
    if word in COPIES and "Number of files" in recording["stdout"]:
        return "what rsync says"
    if word == "resize" and "resize2fs" in recording["stdout"]:
        return "what resize2fs says"
    if "--debug" in recording["argv"] and recording["stdout"].count("\n") > 4:
        return "the debug log of lxc-start"
    return ""
