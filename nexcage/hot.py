"""All modules of the hot verbs in one file, read at once.

Importing forty small modules costs more than what they do: each is searched,
stat'ed twice, opened and read. `install` answers those imports from one
snapshot of their compiled code, which halves the time before the first line of
a verb runs (benchmarks/README.md). The snapshot is a cache like a ``.pyc``: it
lies in the same directory, is written by `save` after the first run, and is
used only while size and time of every source file are the same.
"""

import marshal
import posix
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec
    from types import ModuleType

# module name → (size and mtime in ns of its source, marshalled code, is a package)
Entry = tuple[int, int, bytes, bool]

PACKAGE = __file__.rpartition("/")[0]
SNAPSHOT = f"{PACKAGE}/__pycache__/hot.{sys.implementation.cache_tag}.snapshot"
# what create, run, exec and the slow path of start, state, kill and delete import
VERBS = ("create", "run", "exec", "start", "state", "kill", "delete", "pause", "resume")
_entries: dict[str, Entry] = {}


class Finder:
    """The importer of the modules in the snapshot."""

    @staticmethod
    def find_spec(name: str, *_: object) -> "ModuleSpec | None":
        """A spec for a module that we hold; None leaves it to the usual importers."""
        if name not in _entries:
            return None
        is_package = _entries[name][3]
        source = _source(name, is_package)
        spec = type(__spec__)(name, Finder, origin=source, is_package=is_package)  # type: ignore[arg-type]
        if spec.submodule_search_locations is not None:
            spec.submodule_search_locations.append(source.rpartition("/")[0])
        spec.has_location = True
        return spec

    @staticmethod
    def create_module(spec: "ModuleSpec") -> None:
        """The usual kind of module."""

    @staticmethod
    def exec_module(module: "ModuleType") -> None:
        """Run the module's code."""
        exec(marshal.loads(_entries[module.__name__][2]), module.__dict__)  # noqa: S102, S302


def _source(name: str, is_package: bool) -> str:
    """The source file of module ``name``, in the tree that this file lies in, wherever that was copied to."""
    path = PACKAGE + name.removeprefix("nexcage").replace(".", "/")
    return path + ("/__init__.py" if is_package else ".py")


def install() -> bool:
    """Use the snapshot if there is one and it is true; returns whether it is used."""
    try:
        handle = posix.open(SNAPSHOT, posix.O_RDONLY | posix.O_CLOEXEC)
        try:
            entries = marshal.loads(posix.read(handle, posix.fstat(handle).st_size))  # noqa: S302
        finally:
            posix.close(handle)
        for name, (size, mtime, _, is_package) in entries.items():
            facts = posix.stat(_source(name, is_package))
            if facts.st_size != size or facts.st_mtime_ns != mtime:
                return False
    except (OSError, ValueError, EOFError, TypeError, AttributeError):
        return False  # absent, unreadable or of another Python: as without it
    _entries.update(entries)
    sys.meta_path.insert(0, Finder)
    return True


def save() -> None:
    """Write the snapshot, if this user may write where it lies; best effort, as with ``.pyc`` files."""
    if not posix.access(PACKAGE, posix.W_OK) or sys.dont_write_bytecode:
        return
    import os

    for verb in VERBS:
        __import__("nexcage.cli." + verb)
    __import__("nexcage.drivers.crun")
    __import__("nexcage.drivers.runc")
    __import__("nexcage.drivers.support")
    entries: dict[str, Entry] = {}
    for name, module in list(sys.modules.items()):
        if not name.startswith("nexcage.") or name == __name__:
            continue
        is_package = hasattr(module, "__path__")
        source = _source(name, is_package)
        facts = os.stat(source)
        with open(source, "rb") as file:
            code = compile(file.read(), source, "exec", dont_inherit=True)
        entries[name] = (facts.st_size, facts.st_mtime_ns, marshal.dumps(code), is_package)
    from nexcage.errors import NexcageError
    from nexcage.host.files import replace

    try:
        os.makedirs(os.path.dirname(SNAPSHOT), exist_ok=True)
        replace(SNAPSHOT, marshal.dumps(entries), 0o644)
    except (OSError, NexcageError):
        return
