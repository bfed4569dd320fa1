"""Mounting the overlay of a bundle again, as after a reboot."""

import os
import stat

from nexcage.bundler import overlay, record
from nexcage.errors import InvalidBundle, from_os


def ensure_mounted(bundle: str) -> bool:
    """Mount the overlay of ``bundle`` again if it is one and is not, as after a reboot; whether it had to be.

    `InvalidBundle` when the cache has lost its layers, or when somebody else may say what to mount where.
    """
    values = record.read(bundle)
    placed = values.get("rootfs") if values else None
    if values is None or not isinstance(placed, dict) or placed.get("mode") != "overlay":
        return False
    rootfs = bundle + "/rootfs"
    if overlay.is_mounted(rootfs):
        return False
    _refuse_foreign(bundle)
    lowers = placed.get("lowers")
    if not isinstance(lowers, list) or not all(isinstance(path, str) for path in lowers):
        raise InvalidBundle(
            ".nexcage/bundle.json: $.rootfs.lowers: must be an array of strings",
            code="bundle-record-malformed",
        )
    missing = [path for path in lowers if not os.path.isdir(path)]
    if missing:
        raise InvalidBundle(
            f"the cache has lost {len(missing)} layers of bundle {bundle}",
            code="bundle-layers-missing",
            hint=f"make the bundle again from {values.get('source')}",
        )
    overlay.mount(lowers, bundle + "/.nexcage/upper", bundle + "/.nexcage/work", rootfs)
    return True


def _refuse_foreign(bundle: str) -> None:
    """Raise unless all that decides what is mounted where is ours, and no link."""
    for name, is_kind in (
        ("", stat.S_ISDIR),
        ("/.nexcage", stat.S_ISDIR),
        ("/.nexcage/bundle.json", stat.S_ISREG),
        ("/rootfs", stat.S_ISDIR),
    ):
        try:
            facts = os.lstat(bundle + name)
        except OSError as error:
            raise from_os(error, f"cannot use {bundle}{name}") from None
        if facts.st_uid != os.geteuid() or not is_kind(facts.st_mode):
            raise InvalidBundle(
                f"{bundle}{name} is not yours or was replaced, so that nothing is mounted",
                code="bundle-foreign",
                hint="make the bundle again",
            )
