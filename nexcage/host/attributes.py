"""Extended attributes of files, where Python has functions for them: on Linux.

FreeBSD has extattr(2), for which Python has none. There a file has no attributes as far as nexcage can see,
and none is given to any: whoever leaves some out calls `left_out`.
"""

import os

from nexcage import log

AVAILABLE = hasattr(os, "listxattr")
_told: list[str] = []


def left_out() -> None:
    """Say that attributes are not kept, the first time that somebody asks for it."""
    if not AVAILABLE and not _told:
        _told.append("")
        log.info("extended attributes are neither kept nor recorded: Python cannot read them on this system")


def names(place: "int | str | bytes") -> list[str]:
    """The names at a descriptor, or at a path whose last part is not followed."""
    return os.listxattr(place, follow_symlinks=isinstance(place, int)) if AVAILABLE else []


def read(place: "int | str | bytes") -> dict[bytes, bytes]:
    """The attributes at a descriptor, or at a path whose last part is not followed."""
    found = names(place)
    if not found:
        return {}
    follow = isinstance(place, int)
    return {os.fsencode(name): os.getxattr(place, name, follow_symlinks=follow) for name in found}
