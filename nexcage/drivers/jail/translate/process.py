"""``process``: what is held until start, and then runs with all of this (config.md, "Process").

jexec(8) takes user names only and sets neither umask nor limits, so the driver does it all by itself:
fork(2), jail_attach(2), chdir(2), setgroups(2), setgid(2), setuid(2), umask(2), setrlimit(2), execve(2).
"""

from nexcage.drivers.jail.translate.request import Request
from nexcage.drivers.jail.translate.translated import Translated, refuse, utf8
from nexcage.drivers.jail.words import LIMITS

_INFINITY = 2**63 - 1  # RLIM_INFINITY of FreeBSD; 2**64 - 1 is Linux's
_MOST_GROUPS = 1023  # NGROUPS_MAX


def args(request: Request, out: Translated) -> None:
    """The first is looked up in PATH of ``env``, inside the jail."""
    out.held.args = list(request.part("process").get("args") or ())
    for i, text in enumerate(out.held.args):
        utf8(text, f"$.process.args[{i}]")


def env(request: Request, out: Translated) -> None:
    """As it is: nothing of the host's, and nothing of login.conf(5)."""
    out.held.env = list(request.part("process").get("env") or ())
    for i, text in enumerate(out.held.env):
        utf8(text, f"$.process.env[{i}]")


def cwd(request: Request, out: Translated) -> None:
    """Inside the jail."""
    out.held.cwd = request.part("process").get("cwd") or "/"
    utf8(out.held.cwd, "$.process.cwd")


def user(request: Request, out: Translated) -> None:
    """Numbers, which need no /etc/passwd in the image."""
    values = request.part("process", "user")
    held = out.held
    held.uid, held.gid = values.get("uid") or 0, values.get("gid") or 0
    held.groups = [gid for gid in values.get("additionalGids") or () if gid is not None]
    if len(held.groups) > _MOST_GROUPS:
        raise refuse("$.process.user.additionalGids", f"are more than {_MOST_GROUPS} groups")
    if values.get("umask") is not None:
        held.umask = values["umask"]


def rlimits(request: Request, out: Translated) -> None:
    """setrlimit(2); names that FreeBSD has not stand in the table of refusals."""
    for row in request.part("process").get("rlimits") or ():
        if row["type"] in LIMITS:
            soft, hard = (None if row[side] >= _INFINITY else row[side] for side in ("soft", "hard"))
            out.held.limits.append((row["type"], soft, hard))


def no_new_privileges(request: Request, out: Translated) -> None:
    """procctl(2), PROC_NO_NEW_PRIVS_CTL."""
    out.held.no_new_privileges = bool(request.part("process").get("noNewPrivileges"))


def terminal(request: Request, out: Translated) -> None:
    """A pty(4) of the host, handed over the console socket."""
    values = request.part("process")
    out.held.terminal = bool(values.get("terminal"))
    size = values.get("consoleSize")
    if isinstance(size, dict):
        height, width = size.get("height"), size.get("width")
        if (
            isinstance(height, int)
            and isinstance(width, int)
            and 0 <= height < 1 << 16
            and 0 <= width < 1 << 16
        ):
            out.held.size = (height, width)
