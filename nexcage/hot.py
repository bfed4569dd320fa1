"""All modules of the hot verbs in one file, loaded at once.

Importing forty small modules costs more than what they do: each is searched,
stat'ed twice, opened, read, and taken through importlib's bookkeeping. `install`
takes them from one snapshot of their compiled code and runs them in the order
in which imports would have ended (benchmarks/README.md says what that is
worth). The snapshot is a cache like a ``.pyc``: it lies in the same directory,
is written by `save` after the first run, and is used only while size and time
of every source file are the same.
"""

import marshal
import posix
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec
    from types import CodeType, ModuleType

# (module name, size and mtime in ns of its source, is a package, code)
Entry = tuple[str, int, int, bool, "CodeType"]

PACKAGE = __file__.rpartition("/")[0]
SNAPSHOT = f"{PACKAGE}/__pycache__/hot.{sys.implementation.cache_tag}.snapshot"
# with all that these import: what create and run need, which is most of what the others do
ROOTS = ("cli.main", "cli.create", "cli.run", "drivers.crun", "drivers.support")


class Loader:
    """Stands in the specs of the modules that came from the snapshot."""


def _source(name: str, is_package: bool) -> str:
    """The source file of module ``name``, in the tree that this file lies in, wherever that was copied to."""
    path = PACKAGE + name.removeprefix("nexcage").replace(".", "/")
    return path + ("/__init__.py" if is_package else ".py")


def install() -> bool:
    """Load what the snapshot holds, if there is one and it is true; returns whether it is used."""
    try:
        handle = posix.open(SNAPSHOT, posix.O_RDONLY | posix.O_CLOEXEC)
        try:
            entries: list[Entry] = marshal.loads(posix.read(handle, posix.fstat(handle).st_size))  # noqa: S302
        finally:
            posix.close(handle)
        if not entries:
            return False
        for name, size, mtime, is_package, code in entries:
            facts = posix.stat(_source(name, is_package))
            if facts.st_size != size or facts.st_mtime_ns != mtime or not hasattr(code, "co_code"):
                return False
    except (OSError, ValueError, EOFError, TypeError, AttributeError):
        return False  # absent, unreadable or of another Python: as without it
    for name, _, _, is_package, code in entries:
        exec(code, _module(name, is_package).__dict__)  # noqa: S102
    return True


def _module(name: str, is_package: bool) -> "ModuleType":
    """An empty module, known to the interpreter and to its package, as importlib would have made it."""
    source = _source(name, is_package)
    spec: ModuleSpec = type(__spec__)(name, Loader, origin=source, is_package=is_package)  # type: ignore[arg-type]
    spec.has_location = True
    module = type(sys)(name)
    module.__spec__ = spec
    module.__file__ = source
    module.__package__ = parent = name if is_package else name.rpartition(".")[0]
    if is_package:
        module.__path__ = spec.submodule_search_locations = [source.rpartition("/")[0]]
        parent = name.rpartition(".")[0]
    setattr(sys.modules[parent], name.rpartition(".")[2], module)
    sys.modules[name] = module
    return module


def save() -> None:
    """Write the snapshot, if this user may write where it lies; best effort, as with ``.pyc`` files."""
    if not posix.access(PACKAGE, posix.W_OK) or sys.dont_write_bytecode:
        return
    import os

    entries: list[Entry] = []
    for name in _in_order():
        is_package = hasattr(sys.modules[name], "__path__")
        source = _source(name, is_package)
        facts = os.stat(source)
        with open(source, "rb") as file:
            code = compile(file.read(), source, "exec", dont_inherit=True)
        entries.append((name, facts.st_size, facts.st_mtime_ns, is_package, code))
    from nexcage.errors import NexcageError
    from nexcage.host.files import replace

    try:
        os.makedirs(os.path.dirname(SNAPSHOT), exist_ok=True)
        replace(SNAPSHOT, marshal.dumps(entries), 0o644)
    except (OSError, NexcageError):
        return


def _in_order() -> list[str]:
    """The hot modules, each after those that it imports: import them afresh and watch."""
    from importlib.machinery import SourceFileLoader

    order: list[str] = []
    usual = SourceFileLoader.exec_module

    def watched(loader: SourceFileLoader, module: "ModuleType") -> None:
        usual(loader, module)
        order.append(module.__name__)

    for name in [name for name in sys.modules if name.startswith("nexcage.") and name != __name__]:
        del sys.modules[name]
    SourceFileLoader.exec_module = watched  # type: ignore[method-assign,assignment]
    try:
        for root in ROOTS:
            __import__("nexcage." + root)
    finally:
        SourceFileLoader.exec_module = usual  # type: ignore[method-assign]
    return [name for name in order if name.startswith("nexcage.")]
