"""The process of a container before it is its program: enters the jail, waits for start, becomes the program.

It is a program of its own, so that its pid is the container's from create on; FreeBSD's base system has
none that could do it: jexec(8) knows neither numbers of users, nor limits, nor how to wait. Once it is in
the jail it imports nothing more: what lies there is not ours.

usage: (hold | exec) FILE; ``hold`` waits and answers on the FIFOs beside FILE, ``exec`` goes on at once and
writes why it could not to the file that FILE names. FILE is what `holding.document` makes.
"""

import _signal  # type: ignore[import-not-found]
import errno
import os
import resource
import select  # noqa: F401 -- before the jail is entered: reading the output of hooks needs it
import stat
import sys

from nexcage.drivers.jail import kernel, terminal
from nexcage.drivers.jail.made import ANSWER, FAILED, GOING, READY, START
from nexcage.errors import NexcageError
from nexcage.host import ending, files, hooks  # noqa: F401 -- ending, as select
from nexcage.jsontext import loads
from nexcage.oci.rules import Object

PATH = "/sbin:/bin:/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin"  # where the bundle sets none
# setrlimit(2) of FreeBSD, for what Python's module has no name
_NUMBERS = {
    "RLIMIT_AS": 10, "RLIMIT_VMEM": 10, "RLIMIT_KQUEUES": 13, "RLIMIT_UMTXP": 14, "RLIMIT_PIPEBUF": 15,
}  # fmt: skip
_MOST = 1 << 20  # descriptors
_DEFAULT = (_signal.SIGPIPE, _signal.SIGXFSZ, _signal.SIGINT)


class _Failed(Exception):
    """code, message, status."""


def main(argv: list[str]) -> None:
    """Does not return."""
    how, file = argv
    for number in _DEFAULT:
        _signal.signal(number, _signal.SIG_DFL)
    with open(file, "rb") as opened:
        document = loads(opened.read())
    assert isinstance(document, dict)  # noqa: S101
    os.closerange(3 + document["keep"], _MOST)
    (_hold if how == "hold" else _exec)(document, os.path.dirname(file))


def _hold(document: Object, home: str) -> None:
    start = os.open(f"{home}/{START}", os.O_RDWR | os.O_CLOEXEC)
    answer = os.open(f"{home}/{ANSWER}", os.O_RDWR | os.O_CLOEXEC)
    try:
        _prepare(document)
        _enter(document)
        program = _found(document)
        os.write(answer, f"{READY}\n".encode())
        os.read(start, 1)
        for hook in document["hooks"]:
            failure = hooks.run(hook, {**document["state"], "pid": os.getpid()})
            if failure:
                raise _Failed("hook-failed", f"startContainer hook {failure}", 1)
        _become(document)
        os.write(answer, f"{GOING}\n".encode())
        _execute(program, document)
    except _Failed as failure:
        os.write(answer, _line(failure))
        os._exit(failure.args[2])
    except Exception as error:  # noqa: BLE001 -- whoever listens has to know
        os.write(answer, _line(_Failed("held-failed", f"{type(error).__name__}: {error}", 1)))
        os._exit(1)


