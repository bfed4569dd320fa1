"""What any program of FreeBSD says when a system call fails: the last chance before a text is passed on."""

from nexcage.errors import (
    AlreadyExists,
    NexcageError,
    NoSpace,
    NotFound,
    PermissionDenied,
    Timeout,
    UsageError,
    WrongStatus,
)

_SAID = "{tool} {verb}: {line}"

GENERAL = (
    (
        ": (?:No space left on device|Disc quota exceeded)$",
        NoSpace,
        "no-space",
        _SAID,
        "free some space there, then try again",
    ),
    (
        ": (?:Cannot allocate memory|Resource temporarily unavailable|Too many (?:processes|open files.*))$",
        NexcageError,
        "resources-exhausted",
        _SAID,
        "see limits(1) and rctl(8)",
    ),
    (
        ": (?:Operation not permitted|Permission denied|Read-only file system)$",
        PermissionDenied,
        "permission-denied",
        _SAID,
        "run it as root, on the host",
    ),
    (
        ": (?:Operation timed out)$|: timed out$",
        Timeout,
        "timeout",
        _SAID,
        "try it again when the host is less busy",
    ),
    (
        r": (?P<path>/[^:\n]*): No such file or directory$",
        NotFound,
        "file-missing",
        'the file "{path}" does not exist',
        "",
    ),
    (
        ": (?:No such file or directory|No such process|Device not configured)$",
        NotFound,
        "resource-missing",
        _SAID,
        "",
    ),
    (
        ": (?:File exists)$",
        AlreadyExists,
        "resource-exists",
        _SAID,
        "",
    ),
    (
        ": (?:Device busy|Text file busy|Directory not empty)$",
        WrongStatus,
        "resource-busy",
        _SAID,
        "",
    ),
    (
        ": (?:Operation not supported(?: by device)?|Function not implemented|Protocol not supported)$",
        NexcageError,
        "unsupported",
        _SAID,
        "",
    ),
    (
        ": (?:Invalid argument|File (?:name )?too (?:long|large)|Not a directory|Argument list too long)$",
        UsageError,
        "value-invalid",
        _SAID,
        "",
    ),
)
