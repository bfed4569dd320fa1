"""Texts about jails themselves: there or not, dying, their roots, and who may make one."""

from nexcage.errors import (
    AlreadyExists,
    CommandFailed,
    InvalidBundle,
    NexcageError,
    NotFound,
    PermissionDenied,
    WrongStatus,
)

_ROOT = "run it as root, on the host"
_PARENT = "jls -n name children.max children.cur shows the room; jail -m raises it"

# only of a jail that is being made
CREATING = (
    (
        r'^jail: (?:.*: )?jail (?:"(?P<name>.*)"|(?P<name2>\d+)) not found$',
        NotFound,
        "parent-missing",
        '{what}: the parent jail "{name}" does not exist',
        "jls name lists the jails",
    ),
)

# only of a jail below another one
CHILDREN = (
    (
        r"\bjail_set: Operation not permitted$",
        PermissionDenied,
        "parent-limit",
        "{what}: the parent jail does not allow it: no room for children, or a right that it lacks itself",
        _PARENT,
    ),
)

JAILS = (
    (
        r"\balready exists$|\bjail_set: File exists$",
        AlreadyExists,
        "jail-exists",
        "{what}: a jail of that name or number exists already",
        "jls jid name path lists the jails",
    ),
    (
        r"\bis dying$",
        WrongStatus,
        "jail-dying",
        "{what}: container not running: its jail is dying",
        "jls -d jid name dying shows when its last process has been reaped",
    ),
    (
        r'^jail: (?:.*: )?depends on (?:undefined|nonexistent) jail "(?P<name>.*)"$',
        NotFound,
        "parent-missing",
        '{what}: it depends on the jail "{name}", which does not exist',
        "jls name lists the jails",
    ),
    (
        (
            r'^(?:jail|jls|jexec|ifconfig|cpuset|rctl)\b.*?(?:"[^"\n]*"|\bjail \d+) not found$',
            r"\bjail_get(?:\(\S*\))?: No such file or directory$",
            r"\bjail_(?:remove|attach\(\d+\)|attach): (?:Invalid argument|No such process)$",
            r"[Ii]nvalid jail (?:id|ID or name)\b",
        ),
        NotFound,
        "jail-missing",
        "{what}: its jail does not exist",
        "nexcage delete {id} removes what is left",
    ),
    (
        r"\bname cannot be numeric \(unless it is the jid\)$",
        NexcageError,
        "jail-name-invalid",
        "{what}: a jail's name cannot be a number",
        "choose an id with a letter in it",
    ),
    (
        r"\bprison limit exceeded$",
        PermissionDenied,
        "parent-limit",
        "{what}: the parent jail has no room for another child",
        _PARENT,
    ),
    (
        r"\bno available jail IDs$|\bjail_set: Resource temporarily unavailable$",
        NexcageError,
        "jids-exhausted",
        "{what}: the kernel has no jail number left",
        "remove jails that nobody needs",
    ),
    (
        (
            r"^jail: (?:.*: )?path (?P<path>.*): No such file or directory$",
            r"^jail: (?:.*: )?chdir:? (?P<path2>.*): No such file or directory$",
            r"\bjail_set: No such file or directory$",
        ),
        InvalidBundle,
        "path-missing",
        '{what}: its root "{path}" does not exist',
        "correct root.path in config.json, or unpack the image there",
    ),
    (
        (
            r"^jail: (?:.*: )?path (?P<path>.*): Not a directory$",
            r"^jail: (?:.*: )?chdir:? (?P<path2>.*): Not a directory$",
            r"\bjail_set: Not a directory$",
        ),
        InvalidBundle,
        "path-not-directory",
        '{what}: its root "{path}" is no directory',
        "correct root.path in config.json",
    ),
    (
        r"^jail: (?:.*: )?path:? (?P<path>.*): not an absolute pathname$",
        InvalidBundle,
        "path-not-absolute",
        '{what}: its root "{path}" is no absolute path',
        "correct root.path in config.json",
    ),
    (
        r"\bjail_attach(?:\(\d+\))?: (?:Not a directory|No such file or directory)$",
        WrongStatus,
        "root-unmounted",
        "{what}: its root has been unmounted under it",
        "nexcage delete --force {id}",
    ),
    (
        r"\b(?:jail_(?:set|remove|attach(?:\(\d+\))?)): (?:Operation not permitted|Permission denied)$",
        PermissionDenied,
        "not-root",
        "{what}: {tool} is refused to this user, or in this jail",
        _ROOT,
    ),
    (
        r"\battach failed$|\bjail_attach(?:\(\d+\))?: (?P<error>.+)$",
        CommandFailed,
        "attach-failed",
        "{what}: a process could not enter its jail: {error}",
        "",
    ),
)
