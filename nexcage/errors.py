"""Everything that can go wrong, as exceptions that carry data.

They never log and never exit: ``cli.main`` turns one into one line, a hint and
an exit status, and the log turns it into fields.

::

    NexcageError            1   the operation failed
    ├─ UsageError           2   the command line
    ├─ InvalidConfig        2   nexcage's own configuration
    ├─ InvalidBundle        2   config.json or rootfs, with the JSON path
    │  └─ Unsupported       2   a property that the driver cannot honour
    ├─ InvalidImage         1   an image or archive that a bundle was to be made of
    ├─ NotFound             1
    ├─ AlreadyExists        1
    ├─ WrongStatus          1
    ├─ Locked · PermissionDenied · Timeout · NoSpace    1
    ├─ StorageFailed · QuorumLost · NetworkFailed       1
    ├─ DriverUnavailable    1
    ├─ CommandFailed        1   an external program, with argv and status
    ├─ StateCorrupt         1
    └─ Interrupted          128 + signal

Engines read the words of a message: podman takes "not found" or "no such file"
for a missing program, containerd takes "container not running" for gone. So a
message uses those words only where they are meant; `told` sees to those of the system.
"""


class NexcageError(Exception):
    """An operation failed.

    ``message`` is one line without a full stop; ``code`` a stable slug for
    programs; ``hint`` one action for people; ``data`` further log fields.
    """

    exit_code = 1
    code = "internal"  # a defect: whoever raises this class says what it is

    def __init__(self, message: str, *, code: str = "", hint: str = "", **data: object) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.hint = hint
        self.data = data


class UsageError(NexcageError):
    """The command line does not say what can be done.

    ``given`` has the options that were understood before the mistake, where the command line was being read.
    """

    exit_code = 2
    code = "usage"
    given: "dict[str, list[str]] | None" = None


class InvalidConfig(NexcageError):
    """nexcage's configuration (file, environment) cannot be used."""

    exit_code = 2
    code = "config-invalid"


class InvalidBundle(NexcageError):
    """A bundle cannot be used; the message names file and JSON path."""

    exit_code = 2
    code = "bundle-invalid"


class Unsupported(InvalidBundle):
    """A property of the bundle that the chosen driver cannot honour."""

    code = "unsupported-property"


class InvalidImage(NexcageError):
    """An image, layer or archive cannot be used; the message names it and the entry."""

    code = "image-malformed"


class NotFound(NexcageError):
    """The container does not exist."""

    code = "container-missing"


class AlreadyExists(NexcageError):
    """The container id is taken."""

    code = "container-exists"


class WrongStatus(NexcageError):
    """The container's status does not allow the operation."""

    code = "wrong-status"


class Locked(NexcageError):
    """Another process works on the container."""

    code = "container-locked"


class PermissionDenied(NexcageError):
    """The host refuses it to this user."""

    code = "permission-denied"


class Timeout(NexcageError):
    """Something did not happen in time."""

    code = "timeout"


class NoSpace(NexcageError):
    """No space or no inodes left where nexcage has to write."""

    code = "no-space"


class StorageFailed(NexcageError):
    """A storage of the host is away, or cannot hold or do what is asked of it."""

    code = "storage-failed"


class QuorumLost(NexcageError):
    """The node's cluster has no majority, so nothing in it can be changed."""

    code = "quorum-lost"


class NetworkFailed(NexcageError):
    """A bridge, an interface or something beyond the network cannot be used."""

    code = "network-failed"


class DriverUnavailable(NexcageError):
    """A driver cannot run on this host, and why."""

    code = "driver-unavailable"


class CommandFailed(NexcageError):
    """An external program failed; ``data`` has ``argv``, ``status`` and ``stderr``."""

    code = "driver-failed"


class StateCorrupt(NexcageError):
    """A record on disk cannot be read."""

    code = "state-corrupt"


class Interrupted(NexcageError):
    """A signal asked to stop; what was begun has been undone."""

    code = "interrupted"

    def __init__(self, signal: int) -> None:
        super().__init__(f"interrupted by signal {signal}")
        self.exit_code = 128 + signal


# words that engines read, and what a message says instead where they are not meant
_MISREAD = (
    ("no such file or directory", "nothing is there"),
    ("no such file", "nothing is there"),
    ("not found", "missing"),
    ("no such process", "its process has ended"),
)
# a program that is missing is meant; of a driver's own failure the words are passed on
_MEANT = ("driver-failed", "executable-denied", "executable-missing")


def told(error: NexcageError) -> str:
    """The message of ``error`` without the words that engines would take for something else."""
    message = error.message
    if error.code not in _MEANT:
        for words, instead in _MISREAD:
            message = message.replace(words, instead)
    return message


def from_os(error: OSError, what: str) -> NexcageError:
    """Turn ``error`` into ours; ``what`` begins the message ("cannot write /x")."""
    import errno

    reason = (error.strerror or str(error)).lower()
    message = f"{what}: {reason}"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return NoSpace(message, hint="free some space there, then try again")
    if error.errno in (errno.EACCES, errno.EPERM):
        return PermissionDenied(message, hint="run it as root, or choose a --root that is yours")
    if error.errno == errno.EROFS:
        return PermissionDenied(message, hint="choose a --root on a writable file system")
    return NexcageError(message, code="os-error")
