"""Copy a file of a running container to this host.

For containers of Proxmox VE. FILE appears when all of it is there; names of
users and groups are this host's.
"""

import os
import stat

from nexcage.cli.call import Call
from nexcage.cli.options import Option
from nexcage.cli.push import incomplete, look
from nexcage.cli.snapshot import needs
from nexcage.cli.target import Target, find
from nexcage.errors import AlreadyExists, CommandFailed, NexcageError, NotFound, UsageError, from_os
from nexcage.host import files, signals
from nexcage.host.execute import execute
from nexcage.plan import MakeDir, Plan

OPTIONS = (
    Option("force", "replace FILE if it exists", short="f"),
    Option("user", "owner of the copy", "USER", "u"),
    Option("group", "its group", "GROUP", "g"),
    Option("mode", "its permissions, octal", "MODE", "m"),
)
OPERANDS = "ID PATH FILE"
EXAMPLES = (
    ("a log of container web", "nexcage pull web /var/log/messages messages"),
    ("once more", "nexcage pull --force web /var/log/messages messages"),
)


def run(call: Call) -> int:
    """``pct pull`` into a directory of ours beside FILE: it exits 0 when it failed, and follows links."""
    container_id = call.operand("the container id")
    path = call.operand("the path in the container")
    given = call.operand("the file to write")
    call.no_more()
    file = os.path.abspath(given)
    _check_place(given, file, force=call.flag("force"))
    target = find(call, container_id)
    needs(target, "pull", f"copy it from below the container's root: {target.record.rootfs}")
    pid = target.require("pull", "running")
    beside = f"{os.path.dirname(file)}/.nexcage-{os.urandom(8).hex()}"
    copy = f"{beside}/{os.path.basename(file)}"
    step = target.driver.plan_verb(
        "pull", target.record.handle, call.passed("user", "group", "mode"), [path, copy]
    )
    before = _size(target, pid, path)
    plan = Plan("pull", target.record.id, target.record.driver, [MakeDir(beside), step])
    if call.shows_only(plan):
        return 0
    with signals.Undoing():
        try:
            execute(plan)
            wanted = min(before, _size(target, pid, path))
            _settle(call, copy, file, wanted)
        except NexcageError as error:
            error.message = error.message.replace(copy, file)
            error.hint = error.hint.replace(copy, file)
            raise
        finally:
            files.remove_tree(beside)
    return 0


def _check_place(given: str, file: str, *, force: bool) -> None:
    directory = os.path.dirname(file)
    if given.endswith("/") or os.path.isdir(file):
        raise UsageError(f'"{given}" is a directory', code="file-invalid", hint="give the file's name too")
    if not os.path.isdir(directory):
        raise NotFound(f'the directory "{directory}" does not exist', code="directory-missing")
    if not os.path.lexists(file):
        return
    if not force:
        raise _exists(file)
    if not (os.path.islink(file) or os.path.isfile(file)):
        raise UsageError(f'"{file}" is no regular file', code="file-invalid", hint="choose another name")


def _exists(file: str) -> AlreadyExists:
    return AlreadyExists(f'"{file}" exists', code="file-exists", hint="replace it with --force")


def _size(target: Target, pid: int, path: str) -> int:
    """Bytes of the regular file ``path``; of anything else pct would make an empty file, or never end."""
    facts = look(target, pid, path)
    if facts is None:
        raise NotFound(
            f'the file "{path}" does not exist in container "{target.record.id}"', code="file-missing"
        )
    if not stat.S_ISREG(facts.st_mode):
        what = "a directory" if stat.S_ISDIR(facts.st_mode) else "no regular file"
        raise UsageError(f'"{path}" in container "{target.record.id}" is {what}', code="file-invalid")
    return facts.st_size


def _settle(call: Call, copy: str, file: str, wanted: int) -> None:
    """Put the finished copy in its place at once."""
    try:
        size = os.lstat(copy).st_size
    except FileNotFoundError:
        raise CommandFailed(f'"{file}" was not made, though nothing was said', code="copy-missing") from None
    if size < wanted:
        raise incomplete(file, size, wanted, f"make room in {os.path.dirname(file)}")
    try:
        if call.flag("force"):
            _keep_owner(call, copy, file)
        else:  # the name is taken first, so that nobody's file is replaced
            os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        os.rename(copy, file)
    except FileExistsError:
        raise _exists(file) from None
    except OSError as error:
        raise from_os(error, f"cannot write {file}") from None


def _keep_owner(call: Call, copy: str, file: str) -> None:
    """Owner and permissions of the file that is replaced, as far as no option says other ones."""
    try:
        old = os.lstat(file)
    except FileNotFoundError:
        return
    if not stat.S_ISREG(old.st_mode):
        return
    os.chown(copy, -1 if call.text("user") else old.st_uid, -1 if call.text("group") else old.st_gid)
    if not call.text("mode"):
        os.chmod(copy, stat.S_IMODE(old.st_mode))
