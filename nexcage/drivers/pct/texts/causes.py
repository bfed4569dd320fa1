"""What a task's own output (stdout) says of why it failed, where its error only says that something did."""

from nexcage.drivers.pct.texts.guests import GUESTS
from nexcage.drivers.pct.texts.network import NETWORK
from nexcage.errors import CommandFailed, InvalidImage, NoSpace, NotFound, StorageFailed, UsageError

# errors that leave the reason to the task's output
OPAQUE = (
    r"failed: (?:exit code|got signal) \d+",
    "^startup for container",
    "unable to get PID for CT",
    "^mounting container failed",
)
_DEBUG = "pct start {vmid} --debug 1 shows why"

CAUSES = (
    (
        (
            "No space left on device",
            r"Wrote only \d+ of \d+ bytes",
            "[Qq]uota exceeded",
            "insufficient free space",
            "out of space",
        ),
        NoSpace,
        "no-space",
        "no space left on the storage while {tool} {verb} wrote to it",
        "ask for a larger --rootfs-size, or choose another --storage",
    ),
    (
        r"lxc-checkpoint: .* (?P<number>\d+) is not defined",
        NotFound,
        "ct-missing",
        "{what} does not exist on this node",
        "pvesh get /cluster/resources --type vm shows which node has it",
    ),
    (
        r"lxc-checkpoint: .*?(?P<rest>(?:criu|CRIU|Checkpointing|Restoring|checkpoint).*)$",
        CommandFailed,
        "checkpoint-failed",
        "{what}: CRIU failed: {rest}",
        "use nexcage pause and resume, which need no CRIU",
    ),
    (
        (
            "not in gzip format",
            "does not look like a tar archive",
            "Archive is compressed",
            "[Uu]nexpected (?:EOF|end of file)",
            "crc error",
            "[Ff]ile format not recognized",
            "invalid compressed data",
            "corrupt",
            "unsupported format",
            "(?P<rest>tar: .*(?:[Nn]ot found in archive|not recoverable).*)$",
        ),
        InvalidImage,
        "archive-invalid",
        "the archive is damaged or not what its name says",
        "fetch or make the archive again",
    ),
    (
        r"^tar: (?P<rest>.*(?:Cannot|cannot) .*)$",
        InvalidImage,
        "archive-invalid",
        "the archive cannot be unpacked: {rest}",
        "an unprivileged container cannot have device nodes; see whether the archive has some",
    ),
    (
        r"directory '(?P<path>[^']*)' does not exist",
        NotFound,
        "directory-missing",
        'the directory "{path}" does not exist',
        "ls -ld {path}",
    ),
    (
        r"Unknown resource (?P<name>\S+)|Failed to set limit (?P<name2>\S+)",
        UsageError,
        "rlimit-invalid",
        '{what}: the limit "{name}" is unknown or above the host\'s',
        _DEBUG,
    ),
    (
        r"(?P<error>[A-Z][\w ]+) - Failed to exec \"(?P<program>[^\"]*)\"",
        CommandFailed,
        "executable-missing",
        '{what}: its program "{program}" cannot be executed: {error}',
        "see whether the rootfs has it and for which architecture",
    ),
    (
        r"Failed to (?:setup mount|mount|set ?up rootfs|pivot)|mount(?:ing container)? failed",
        CommandFailed,
        "mount-failed",
        "{what}: a mount failed while it started",
        _DEBUG,
    ),
    (
        (
            r"exited with status (?P<status>\d+)\n.*Failed to run (?P<hook>lxc\.hook\.\S+)",
            r"Failed to run (?P<hook2>lxc\.hook\.\S+)",
        ),
        CommandFailed,
        "hook-failed",
        '{what} did not start: its hook "{hook}" failed with status {status}',
        _DEBUG,
    ),
    *(row for row in NETWORK if row[2].startswith(("image-", "registry-", "download-missing"))),
    *(row for row in GUESTS if row[2] == "init-ended"),
)

# commands that exit 0 and say only on stdout that they did nothing
_GONE = (
    "disk image '(?P<volume>[^']*)' does not exist",
    NotFound,
    "volume-missing",
    'the volume "{volume}" does not exist',
    "pvesm list STORAGE shows what is there",
)
SILENT = (
    ("pvesm free", _GONE),
    ("pvesh delete", _GONE),
    (
        "pct resize",
        (
            "Failed to update the container's filesystem",
            StorageFailed,
            "resize-failed",
            "{what}: the disk has grown, its file system has not",
            "pct df {vmid}",
        ),
    ),
)
