"""What the translation asks the host: kinds of files, mounts, ids. Nothing here changes anything."""

import os
import stat

from nexcage.oci.mounts import _inside

_SUBORDINATE = {"u": "/etc/subuid", "g": "/etc/subgid"}

_FOREIGN = 65536  # users from here on can be a container's own


class Look:
    """The host as it is; a test has its own."""

    def kind(self, path: str) -> str:
        """What is at ``path``, links followed: dir, file, other; "" when it cannot be seen."""
        try:
            mode = os.stat(path).st_mode
        except (OSError, ValueError):
            return ""
        return "dir" if stat.S_ISDIR(mode) else "file" if stat.S_ISREG(mode) else "other"

    def device(self, path: str) -> tuple[str, int, int] | None:
        """(c or b, major, minor) of the device at ``path``; None when there is none."""
        try:
            facts = os.stat(path)
        except (OSError, ValueError):
            return None
        kind = "c" if stat.S_ISCHR(facts.st_mode) else "b" if stat.S_ISBLK(facts.st_mode) else ""
        return (kind, os.major(facts.st_rdev), os.minor(facts.st_rdev)) if kind else None

    def mounts(self) -> list[tuple[str, str]]:
        """(mount point, file system) of all mounts, later ones last (proc_pid_mountinfo(5))."""
        found = []
        try:
            with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as file:
                for line in file:
                    before, _, after = line.partition(" - ")
                    point = before.split(" ")[4]
                    for code, plain in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
                        point = point.replace(code, plain)
                    found.append((point, after.split(" ")[0]))
        except OSError:
            return []
        return found

    def resolved(self, rootfs: str, path: str) -> str:
        """Where ``path`` of the container leads through the links of its rootfs."""
        return _inside(rootfs, path, set())[0] or path

    def file_system(self, path: str) -> str:
        """The type of the file system that holds ``path``; "" when it cannot be told."""
        real = os.path.realpath(path)
        best = ("", "")
        for point, kind in self.mounts():
            if (real + "/").startswith(point.rstrip("/") + "/") and len(point) >= len(best[0]):
                best = point, kind
        return best[1]

    def closed(self, path: str) -> str:
        """The first directory on the way to ``path`` that a container's root may not enter; "" for none."""
        parts = os.path.realpath(path).split("/")
        for at in range(1, len(parts)):
            place = "/".join(parts[:at]) or "/"
            try:
                facts = os.stat(place)
            except (OSError, ValueError):
                return ""
            if not facts.st_mode & stat.S_IXOTH and facts.st_uid < _FOREIGN:
                return place
        return ""

    def has_mounts_below(self, path: str) -> bool:
        """Whether something is mounted below ``path``."""
        below = os.path.realpath(path).rstrip("/") + "/"
        return any(point.startswith(below) for point, _ in self.mounts())

    def is_bridge(self, name: str) -> bool:
        """Whether the network device ``name`` is a bridge, of Linux or of Open vSwitch."""
        if not name or "/" in name or name in (".", ".."):
            return False
        if os.path.isdir(f"/sys/class/net/{name}/bridge"):
            return True
        try:
            with open(f"/sys/class/net/{name}/uevent", encoding="utf-8", errors="replace") as file:
                return "DEVTYPE=openvswitch" in file.read()
        except OSError:
            return False

    def subordinates(self, kind: str) -> list[tuple[int, int]] | None:
        """(first, count) of the ids that root may map, "u" or "g" (subuid(5)); None: unknown."""
        found = []
        try:
            with open(_SUBORDINATE[kind], encoding="utf-8", errors="replace") as file:
                for line in file:
                    fields = line.strip().split(":")
                    if len(fields) == 3 and fields[0] in ("root", "0") and fields[1].isdigit():
                        found.append((int(fields[1]), int(fields[2] or 0)))
        except (OSError, ValueError):
            return None
        return found
