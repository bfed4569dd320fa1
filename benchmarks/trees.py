# SPDX-License-Identifier: Apache-2.0
"""What a directory holds, to the last attribute, and what it takes on the disk."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from nexcage.bundler.manifest.entry import Entry
from nexcage.bundler.manifest.tree import scan

if TYPE_CHECKING:
    from pathlib import Path

SHOWN = 20


def facts(root: Path) -> dict[bytes, dict[str, object]]:
    """Every file below ``root``: kind, mode, owner, size, time, content, target, device, xattrs, links."""
    found: dict[bytes, dict[str, object]] = {}
    for entry in scan(str(root)):
        found[entry.path] = {name: getattr(entry, name) for name in Entry.__slots__}
        found[entry.path]["xattrs"] = dict(entry.xattrs)
    names: dict[tuple[int, int], list[bytes]] = {}
    for path in found:
        known = os.lstat(os.path.join(os.fsencode(root), path))
        if known.st_nlink > 1 and not stat.S_ISDIR(known.st_mode):
            names.setdefault((known.st_dev, known.st_ino), []).append(path)
    for group in names.values():
        for path in group if len(group) > 1 else ():  # an overlay counts names that it hides
            found[path]["links"] = sorted(group)
    return found


def differences(actual: Path, expected: Path) -> list[str]:
    """What of two trees is not the same, a line each; of thousands the first ones."""
    ours, theirs = facts(actual), facts(expected)
    lines = []
    for path in sorted(ours.keys() | theirs.keys()):
        one, other = ours.get(path), theirs.get(path)
        if one is None or other is None:
            lines.append(f"{path!r}: only in {expected if one is None else actual}")
        elif one != other:
            names = [name for name in one.keys() | other.keys() if one.get(name) != other.get(name)]
            lines += [f"{path!r}: {name}: {one.get(name)!r}, not {other.get(name)!r}" for name in names]
    return lines[:SHOWN] + ([f"and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else [])


class Extent:
    """What lies below directories: names, sizes and blocks of files; what is mounted there is not entered."""

    def __init__(self, *tops: Path) -> None:
        self.sizes: dict[str, int] = {}
        self.blocks = 0
        for top in tops:
            device = top.lstat().st_dev
            for directory, names, files in os.walk(top):
                names[:] = [name for name in names if os.lstat(f"{directory}/{name}").st_dev == device]
                for name in (*names, *files):
                    known = os.lstat(f"{directory}/{name}")
                    self.blocks += known.st_blocks
                    self.sizes[f"{directory}/{name}"] = 0 if stat.S_ISDIR(known.st_mode) else known.st_size

    def added(self, before: Extent) -> dict[str, int]:
        """Path and bytes of what has come since ``before``."""
        return {path: size for path, size in self.sizes.items() if path not in before.sizes}
