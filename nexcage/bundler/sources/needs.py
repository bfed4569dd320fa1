"""What a program of this machine needs to run: its loader and libraries, or its interpreter.

ELF: elf(5); libraries as the program's own loader lists them (ld.so(8), --list), which is what ldd does.
"""

import os
import struct

from nexcage import log, paths
from nexcage.errors import NexcageError, NotFound, from_os
from nexcage.host import process

_PT_INTERP = 3
_WITHOUT_SCRIPTS = ("sh", "bash", "dash", "ash", "zsh", "ksh", "busybox", "env", "awk", "gawk", "mawk", "sed")
# name services that a C library before 2.34 loads by name
_NAME_SERVICES = ("libnss_files.so.2", "libnss_dns.so.2")


def needed(program: str) -> list[str]:
    """The absolute paths that ``program`` needs, itself first; raise `NexcageError`."""
    found: list[str] = []
    todo = [program]
    while todo:
        path = todo.pop()
        if path in found:
            continue
        found.append(path)
        head = _read(path, 0, 4096)
        if head.startswith(b"\x7fELF"):
            todo += _libraries(path, _interpreter(path, head))
        elif head.startswith(b"#!"):
            todo += _script(path, head)
        else:
            raise NexcageError(f'"{path}" is neither a program nor a script', code="source-invalid")
    return found


def _read(path: str, offset: int, length: int) -> bytes:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            return os.pread(handle, length, offset)
        finally:
            os.close(handle)
    except OSError as error:
        raise from_os(error, f'cannot read "{path}"') from None


def _interpreter(path: str, head: bytes) -> str:
    """The loader that an ELF file asks for, "" when it is linked statically or is a library."""
    try:
        order = "<" if head[5] == 1 else ">"
        wide = head[4] == 2
        start = struct.unpack_from(order + ("Q" if wide else "I"), head, 32 if wide else 28)[0]
        size, count = struct.unpack_from(order + "HH", head, 54 if wide else 42)
        # p_type, p_flags, p_offset, .., p_filesz; in 32 bits p_flags comes later
        form = order + ("I4xQ16xQ" if wide else "II8xI")
        table = _read(path, start, size * count)
        for i in range(count):
            kind, offset, length = struct.unpack_from(form, table, i * size)
            if kind == _PT_INTERP:
                return os.fsdecode(_read(path, offset, min(length, 4096)).rstrip(b"\0"))
    except (struct.error, IndexError, OverflowError):
        raise NexcageError(f'"{path}" is a damaged program', code="source-invalid") from None
    return ""


def _libraries(path: str, loader: str) -> list[str]:
    """The loader and every library that it would load for ``path``."""
    if not loader:
        return []
    argv = [process.which("ldd"), path] if paths.FREEBSD else [loader, "--list", path]
    if not os.access(argv[0], os.X_OK):
        raise NotFound(f'"{path}" needs the loader "{loader}", which is not there', code="source-missing")
    done = process.run(argv)
    if done.status != 0:
        said = (done.stderr or done.stdout).strip().rpartition("\n")[2]
        raise NexcageError(f'the libraries of "{path}" cannot be listed: {said}', code="source-invalid")
    found = [loader]
    for line in done.stdout.splitlines():
        if line.endswith(":"):  # ldd(1) of FreeBSD names the program first
            continue
        name, arrow, where = line.strip().partition(" => ")
        where = (where if arrow else name).rpartition(" (0x")[0] or (where if arrow else name)
        if where.startswith("not found"):
            raise NotFound(f'"{path}" needs the library "{name}", which is not there', code="source-missing")
        if where.startswith("/"):
            found.append(where)
            if os.path.basename(where) == "libc.so.6":
                beside = (os.path.join(os.path.dirname(where), one) for one in _NAME_SERVICES)
                found += [one for one in beside if os.path.exists(one)]
    return found


def _script(path: str, head: bytes) -> list[str]:
    """The interpreter of a script; with env, also the program that env starts (execve(2))."""
    words = os.fsdecode(head[2:].split(b"\n", 1)[0]).split()
    if not words:
        raise NexcageError(f'the script "{path}" names no interpreter', code="source-invalid")
    found = [words[0]]
    if os.path.basename(words[0]) == "env":
        named = [word for word in words[1:] if not word.startswith("-") and "=" not in word]
        found += named[:1]
    located = [process.which(one) for one in found]
    for name, where in zip(found, located, strict=True):
        if not where:
            raise NotFound(f'the script "{path}" needs "{name}", which is not there', code="source-missing")
    if os.path.basename(found[-1]) not in _WITHOUT_SCRIPTS:
        log.warning(
            f'of the interpreter of "{path}" only the program is taken, not its modules',
            interpreter=found[-1],
        )
    return located
