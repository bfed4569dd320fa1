"""Free the layers that no bundle uses, and what killed commands left in the cache.

Layers come back when an image is unpacked again.
"""

import os

from nexcage.bundler import lease
from nexcage.bundler.cache import Cache
from nexcage.cli.call import Call
from nexcage.cli.options import Option
from nexcage.jsontext import dumps

OPTIONS = (Option("cache", "where layers are kept", "DIR"),)
OPERANDS = ""
EXAMPLES = (("free what is not used", "nexcage bundle prune"),)
_KINDS = ("layers", "trees", "chains", "blobs")


def run(call: Call) -> int:
    """Prints what was freed; bundles that exist keep their layers."""
    call.no_more()
    form = call.output_format("text", "json")
    given = call.cache()
    dry = call.flag("dry-run")
    freed, left = _prune(Cache(given), dry=dry) if os.path.lexists(given) else ([], 0)
    if form == "json":
        print(dumps({"cache": given, "freed": freed, "leftovers": left}, 2))
    else:
        for name in freed:
            print(name)
    return 0


def _prune(cache: Cache, *, dry: bool) -> tuple[list[str], int]:
    """(names of entries that were freed, number of leftovers)."""
    lock = cache.lock("lease")
    try:
        left = 0 if dry else cache.sweep()
        in_use, stale = lease.used(cache.directory)
        # manifests of chains are made anew in no time; blobs may be on their way into a bundle
        kinds = _KINDS if not cache.at_work() else _KINDS[:-1]
        unused = [name for name in _entries(cache.directory, kinds) if name not in in_use]
        if not dry:
            for name in unused:
                cache.drop(name)
            for name in stale:
                lease.drop(cache.directory, name)
            cache.forget_locks()
    finally:
        lock.release()
    return unused, left


def _entries(directory: str, kinds: tuple[str, ...]) -> list[str]:
    found = []
    for kind in kinds:
        try:
            found += sorted(f"{kind}/{name}" for name in os.listdir(f"{directory}/{kind}"))
        except FileNotFoundError:
            continue
    return found
