"""Files into and out of a running container: the command lines of ``pct push`` and ``pct pull``.

Both exit 0 when they failed, and say nothing at all about a directory or a full
disk (PVE/CLI/pct.pm: ``copy`` is not looked at), so what can be known is checked before.
"""

import os
import stat

from nexcage.errors import NotFound, UsageError, from_os

_MOST = 0o7777


def words(verb: str, vmid: str, options: list[str], after: list[str]) -> list[str]:
    """The words of pct for ``push`` and ``pull``.

    ``options`` are nexcage's own: --user U, --group G, --mode 0644; ``after`` is (source, destination).
    """
    given = dict(zip(options[::2], options[1::2], strict=True))
    source, destination = after
    make = push if verb == "push" else pull
    return make(
        vmid,
        source,
        destination,
        given.get("--user", ""),
        given.get("--group", ""),
        given.get("--mode", ""),
    )


def push(vmid: str, file: str, dest: str, user: str = "", group: str = "", perms: str = "") -> list[str]:
    """Copy ``file`` of this host to ``dest`` in the container; names of users are the container's."""
    _check_inside(dest)
    options = _options(user, group, perms)
    _check_source(file)
    return ["pct", "push", vmid, os.path.abspath(file), dest, *options]


def pull(vmid: str, path: str, dest: str, user: str = "", group: str = "", perms: str = "") -> list[str]:
    """Copy ``path`` of the container to ``dest`` on this host; names of users are this host's."""
    _check_inside(path)
    return ["pct", "pull", vmid, path, os.path.abspath(dest), *_options(user, group, perms)]


def _check_inside(path: str) -> None:
    if not path.startswith("/"):
        raise UsageError(
            f'"{path}" is no absolute path in the container', code="path-invalid", hint="begin it with /"
        )
    if path.endswith("/"):
        raise UsageError(f'"{path}" names a directory', code="path-invalid", hint="give the file's name too")


def _check_source(file: str) -> None:
    """A regular file that we may read: of a directory pct would make an empty file, and exit 0."""
    try:
        handle = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise NotFound(f'the file "{file}" does not exist', code="file-missing") from None
    except OSError as error:
        raise from_os(error, f'cannot read the file "{file}"') from None
    try:
        mode = os.fstat(handle).st_mode
    finally:
        os.close(handle)
    if not stat.S_ISREG(mode):
        raise UsageError(
            f'"{file}" is {"a directory" if stat.S_ISDIR(mode) else "no regular file"}',
            code="file-invalid",
            hint="only regular files are copied: pack it into an archive first",
        )


def _options(user: str, group: str, perms: str) -> list[str]:
    words: list[str] = []
    for option, name in (("user", user), ("group", group)):
        if not name:
            continue
        if name.startswith("-") or ":" in name or not name.isprintable() or " " in name:
            hint = "give the group with --group" if ":" in name else ""
            raise UsageError(
                f'option --{option}: "{name}" is no name or number', code=f"{option}-invalid", hint=hint
            )
        words += [f"--{option}", name]
    return words + (["--perms", mode(perms)] if perms else [])


def mode(text: str) -> str:
    """``text`` as pct takes it for octal: with a zero in front."""
    octal = len(text) <= 5 and text.isascii() and text.isdigit() and not set(text) & set("89")
    if not octal or int(text, 8) > _MOST:
        raise UsageError(
            f'option --mode: "{text[:64]}" is no octal mode',
            code="mode-invalid",
            hint="0 to 07777, such as 0644",
        )
    return f"0{int(text, 8):o}"
