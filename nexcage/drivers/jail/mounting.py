"""The mounts of a container: the alias of a read-only root first, then each on those before it."""

import os

from nexcage.drivers.jail import points, removing
from nexcage.drivers.jail.made import Made
from nexcage.drivers.jail.tools import Tools
from nexcage.drivers.jail.translate import Translated, argv
from nexcage.errors import from_os
from nexcage.host import files
from nexcage.plan import Act, Step

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.drivers.jail.translate.translated import Mount


class Mounting:
    """``out``'s mounts in ``made.root``, which is ``rootfs`` or its alias."""

    def __init__(self, tools: Tools, made: Made, out: Translated, rootfs: str) -> None:
        self.tools = tools
        self.made = made
        self.out = out
        self.rootfs = rootfs
        # what has been mounted: its place, with a slash behind it, and the source of a nullfs
        self.mounted: list[tuple[str, str]] = []

    def steps(self) -> list[Step]:
        """All of them, in their order."""
        found: list[Step] = []
        if self.made.alias:
            # taken back only when it is empty: what is still mounted there is somebody's
            back, path = lambda: points.remove([(self.made.root, True)]), self.made.root
            found.append(Act([path], self._alias, back, shown="mkdir"))
        for mount in self.out.mounts:
            before, after = self._copied(mount)
            found += [*before, self._step(mount), *after]
        return found

    def _alias(self) -> None:
        try:
            os.mkdir(self.made.root, 0o700)
        except OSError as error:
            raise from_os(error, f"cannot make {self.made.root}") from None

    def _step(self, mount: "Mount") -> Act:
        """Where it leads is found out when all before it are mounted."""

        def back() -> None:
            removing.unmount_all(self.tools, self.made)
            points.remove(self.made.points)

        shown = argv.mount(mount, argv.target(self.out, mount))
        return Act(shown, lambda: self._mount(mount), back, argv.umount(shown[-1]))

    def _mount(self, mount: "Mount") -> None:
        if mount.at == "$.root.readonly":
            self.tools.run(argv.mount(mount, self.made.root))
            return
        place = self._place(mount)
        self.made.targets.append(place)
        self.made.write()
        self.tools.run(argv.mount(mount, place))
        self.mounted.append((f"{place}/", mount.source if mount.kind == "nullfs" else ""))

    def _place(self, mount: "Mount") -> str:
        """The mount point, which is made where it is missing."""
        root = self.made.root
        if mount.pseudo:
            return root + mount.destination
        # a read-only alias takes no new mount points, what is mounted on it does
        within = f"{files.inside(root, mount.destination)}/"
        base = root if any(within.startswith(place) for place, _ in self.mounted) else self.rootfs
        relative, _ = points.make(
            base, mount.destination, is_file=mount.is_file, at=mount.at, will=self._intend
        )
        return f"{root}/{relative}"

    def _intend(self, point: tuple[str, bool]) -> None:
        """Keep what is going to be made, first."""
        kept = self._kept(point)
        if kept[0]:
            self.made.points.append(kept)
            self.made.write()

    def _kept(self, point: tuple[str, bool]) -> tuple[str, bool]:
        """Where a new mount point is when all is unmounted: in the source of a nullfs, or nowhere ("")."""
        path, is_directory = point
        for place, source in reversed(self.mounted):
            if path.startswith(place):
                return (f"{source}/{path.removeprefix(place)}" if source else ""), is_directory
        return point

    def _copied(self, mount: "Mount") -> tuple[list[Step], list[Step]]:
        """tmpcopyup: what the image has there is packed before the mount covers it, and unpacked into it."""
        source = files.inside(self.rootfs, mount.destination)
        if not mount.copy_up or not os.path.isdir(source):
            return [], []
        archive = f"{self.made.home}/copy-up.tar"
        target = self.made.root + source.removeprefix(self.rootfs)
        pack, unpack = ["tar", "-cf", archive, "-C", source, "."], ["tar", "-xpf", archive, "-C", target]
        return [Act(pack, lambda: self.tools.run(pack))], [
            Act(unpack, lambda: self.tools.run(unpack)),
            Act([archive], lambda: os.unlink(archive), shown="remove"),
        ]
