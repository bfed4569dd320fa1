"""The states of all containers below one root, whatever their number, by one call of ps(1)."""

import os

from nexcage.drivers.jail import made as kept
from nexcage.drivers.jail import parse, running
from nexcage.drivers.jail.tools import Tools
from nexcage.errors import StateCorrupt


def states(tools: Tools, root: str) -> dict[str, tuple[str, int]]:
    """Name of the jail → (status, pid)."""
    living: dict[int, list[tuple[int, str]]] = {}
    names: dict[int, str] = {}
    for one in parse.processes(tools.ask("ps", "--libxo", "json", "-ax", "-o", "pid,state,jid,jail")):
        names[one.jid] = str(one.values.get("jail-name", ""))
        if one.state[:1] != "Z":
            living.setdefault(one.jid, []).append((one.pid, one.state))
    found = {}
    for entry in os.listdir(root):
        try:
            made = kept.read(f"{root}/{entry}") if entry[:1] != "@" else None
        except StateCorrupt:
            continue  # whoever asks for details of it is told
        if made is not None:
            same = names.get(made.jid, "") in ("", made.name)
            found[made.name] = running.judge(made, living.get(made.jid, []) if same and made.jid else [])
    return found
