# SPDX-License-Identifier: Apache-2.0
"""Which path of the API is done by what: patterns, options, and the columns of its table."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from step_defs.stand_ins.pve.schema import Option
from step_defs.stand_ins.pve.tables import lxc_options, pct_commands

Columns = dict[str, str]
Handler = "Callable[[Call, Values], Any]"
FLAG = Option(type="boolean")
VMID = pct_commands.VMID
FORMAT = {
    "output-format": Option(enum=("text", "json", "json-pretty", "yaml")),
    "noborder": FLAG,
    "noheader": FLAG,
    "human-readable": FLAG,
    "quiet": FLAG,
}
CONTENT = Option(format="content-list")
KEY_VALUE: Columns = {}
GUEST: Columns = {
    "status": "",
    "vmid": "number",
    "cpu": "number",
    "cpus": "number",
    "disk": "bytes",
    "diskread": "bytes",
    "diskwrite": "bytes",
    "lock": "",
    "maxdisk": "bytes",
    "maxmem": "bytes",
    "maxswap": "bytes",
    "mem": "bytes",
    "name": "",
    "netin": "bytes",
    "netout": "bytes",
    "pressurecpusome": "number",
    "pressureiofull": "number",
    "pressureiosome": "number",
    "pressurememoryfull": "number",
    "pressurememorysome": "number",
    "tags": "",
    "template": "",
    "uptime": "duration",
}
STORAGE: Columns = {
    "content": "",
    "storage": "",
    "type": "",
    "active": "",
    "avail": "bytes",
    "enabled": "",
    "shared": "",
    "total": "bytes",
    "used": "bytes",
    "used_fraction": "percent",
}
NODE: Columns = {
    "node": "",
    "status": "",
    "cpu": "percent",
    "level": "",
    "maxcpu": "number",
    "maxmem": "bytes",
    "mem": "bytes",
    "ssl_fingerprint": "",
    "uptime": "duration",
}
NODE_PATH = r"/nodes/(?P<node>[^/]+)"
GUEST_PATH = NODE_PATH + r"/lxc/(?P<vmid>[^/]+)"
STORAGE_PATH = NODE_PATH + r"/storage/(?P<storage>[^/]+)"


@dataclass(frozen=True)
class Route:
    """One method of one path; ``module.function`` does it. ``task``: its error is no failure of pvesh."""

    method: str
    pattern: str
    function: str
    options: dict[str, Option] = field(default_factory=dict)
    columns: Columns = field(default_factory=dict)
    lxc: str = ""

    def table(self, version: tuple[int, ...]) -> dict[str, Option]:
        """All options of a call."""
        known = dict(self.options)
        if self.lxc:
            known |= lxc_options.options(
                version, lxc_options.CREATE if self.lxc == "create" else lxc_options.SET
            )
        return {**known, **FORMAT}


ALLOCATE = {
    "vmid": Option(type="integer", format="vmid", optional=False),
    "filename": Option(optional=False),
    "size": Option(pattern=r"\d+[MG]?", optional=False),
    "format": Option(enum=("raw", "qcow2", "subvol", "vmdk")),
}
MADE = {
    "ostemplate": Option(longest=255, optional=False),
    "vmid": Option(type="integer", format="vmid", optional=False),
    "restore": FLAG,
}
_LABEL = r"(?:[a-zA-Z\d]|[a-zA-Z\d][a-zA-Z\d-]*[a-zA-Z\d])"
_WORD = r"[a-z\d]+(?:(?:[._]|__|-+)[a-z\d]+)*"
REFERENCE = rf"(?:{_LABEL}(?:\.{_LABEL})*(?::\d+)?/)?{_WORD}(?:/{_WORD})*"
PULLED = {
    "reference": Option(pattern=REFERENCE + r":\w[\w.-]{0,127}", optional=False),
    "filename": Option(longest=255),
}
RESOURCES = {"type": Option(enum=("vm", "storage", "node", "sdn"))}
STATUS = ("start", "stop", "shutdown", "reboot", "suspend", "resume")
ROUTES = (
    Route("get", "/", "cluster.root", columns={"subdir": ""}),
    Route("get", "/version", "cluster.version"),
    Route("get", "/nodes", "cluster.nodes", columns=NODE),
    Route("get", "/cluster/nextid", "cluster.next_id", {"vmid": VMID}),
    Route("get", "/cluster/resources", "cluster.resources", RESOURCES),
    Route("get", "/cluster/status", "cluster.status"),
    Route("get", "/cluster/options", "cluster.options"),
    Route("set", "/cluster/options", "cluster.set_options", {"next-id": Option()}),
    Route("get", "/storage", "storage.configured", {"type": Option()}),
    Route("get", NODE_PATH + "/version", "cluster.version"),
    Route("get", NODE_PATH + "/lxc", "guests.all_of_node", columns=GUEST),
    Route("create", NODE_PATH + "/lxc", "guests.create", MADE, lxc="create"),
    Route("delete", GUEST_PATH, "guests.destroy", pct_commands.OPTIONS["destroy"]),
    Route("get", GUEST_PATH + "/config", "guests.config", pct_commands.OPTIONS["config"]),
    Route("set", GUEST_PATH + "/config", "guests.set_config", lxc="set"),
    Route("get", GUEST_PATH + "/pending", "guests.pending"),
    Route("get", GUEST_PATH + "/interfaces", "guests.interfaces"),
    Route("get", GUEST_PATH + "/status/current", "guests.current", columns={**GUEST, "ha": ""}),
    *(
        Route("create", f"{GUEST_PATH}/status/{verb}", f"guests.{verb}", pct_commands.OPTIONS.get(verb, {}))
        for verb in STATUS
    ),
    Route(
        "get",
        NODE_PATH + "/storage",
        "storage.all_of_node",
        {"content": CONTENT, "enabled": FLAG, "storage": lxc_options.NAME},
        STORAGE,
    ),
    Route("get", STORAGE_PATH + "/status", "storage.status"),
    Route("get", STORAGE_PATH + "/content", "storage.content", {"content": CONTENT, "vmid": VMID}),
    Route("create", STORAGE_PATH + "/content", "storage.allocate", ALLOCATE),
    Route("get", STORAGE_PATH + "/content/(?P<volume>.+)", "storage.volume"),
    Route("delete", STORAGE_PATH + "/content/(?P<volume>.+)", "storage.free"),
    Route("create", STORAGE_PATH + "/oci-registry-pull", "pulls.pull", PULLED),
    Route(
        "get",
        NODE_PATH + "/query-oci-repo-tags",
        "pulls.tags",
        {"reference": Option(pattern=REFERENCE, optional=False)},
    ),
    Route("get", NODE_PATH + "/tasks", "tasks.all_of_node", {"limit": Option(type="integer", least=0)}),
    Route("get", NODE_PATH + "/tasks/(?P<upid>[^/]+)/status", "tasks.status"),
    Route("get", NODE_PATH + "/tasks/(?P<upid>[^/]+)/log", "tasks.log"),
)


def find(method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """The route, and what its path names."""
    for route in ROUTES:
        found = re.fullmatch(route.pattern, path) if route.method == method else None
        if found:
            return route, found.groupdict()
    return None
