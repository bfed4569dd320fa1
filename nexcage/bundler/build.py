"""From a source to a bundle: built beside its place, then renamed; a bundle is whole or absent.

::

    DIR/config.json  DIR/rootfs/  DIR/volumes/NAME/
    DIR/.nexcage/{bundle.json,manifest.mtree,lease,upper/,work/}
"""

import errno
import hashlib
import os
import stat

from nexcage import log
from nexcage.bundler import lease
from nexcage.bundler.cache import STAGE, Cache, note_stage
from nexcage.bundler.config import Wishes
from nexcage.bundler.config.compose import compose
from nexcage.bundler.image import Image, Tree
from nexcage.bundler.layers.limits import Limits
from nexcage.bundler.progress import Progress
from nexcage.bundler.rootfs import Placed, place, refuse_mode
from nexcage.bundler.site import Site
from nexcage.bundler.sources import SourceWishes, opened
from nexcage.bundler.transient import Transient, discard, sweep
from nexcage.bundler.unpack import Unpacking
from nexcage.errors import AlreadyExists, InvalidBundle, UsageError, from_os
from nexcage.host import files, signals
from nexcage.jsontext import dumps
from nexcage.oci import check

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.oci.rules import Object


class Order:
    """What is asked for: ``source`` as --from says it, ``directory`` that the bundle will be."""

    def __init__(
        self,
        source: str,
        directory: str,
        *,
        sources: SourceWishes,
        wishes: Wishes,
        mode: str = "auto",
        denied: frozenset[str] = frozenset(),
    ) -> None:
        self.source = source
        self.directory = os.path.abspath(directory)
        self.sources = sources
        self.wishes = wishes
        self.mode = mode
        self.denied = denied


class Made:
    """The bundle that was made: ``record`` as in bundle.json, ``args`` that it runs, ``warnings``."""

    def __init__(self, record: "Object", args: list[str], warnings: list[str]) -> None:
        self.record = record
        self.args = args
        self.warnings = warnings


def make(order: Order) -> Made:
    """Make the bundle. Raises `NexcageError`; nothing is left then."""
    refuse_mode(order.mode)
    parent, name = os.path.split(order.directory)
    _check_place(order.directory, parent)
    cache = Cache(order.sources.cache)
    sweep(parent, f".{name}{STAGE}")
    cache.sweep()
    mask = os.umask(0o022)
    try:
        with signals.Undoing(), Progress() as progress:
            order.sources.progress = progress
            work = cache.work()
            try:
                stage = Transient(parent, f".{name}{STAGE}", lambda path: note_stage(work.path, path))
                try:
                    unpacking = Unpacking(Limits(order.sources.max_size, order.denied), progress)
                    site = Site(order.directory, stage.path, work.path, cache, unpacking)
                    return _Making(order, stage, site).make()
                except BaseException:
                    stage.remove()
                    raise
            finally:
                work.remove()
    finally:
        os.umask(mask)


def unmake(made: Made, directory: str) -> None:
    """Take back a bundle that was made and that nobody was told of."""
    discard(directory)
    if made.record.get("lease"):
        lease.drop(made.record["cache"], made.record["lease"])


def _check_place(directory: str, parent: str) -> None:
    if not os.path.isdir(parent):
        raise UsageError(f"directory {parent} does not exist", hint="make it first")
    try:
        empty = not os.listdir(directory) and not os.path.islink(directory)
    except FileNotFoundError:
        return
    except NotADirectoryError:
        empty = False
    except OSError as error:
        raise from_os(error, f"cannot use {directory}") from None
    if not empty:
        raise AlreadyExists(
            f"{directory} already exists",
            code="bundle-exists",
            hint='name another directory, or remove it with "nexcage bundle delete"',
        )


