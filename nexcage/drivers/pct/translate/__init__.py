"""A bundle's config.json as words for ``pct`` and lines for the container's configuration: data only.

One function for each property, in one module for each subject, with the reason beside it. Facts: the schema
of pve-container 5.3 to 6.1 (PVE/LXC/Config.pm), LXC 6, lxc.container.conf(5). What is refused or ignored
stands in `nexcage.drivers.refused_pct`, for ``bundle validate`` too, and is said before anything else.
"""

from nexcage.drivers.pct.translate import (
    annotations,
    devices,
    hooks,
    identity,
    mounts,
    namespaces,
    network,
    process,
    resources,
    root,
    security,
)
from nexcage.drivers.pct.translate.request import Request
from nexcage.drivers.pct.translate.translated import Rootfs, Translated, refuse
from nexcage.drivers.refusals import refusals

__all__ = ["Request", "Rootfs", "Translated", "translate"]

# in this order: the user namespace decides on owners, the memory on the swap
STEPS = (
    annotations.unknown,
    namespaces.unprivileged,
    namespaces.id_mappings,
    namespaces.features,
    identity.vmid,
    identity.hostname,
    identity.tags,
    identity.description,
    root.rootfs,
    root.os_type,
    root.arch,
    process.args,
    process.env,
    process.cwd,
    process.user,
    process.no_new_privileges,
    process.oom_score,
    process.rlimits,
    process.capabilities,
    resources.memory,
    resources.swap,
    resources.reservation,
    resources.cores,
    resources.cpulimit,
    resources.cpuunits,
    resources.cpu_rest,
    resources.pids,
    resources.block_io,
    resources.huge_pages,
    resources.rdma,
    resources.unified,
    resources.devices,
    devices.devices,
    network.networks,
    security.apparmor,
    security.seccomp,
    security.sysctl,
    mounts.mounts,
    security.masked_paths,
    security.readonly_paths,
    hooks.poststart,
    hooks.poststop,
    annotations.options,
)
_CODES = {"$.hostname": "hostname-invalid"}


def translate(request: Request) -> Translated:
    """All of a checked config; `Unsupported` names the first property that pct cannot give.

    A wish that is out of range is a `UsageError` (option), `InvalidConfig` (configuration) or
    `InvalidBundle` (annotation) with a code of its own.
    """
    out = Translated(request)
    for found in refusals(request.config, "pct"):
        if found.severity == "refused" and not request.permissive:
            raise refuse(found.path, found.reason, code=_CODES.get(found.path, "unsupported-property"))
        if found.severity == "note":
            out.notes.append(f"{found.path.removeprefix('$.')}: {found.reason}")
        else:
            out.warnings.append(f"config.json: {found.path} is ignored by pct: {found.reason}")
    for step in STEPS:
        step(request, out)
    return out.finish()
