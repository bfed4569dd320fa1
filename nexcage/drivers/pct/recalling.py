"""A container of Proxmox VE whose record was lost, from the mark in its configuration and from its bundle."""

import os

from nexcage import SPEC_VERSION, log
from nexcage.drivers import Create
from nexcage.drivers.pct import node
from nexcage.drivers.pct.translate.mark import unmark
from nexcage.errors import NexcageError
from nexcage.oci import bundle as bundles

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.drivers.pct.driver import Pct
    from nexcage.oci.rules import Object
    from nexcage.plan import Step

_OUTPUT = "lxc.console.logfile:"


def recall(driver: "Pct", container_id: str, home: str) -> "tuple[Object, list[Step]] | None":
    """Its record, and what lay beside it."""
    known = node.marked().get(container_id) if node.is_up() else None
    if known is None or known[1] != node.name():
        return None
    vmid = str(known[0])
    text = node.conf(vmid)
    if text is None:
        return None  # destroyed meanwhile
    output = next((line for line in text.splitlines() if line.startswith(_OUTPUT)), "")
    fields: Object = {
        "handle": vmid,
        "oci_version": SPEC_VERSION,
        "bundle": unmark(node.description(text)).get("bundle", ""),
        "rootfs": "",
        "created": log.timestamp(os.stat(node.conf_path(vmid)).st_mtime),
        "stdio": output.removeprefix(_OUTPUT).strip() or "null",
        "annotations": {},
    }
    if not fields["bundle"]:
        return {**fields, "bundle": home}, []
    try:
        bundle = bundles.load(fields["bundle"])
        steps = _files(driver, bundle, home, vmid)
    except NexcageError as error:
        log.warning(f'container "{container_id}": its hooks are lost with its bundle: {error.message}')
        return fields, []
    config = bundle.config
    fields |= {"oci_version": config["ociVersion"], "rootfs": bundle.rootfs, "config_file": bundle.file}
    return {**fields, "annotations": dict(config.get("annotations") or {})}, steps


def _files(driver: "Pct", bundle: bundles.Bundle, home: str, vmid: str) -> "list[Step]":
    """What of it is not there any more."""
    from nexcage.drivers.pct.creating import files_of, translated
    from nexcage.plan import Write

    out = translated(driver, bundle, Create(vmid, home, [], "null", permissive=True))
    return [s for s in files_of(out, home) if isinstance(s, Write) and not os.path.lexists(s.path)]