def _exec(document: Object, _home: str) -> None:
    words = os.open(document["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        if document["detached"]:
            _leave(words)
        _prepare(document)
        if document["pid_file"]:
            files.replace(document["pid_file"], str(os.getpid()).encode(), 0o644)
        _enter(document)
        program = _found(document)
        _become(document)
        _execute(program, document)
    except _Failed as failure:
        os.write(words, _line(failure))
        os._exit(failure.args[2])
    except NexcageError as error:
        os.write(words, _line(_Failed(error.code, error.message, 1)))
        os._exit(1)
    except OSError as error:
        os.write(words, _line(_Failed("exec-failed", f"{error.filename or 'exec'}: {_reason(error)}", 1)))
        os._exit(1)


def _line(failure: _Failed) -> bytes:
    return f"{FAILED}\t{failure.args[0]}\t{' '.join(failure.args[1].split())}\n".encode()


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def _leave(words: int) -> None:
    """Go on in a child; the parent ends when that has become its program, or has failed."""
    read, write = os.pipe()
    child = os.fork()
    if child:
        os.close(write)
        os.read(read, 1)  # its end: close on exec, or exit
        os._exit(1 if os.fstat(words).st_size else 0)
    os.close(read)


def _prepare(document: Object) -> None:
    """What has to be done from outside: the terminal, a session of its own."""
    try:
        if document["session"]:
            os.setsid()
        if document["console"]:
            terminal.give(document["console"], document["size"], document["uid"])
        elif document["terminal"]:
            terminal.take(document["uid"])
    except OSError as error:
        raise _Failed("terminal-failed", f"cannot make the terminal: {_reason(error)}", 1) from None


def _enter(document: Object) -> None:
    """jail_attach(2), and nothing is imported from here on."""
    try:
        kernel.untraceable()  # what is in the jail already must not get at what we still have of the host
        kernel.jail_attach(document["jid"])
        os.chdir("/")
    except OSError as error:
        raise _Failed("attach-failed", f"a process could not enter its jail: {_reason(error)}", 1) from None
    sys.path[:] = []
    sys.meta_path[:] = []
    os.umask(0o022)
    try:
        if document["makes_cwd"]:
            os.makedirs(document["cwd"], exist_ok=True)  # as runc does
    except OSError as error:
        if not os.path.isdir(document["cwd"]):
            raise _Failed("cwd-missing", f'process.cwd "{document["cwd"]}": {_reason(error)}', 1) from None


def _found(document: Object) -> str:
    """The program in the jail, by PATH of its own environment; `_Failed` in the words that engines know."""
    name = document["args"][0]
    paths = [entry[5:] for entry in document["env"] if entry.startswith("PATH=")]
    places = [""] if "/" in name else (paths[-1] if paths else PATH).split(":")
    denied = False
    for place in places:
        path = os.path.join(document["cwd"], place, name)
        try:
            mode = os.stat(path).st_mode
        except (OSError, ValueError):
            continue
        if stat.S_ISREG(mode) and mode & 0o111:
            return path
        denied = True
    if denied:
        raise _Failed("executable-denied", f'executable file "{name}": permission denied', 126)
    raise _Failed("executable-missing", f'executable file "{name}" not found in $PATH', 127)


def _become(document: Object) -> None:
    """Limits, user and directory, in the order in which each still may be set."""
    for name, *both in document["limits"]:
        soft, hard = (resource.RLIM_INFINITY if value is None else value for value in both)
        try:
            resource.setrlimit(getattr(resource, name, _NUMBERS.get(name, -1)), (soft, hard))
        except (OSError, ValueError) as error:
            raise _Failed("rlimit-failed", f"process.rlimits: {name}: {str(error).lower()}", 1) from None
    try:
        os.setgroups([document["gid"], *document["groups"]])  # the first is the effective one, before 15.0
        os.setgid(document["gid"])
        os.setuid(document["uid"])
        os.umask(document["umask"])
        os.chdir(document["cwd"])
        if document["no_new_privileges"]:
            kernel.no_new_privileges()
    except OSError as error:
        raise _Failed(
            "process-failed", f"cannot become the container's process: {_reason(error)}", 1
        ) from None


def _execute(program: str, document: Object) -> None:
    env = dict(entry.partition("=")[::2] for entry in document["env"])
    try:
        os.execve(program, document["args"], env)
    except OSError as error:
        name = document["args"][0]
        if error.errno == errno.ENOENT:  # its interpreter
            raise _Failed("executable-missing", f'executable file "{name}" not found in $PATH', 127) from None
        reason = _reason(error)
        raise _Failed("executable-denied", f'executable file "{name}": {reason}', 126) from None
