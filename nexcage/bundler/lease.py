"""Who uses which entries of the cache.

A lease is a file in the cache that is also linked into the bundle: while the
bundle exists, moved or not, the file has two names. Where both lie on different
file systems the lease names the bundle's path.
"""

import os

from nexcage.errors import StateCorrupt
from nexcage.host import files
from nexcage.jsontext import Malformed, dumps, loads

LARGEST = 1 << 20
_HEX = frozenset("0123456789abcdef")


def take(cache: str, own: str, bundle: str, entries: list[str], work: str) -> str:
    """Lease ``entries`` (paths in the cache) for a bundle in the making.

    ``own`` is its private directory, ``bundle`` the path that it will have, ``work`` a directory in the cache
    that goes whatever happens.
    Returns the lease's name.
    """
    name = os.urandom(16).hex()
    path = f"{cache}/leases/{name}"
    relative = [os.path.relpath(entry, cache) for entry in entries]
    written = work + "/lease"
    files.write_new(written, dumps({"making": own, "bundle": bundle, "entries": relative}).encode())
    os.rename(written, path)
    try:
        os.link(path, own + "/lease")
    except OSError:  # another file system
        files.write_new(own + "/lease", name.encode())
    return name


def drop(cache: str, name: str) -> None:
    """Give up a lease; harmless when it is gone, and for what is no name: bundle.json may have any."""
    if len(name) != 32 or not _HEX.issuperset(name):
        return
    try:
        os.unlink(f"{cache}/leases/{name}")
    except FileNotFoundError:
        return


def used(cache: str) -> tuple[set[str], list[str]]:
    """(entries that are in use, leases of bundles that are gone)."""
    in_use: set[str] = set()
    stale: list[str] = []
    for name in os.listdir(cache + "/leases"):
        path = f"{cache}/leases/{name}"
        try:
            links = os.lstat(path).st_nlink
            data = files.read(path, LARGEST, follow=False)
            if not data and links == 1:  # its taker was killed before it had written anything
                stale.append(name)
                continue
            values = loads(data)
        except FileNotFoundError:
            continue
        except (OSError, Malformed) as error:
            raise StateCorrupt(f"lease {path} cannot be read: {error}", code="lease-corrupt") from None
        entries = values.get("entries") if isinstance(values, dict) else None
        if not isinstance(values, dict) or not isinstance(entries, list):
            raise StateCorrupt(f"lease {path} has no entries", code="lease-corrupt")
        # in this order: the one becomes the other
        places = (str(values.get("making")), str(values.get("bundle")) + "/.nexcage")
        if links > 1 or any(_names_us(place, name) for place in places):
            in_use.update(map(str, entries))
        else:
            stale.append(name)
    return in_use, stale


def _names_us(own: str, name: str) -> bool:
    try:
        return files.read(own + "/lease", LARGEST, follow=False) == name.encode()
    except OSError:
        return False
