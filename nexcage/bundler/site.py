"""Where one bundle is being made, and what it is made with."""

import os

from nexcage.bundler import lease
from nexcage.bundler.cache import Cache
from nexcage.bundler.unpack import Unpacking


class Site:
    """``stage`` becomes ``directory`` at the end; ``own`` is its .nexcage, ``work`` is thrown away."""

    def __init__(self, directory: str, stage: str, work: str, cache: Cache, unpacking: Unpacking) -> None:
        self.directory = directory
        self.stage = stage
        self.rootfs = stage + "/rootfs"
        self.own = stage + "/.nexcage"
        self.work = work
        self.cache = cache
        self.unpacking = unpacking
        self.leased = ""

    def lease(self, entries: list[str]) -> None:
        """Keep others from pruning ``entries``, and only those, from now on."""
        lock = self.cache.lock("lease")
        try:
            if self.leased:
                lease.drop(self.cache.directory, self.leased)
                os.unlink(self.own + "/lease")
                self.leased = ""
            if entries:
                self.leased = lease.take(self.cache.directory, self.own, self.directory, entries, self.work)
        finally:
            lock.release()

    def give_up(self) -> None:
        """Let others prune what was leased."""
        if self.leased:
            lease.drop(self.cache.directory, self.leased)
