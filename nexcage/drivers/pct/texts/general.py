"""What any Perl program says: the last chance before a text is passed on as it is."""

from nexcage.errors import (
    AlreadyExists,
    CommandFailed,
    NetworkFailed,
    NexcageError,
    NotFound,
    PermissionDenied,
    Timeout,
    UsageError,
)

GENERAL = (
    (
        r"\bgot timeout\b|\btimed out\b|^timeout\b",
        Timeout,
        "timeout",
        "{tool} {verb} waited too long: {line}",
        "try it again when the node is less busy",
    ),
    (
        "Connection (?:refused|reset)|[Nn]etwork is unreachable|Temporary failure in name resolution",
        NetworkFailed,
        "network-failed",
        "{tool} {verb}: {line}",
        "see whether this node has a network and a resolver",
    ),
    (
        "Permission denied|Operation not permitted|Read-only file system",
        PermissionDenied,
        "permission-denied",
        "{tool} {verb}: {line}",
        "",
    ),
    (
        (
            "'(?P<path>/[^']+)'.* - No such file or directory",
            r"^(?:can't|cannot|unable to|failed to) (?:open|read|stat|access)(?: file)? (?P<path2>/[^\s:]+)",
        ),
        NotFound,
        "file-missing",
        'the file "{path}" does not exist',
        "",
    ),
    (
        (
            r"(?P<thing>\b[\w-]+) '(?P<name>[^']*)' (?:does not exist|doesn't exist|not found)",
            r"no such (?P<thing2>[\w -]{1,40}?) '(?P<name2>[^']*)'",
        ),
        NotFound,
        "resource-missing",
        'the {thing} "{name}" does not exist',
        "",
    ),
    (
        r"(?P<thing>\b[\w-]+) '(?P<name>[^']*)' (?:is )?already (?:exists|defined|used|in use|there)",
        AlreadyExists,
        "resource-exists",
        'the {thing} "{name}" exists already',
        "",
    ),
    (
        r"\balready (?:exists|defined|used|in use)\b",
        AlreadyExists,
        "resource-exists",
        "{tool} {verb}: {line}",
        "",
    ),
    (
        (
            r"\b(?:unable to parse|invalid|illegal|malformed|unknown|unexpected) (?P<thing>[\w -]{1,40}?):? "
            r"'(?P<value>[^']*)'"
        ),
        UsageError,
        "value-invalid",
        'the {thing} "{value}" is invalid: {line}',
        "",
    ),
    (
        (
            r"(?P<thing>\b[\w-]+) '(?P<value>[^']*)' (?:is not valid|is invalid|too (?:long|short|large))",
            r"unable to parse (?P<thing2>[\w -]{1,40}) options",
        ),
        UsageError,
        "value-invalid",
        'the {thing} "{value}" is invalid: {line}',
        "",
    ),
    (
        ": File exists$",
        AlreadyExists,
        "resource-exists",
        "{tool} {verb}: {line}",
        "",
    ),
    (
        (
            r"\b(?:is|are) not (?:supported|available|possible|implemented|allowed)\b",
            r"\bnot supported\b|\bunsupported\b|\bonly (?:supported|possible|available) ",
        ),
        NexcageError,
        "unsupported",
        "Proxmox VE cannot do it: {line}",
        "",
    ),
    (
        r"command '(?:\S*/)?(?P<program>[^ ']+).*' failed: (?P<rest>.+)$",
        CommandFailed,
        "command-failed",
        '"{program}", started by {tool} {verb}, failed: {rest}',
        "",
    ),
    (
        r" failed: (?:exit code|got signal) \d+",
        CommandFailed,
        "command-failed",
        "{tool} {verb}: {line}",
        "",
    ),
)