class _Making:
    def __init__(self, order: Order, stage: Transient, site: Site) -> None:
        self.order = order
        self.stage = stage
        self.site = site

    def make(self) -> Made:
        order, site = self.order, self.site
        os.mkdir(site.own, 0o700)
        try:
            os.mkdir(site.work + "/source", 0o700)
            source = opened(order.source, site.work + "/source", order.sources)
            if order.source.startswith("dir:"):
                from nexcage.bundler.copy import refuse_inside

                refuse_inside(order.source[4:], order.directory)
            return self._finish(source, place(source, order.mode, site))
        except BaseException:
            site.give_up()
            raise

    def _shell(self) -> list[str]:
        """What runs when nobody has said: the shell, where there is one."""
        shell = files.inside(self.site.rootfs, "/bin/sh")
        return ["/bin/sh"] if os.path.isfile(shell) else []

    def _finish(self, source: "Image | Tree", placed: Placed) -> Made:
        """config.json, volumes, the record; then the name."""
        image = source if isinstance(source, Image) else None
        order = self.order
        built = compose(
            image=image.config if image else {},
            wishes=order.wishes,
            read_file=self._read_file,
            hostname=os.path.basename(order.directory),
            platform=(image.platform if image else "") or order.sources.platform or _host_platform(),
            rootless=None if os.geteuid() == 0 else (os.geteuid(), os.getegid()),
            args=source.args or self._shell(),
        )
        _refuse_invalid(built.config, templated=bool(order.wishes.template))
        self._volumes(built.volumes)
        for path, text in built.files.items():
            files.write_new(f"{self.stage.path}/{path}", text.encode(), 0o644)
        config = (dumps(built.config, 2) + "\n").encode()
        files.write_new(self.stage.path + "/config.json", config, 0o644)
        record: Object = {
            "version": 1,
            "source": order.source,
            "name": source.name,
            "digest": image.digest if image else "",
            "platform": image.platform if image else "",
            "rootfs": {"mode": placed.mode, "layers": [x.diff_id for x in image.layers] if image else []},
            "owners": self.site.unpacking.attributes.owners,
            "config": _digest(config),
            "manifest": placed.manifest,
        }
        record["rootfs"].update(placed.facts)
        if self.site.leased:
            record["lease"], record["cache"] = self.site.leased, self.site.cache.directory
        files.write_new(self.site.own + "/bundle.json", (dumps(record, 2) + "\n").encode())
        if (built.config.get("linux") or {}).get("uidMappings"):
            os.chmod(self.stage.path, 0o711)  # the container's root, who is not ours, has to pass
        self.stage.keep(order.directory)
        args = (built.config.get("process") or {}).get("args") or []
        return Made(record, args, self.site.unpacking.attributes.warnings())

    def _read_file(self, path: str) -> bytes | None:
        """A small file of the root file system, links followed inside it."""
        place = files.inside(self.site.rootfs, path)
        try:
            if not stat.S_ISREG(os.lstat(place).st_mode):  # opening a device can start what it is for
                raise OSError(errno.EINVAL, "not a regular file")
            return files.read(place, 1 << 20, follow=False)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            log.warning(
                f"/{path} of the root file system is not used: {(error.strerror or str(error)).lower()}"
            )
            return None

    def _volumes(self, volumes: list[tuple[str, str]]) -> None:
        """Directories beside the rootfs that begin with what the image has there, as docker's volumes do."""
        if not volumes:
            return
        from nexcage.bundler.copy import copy_tree

        os.mkdir(self.stage.path + "/volumes", 0o755)
        for name, destination in volumes:
            target = f"{self.stage.path}/volumes/{name}"
            os.mkdir(target, 0o755)
            source = files.inside(self.site.rootfs, destination)
            if os.path.isdir(source):
                copy_tree(source, target)


def _digest(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


def _refuse_invalid(config: "Object", *, templated: bool) -> None:
    """What we wrote holds the rules; a template may have written anything, so all of them are checked."""
    check.config(config)
    if not templated:
        return
    problems = [problem for problem in check.problems(config) if problem.data.get("severity") != "warning"]
    if problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise InvalidBundle(problems[0].message + more, code=problems[0].code, hint=problems[0].hint)


def _host_platform() -> str:
    machine = os.uname().machine
    names = {"x86_64": "amd64", "aarch64": "arm64", "i686": "386", "armv7l": "arm"}
    return f"{os.uname().sysname.lower()}/{names.get(machine, machine)}"
