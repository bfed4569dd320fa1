"""What a driver gets to read: the bundle's config, made fit for this driver and host."""

import os

from nexcage import log
from nexcage.errors import Unsupported
from nexcage.host.facts import Facts
from nexcage.oci import mounts
from nexcage.oci.bundle import Bundle
from nexcage.oci.clip import clip
from nexcage.oci.rules import Object

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from nexcage.drivers import Driver


def prepare(
    bundle: Bundle,
    driver: "Driver",
    facts: Facts,
    *,
    clip_mode: str,
    permissive: bool,
    volume_exists: "Callable[[str], bool] | None" = None,
) -> bool:
    """Change ``bundle.config`` to what ``driver`` takes; returns whether it had to change.

    The version is lowered where the driver would refuse it. Properties that
    this driver version does not know are warned of, or refused with
    `Unsupported` where isolation or limits would suffer (``permissive``: warned
    of too). Limits above the host's are clipped. ``volume_exists`` answers for the
    references to storages of a driver that has such.
    """
    config = bundle.config
    mounts.volumes(config, bundle.path, driver.name, volume_exists)
    changed = driver.name == "crun" and mounts.settle(config, bundle.path)
    fitting = driver.accepted_version(config["ociVersion"])
    if fitting != config["ociVersion"]:
        log.info(f"ociVersion {config['ociVersion']} lowered to {fitting} for {driver.title()}")
        config["ociVersion"] = fitting
        changed = True
    for path, loss, reason in driver.unsupported(config):
        text = f"config.json: {path}: not supported by {driver.title()}" + (f": {reason}" if reason else "")
        if loss == "function" or (permissive and loss != "refused"):
            log.warning(
                f"config.json: {path} is ignored by {driver.title()}" + (f": {reason}" if reason else ""),
                code="property-ignored",
            )
        else:
            way_out = "" if loss == "refused" else ", or go without it by --permissive"
            raise Unsupported(text, hint="use a newer driver, or take the property out" + way_out)
    if not driver.linux:
        return changed
    namespaces = (config.get("linux") or {}).get("namespaces") or ()
    own_user_namespace = any(n["type"] == "user" and not _is_ours(n.get("path")) for n in namespaces)
    for sentence in clip(
        config["process"], facts, clip_mode, at="$.process", own_user_namespace=own_user_namespace
    ):
        log.warning(f"config.json: {sentence}", code="clipped")
        changed = True
    return changed


def _is_ours(namespace: str | None) -> bool:
    """Whether a user namespace to join is the one that we are in."""
    return bool(namespace) and os.path.samefile(str(namespace), "/proc/self/ns/user")


def relocate(bundle: Bundle) -> Object:
    """The config with its relative paths made absolute, to be read from another directory."""
    config = bundle.config
    config["root"] = dict(config["root"], path=bundle.rootfs)
    for mount in config.get("mounts") or ():
        if mounts.is_bind(mount):
            mount["source"] = os.path.join(bundle.path, mount["source"])
    return config
