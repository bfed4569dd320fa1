"""Texts about the programs that jail(8) and jexec(8) run in a jail, and about their users."""

from nexcage.errors import CommandFailed, NotFound, PermissionDenied, Timeout

COMMANDS = (
    (
        r"^(?:jexec|jail): (?:.*: )?(?P<name>[^:\n]+): no such user$",
        NotFound,
        "user-missing",
        '"{name}" is no user there',
        "give numbers",
    ),
    (
        r"^(?:jexec|jail): (?:.*: )?getpwnam:? ?(?P<name>[^:\n]*): (?P<error>.+)$",
        NotFound,
        "user-missing",
        'the user "{name}" cannot be looked up: {error}',
        "give numbers; an image may have no /etc/pwd.db",
    ),
    (
        r"^(?:jexec|jail): (?:.*: )?unknown uid (?P<name>\d+)$",
        NotFound,
        "user-missing",
        '"{name}" is no user there',
        "",
    ),
    (
        (
            r"^(?:jexec|jail): (?:.*: )?chdir(?:\(\):?)? (?P<path>.*): "
            r"(?:No such file or directory|Not a directory|Permission denied)$"
        ),
        NotFound,
        "directory-missing",
        'the directory "{path}" is not there for it',
        "correct the working directory",
    ),
    (
        (
            r"^(?:jexec|jail): (?:.*: )?(?:set(?:gid|uid|groups|usercontext|login|fib)|initgroups"
            r"|get(?:pwclass|grouplist|groups)|login_getpwclass)\b.*: (?P<error>.+)$"
        ),
        PermissionDenied,
        "user-refused",
        "its user or groups could not be set: {line}",
        "",
    ),
    (
        r"^jail: (?:.*: )?(?:exec\.consolelog|open (?P<path>\S+)): (?P<error>.+)$",
        CommandFailed,
        "console-log-failed",
        'the log of its console "{path}" cannot be written: {error}',
        "",
    ),
    (
        r"^jail: (?:[\w.-]+: )?(?P<rest>.+): timed out$",
        Timeout,
        "timeout",
        "a program that jail ran took too long: {rest}",
        "",
    ),
    (
        r"^jail: (?:[\w.-]+: )?(?P<rest>.+): exited on signal (?P<number>\d+)",
        CommandFailed,
        "command-failed",
        "a program that jail ran was killed by signal {number}: {rest}",
        "",
    ),
    (
        r"^jail: (?:[\w.-]+: )?(?P<rest>.+): failed$",
        CommandFailed,
        "command-failed",
        "a program that jail ran failed: {rest}",
        "",
    ),
)
