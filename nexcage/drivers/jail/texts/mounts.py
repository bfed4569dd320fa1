"""Texts of mount(8), its helpers, umount(8), and of jail(8) about its mount parameters."""

from nexcage.errors import (
    CommandFailed,
    DriverUnavailable,
    InvalidBundle,
    NoSpace,
    NotFound,
    PermissionDenied,
    StorageFailed,
    UsageError,
    WrongStatus,
)

_TOOL = r"^(?:u?mount(?:_\w+)?|jail: (?:.*: )?mount(?:\.\w+)?): (?:realpath |stat )?"
_GONE = "(?:No such file or directory|Invalid argument|Not a directory)"
_TABLE = "mount -p shows what is mounted"
_BUSY = "fstat -f {path} shows who uses it"

MOUNTS = (
    (
        r"^jail: (?:.*: )?mount\.fstab: (?P<path>.+): (?:No such file or directory|Permission denied)$",
        NotFound,
        "file-missing",
        'the list of mounts "{path}" does not exist, or cannot be read',
        "",
    ),
    (
        rf"{_TOOL}(?P<path>.+) is a symbolic link$",
        InvalidBundle,
        "mount-path-unsafe",
        'nothing can be mounted on "{path}": it is a symbolic link',
        "name the directory that it leads to",
    ),
    (
        rf"{_TOOL}(?P<path>.+): not an absolute pathname$",
        InvalidBundle,
        "mount-path-unsafe",
        'nothing can be mounted on "{path}": it is no absolute path',
        "correct the destination in config.json",
    ),
    (
        rf"{_TOOL}(?P<rest>.+): missing information$",
        InvalidBundle,
        "mount-invalid",
        'the mount "{rest}" is incomplete',
        "it is: source, target, type, options",
    ),
    (
        r"^u?mount(?:_\w+)?: (?P<path>.+): must be (?:the )?same type as (?P<source>.*)$",
        InvalidBundle,
        "mount-type-mismatch",
        'a file cannot be mounted on a directory, nor the reverse: "{path}"',
        "make the target a file when the source is one",
    ),
    (
        (
            r"^mount(?:_\w+)?: (?:.*: )?Invalid fstype\b",
            r"^mount(?:_\w+)?: .+: Operation not supported by device$",
            r"^mount: exec: mount_(?P<fstype>\w+) not found in\b",
        ),
        DriverUnavailable,
        "module-missing",
        'this kernel has no file system "{fstype}"',
        "kldload {fstype}, or correct the type",
    ),
    (
        r"^mount(?:_\w+)?: (?:.*: )?mount option <(?P<option>[^>\n]*)> is unknown\b",
        InvalidBundle,
        "mount-option-unknown",
        'FreeBSD has no mount option "{option}" there',
        "leave it out",
    ),
    (
        r"^mount(?:_\w+)?: -o (?P<option>\S+): option not supported$",
        InvalidBundle,
        "mount-option-unknown",
        'FreeBSD has no mount option "{option}" there',
        "leave it out",
    ),
    (
        (
            r"^umount: (?P<path>.+): (?:not a file system root directory|not currently mounted)$",
            r"^umount: (?P<path2>.+): unknown file system$",
            rf"^umount: (?:unmount of )?(?P<path3>.+?)(?: failed)?: (?:statfs: )?{_GONE}$",
            rf"{_TOOL}(?P<path4>.+): not a (?:\w+ )?mount(?: point)?$",
        ),
        NotFound,
        "not-mounted",
        'nothing is mounted on "{path}"',
        _TABLE,
    ),
    (
        r"^umount: (?:unmount of )?(?P<path>.+?)(?: failed)?: (?:Device busy|Resource busy)$",
        WrongStatus,
        "mount-busy",
        '"{path}" is in use and cannot be unmounted',
        _BUSY,
    ),
    (
        rf"{_TOOL}(?P<path>.+): Device busy$",
        WrongStatus,
        "mount-busy",
        '"{path}": something is mounted there already, or uses it',
        _TABLE,
    ),
    (
        rf"{_TOOL}(?P<path>.+): Directory not empty$",
        WrongStatus,
        "mount-path-used",
        'the directory "{path}" is not empty',
        "",
    ),
    (
        rf"{_TOOL}(?:.+: )?(?:Operation not permitted|Permission denied)$",
        PermissionDenied,
        "not-root",
        "a mount is refused to this user, or in this jail",
        "run it as root, on the host",
    ),
    (
        rf"{_TOOL}(?P<path>/.*): No such file or directory$",
        InvalidBundle,
        "mount-path-missing",
        'a source or target of a mount does not exist: "{path}"',
        "ls -ld {path}",
    ),
    (
        rf"{_TOOL}(?P<path>.+): No such file or directory$",
        InvalidBundle,
        "mount-path-missing",
        'the target of the mount of "{path}" does not exist',
        "",
    ),
    (
        rf"{_TOOL}(?P<path>.+): Not a directory$",
        InvalidBundle,
        "mount-path-missing",
        'a part of a mount is no directory: "{path}"',
        "",
    ),
    (
        rf"{_TOOL}(?P<path>.+): (?:Resource deadlock avoided|Too many levels of symbolic links)$",
        UsageError,
        "mount-invalid",
        'a mount would lead into itself: "{path}"',
        "choose another source",
    ),
    (
        rf"{_TOOL}(?:.+: )?(?:No space left on device|Cannot allocate memory)$",
        NoSpace,
        "no-space",
        "no room for a mount: {line}",
        "free some memory or space",
    ),
    (
        r"^mount: (?P<path>\S+): unknown special file or file system$",
        InvalidBundle,
        "mount-invalid",
        'it is not said what to mount on "{path}"',
        "",
    ),
    (
        r"^umount: (?:.*: )?(?P<error>[A-Z][^:\n]*)$",
        CommandFailed,
        "unmount-failed",
        "an unmount failed: {line}",
        _TABLE,
    ),
    (
        r"^mount(?:_\w+)?: .*: (?P<error>[A-Z][^:\n]*)$",
        StorageFailed,
        "mount-failed",
        "a mount failed: {line}",
        _TABLE,
    ),
    (
        r"^jail: (?:.*: )?/sbin/(?:u?mount)\S* (?P<rest>.+): failed$",
        StorageFailed,
        "mount-failed",
        "a mount failed: {said}",
        _TABLE,
    ),
)
