"""The two system calls of FreeBSD that Python has no function for: jail_attach(2) and procctl(2)."""

import ctypes
import os

_P_PID = 0
# sys/procctl.h
_TRACE_CTL, _DISABLE = 7, 2
_NO_NEW_PRIVS_CTL, _ENABLE = 19, 1


def _call(name: str, *arguments: object) -> None:
    function = getattr(ctypes.CDLL(None, use_errno=True), name, None)
    if function is None:
        raise OSError(os.EX_OSERR, f"this system has no {name}")
    if function(*arguments) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def jail_attach(jid: int) -> None:
    """Enter the jail ``jid``: root and working directory are its root then. `OSError` as the kernel says."""
    _call("jail_attach", ctypes.c_int(jid))


def untraceable() -> None:
    """Until its next exec nobody may trace this process, nor read its memory: root of its jail, for one."""
    _control(_TRACE_CTL, _DISABLE)


def no_new_privileges() -> None:
    """From here on no exec gives this process more rights."""
    _control(_NO_NEW_PRIVS_CTL, _ENABLE)


def _control(command: int, value: int) -> None:
    data = ctypes.c_int(value)
    pid = ctypes.c_longlong(os.getpid())
    _call("procctl", ctypes.c_int(_P_PID), pid, ctypes.c_int(command), ctypes.byref(data))
