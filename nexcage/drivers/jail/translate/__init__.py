"""A bundle's config.json as parameters of jail(8), mounts and rules: data only, nothing is run.

One function for each property, in one module for each subject, with the reason beside it: specification
1.3 (config-freebsd.md), jail(8), and what FreeBSD 15.1 was seen to do. What is refused or ignored stands
in `nexcage.drivers.refused_jail`, for ``bundle validate`` too, and is said before anything else.
"""

from nexcage.drivers.jail.translate import (
    devices,
    hooks,
    identity,
    isolation,
    mounts,
    network,
    process,
    resources,
    section,
)
from nexcage.drivers.jail.translate.request import Facts, Parent, Request
from nexcage.drivers.jail.translate.translated import Translated, refuse
from nexcage.drivers.refusals import refusals

__all__ = ["Facts", "Parent", "Request", "Translated", "translate"]

# in this order: the section has what annotations say, the root where mounts go, the mounts which devfs
STEPS = (
    identity.name,
    identity.raise_parent,
    mounts.root,
    identity.path,
    identity.host,
    network.network,
    isolation.sysv,
    isolation.enforce_statfs,
    isolation.allow,
    mounts.mounts,
    devices.devices,
    identity.children,
    identity.release,
    identity.linux,
    identity.mark,
    resources.memory,
    resources.swap,
    resources.cpu,
    resources.pids,
    resources.block_io,
    resources.cpus,
    process.args,
    process.env,
    process.cwd,
    process.user,
    process.rlimits,
    process.no_new_privileges,
    process.terminal,
    hooks.hooks,
)


def translate(request: Request) -> Translated:
    """All of a checked config; `Unsupported` names the first property that a jail cannot give."""
    out = Translated(request)
    section.section(request, out)
    for found in refusals(request.config, "jail"):
        if found.severity == "refused" and not request.permissive:
            raise refuse(found.path, found.reason)
        if found.severity == "note":
            out.notes.append(f"{found.path.removeprefix('$.')}: {found.reason}")
        else:
            out.warnings.append(f"config.json: {found.path} is ignored by jail: {found.reason}")
    for step in STEPS:
        step(request, out)
    return out.finish()
