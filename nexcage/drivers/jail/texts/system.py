"""Texts of rctl(8), devfs(8), cpuset(1), kldload(8), sysctl(8), ps(1) and pkill(1)."""

from nexcage.errors import (
    AlreadyExists,
    CommandFailed,
    DriverUnavailable,
    NotFound,
    PermissionDenied,
    Unsupported,
    UsageError,
)

_ROOT = "run it as root, on the host"
_LOADER = "put kern.racct.enable=1 into /boot/loader.conf and reboot"

SYSTEM = (
    # rctl
    (
        r"^rctl: RACCT/RCTL present, but disabled\b",
        DriverUnavailable,
        "racct-disabled",
        "limits cannot be set: resource accounting is disabled",
        _LOADER,
    ),
    (
        (
            r"^rctl: RACCT/RCTL support not present\b",
            r"^sysctl: unknown oid 'kern\.racct\.enable'",
            r"^rctl: .*: Function not implemented$",
        ),
        DriverUnavailable,
        "racct-missing",
        "limits cannot be set: this kernel has no resource accounting",
        "use a kernel with the options RACCT and RCTL, such as GENERIC",
    ),
    (
        r"^rctl: malformed rule '(?P<rule>.*?)': (?P<rest>.+)$",
        UsageError,
        "rule-invalid",
        'the limit "{rule}" is malformed: {rest}',
        "rctl(8) has the form",
    ),
    (
        r"^rctl: failed to add rule '(?P<rule>.*)': Invalid argument$",
        UsageError,
        "rule-invalid",
        'the limit "{rule}" has a resource, an action or a number that rctl does not know',
        "rctl(8) lists them",
    ),
    (
        r"^rctl: failed to add rule '(?P<rule>.*)': Operation not supported$",
        Unsupported,
        "rule-unsupported",
        'the limit "{rule}" cannot be had: its resource does not know that action',
        "rctl(8) lists them",
    ),
    (
        r"^rctl: failed to remove rule '(?P<rule>.*)': (?:No such process|No such file or directory)$",
        NotFound,
        "rule-missing",
        'there is no limit "{rule}"',
        "rctl lists them",
    ),
    (
        r"^rctl: failed to \w+ [\w ]+ '(?P<rule>.*)': (?:No such process|No such file or directory)$",
        NotFound,
        "rule-missing",
        'there is nothing to account for "{rule}"',
        "rctl lists the limits",
    ),
    (
        r"^rctl: failed to \w+ [\w ]+ '(?P<rule>.*)': Operation not permitted$",
        PermissionDenied,
        "not-root",
        "rctl is for root alone",
        _ROOT,
    ),
    (
        r"^rctl: failed to \w+ [\w ]+ '(?P<rule>.*)': (?P<error>.+)$",
        CommandFailed,
        "rule-failed",
        'the limit "{rule}": {error}',
        "",
    ),
    # devfs
    (
        r"^devfs\b.*\bioctl DEVFSIO_\w+: (?:Inappropriate ioctl for device|Not a tty)$",
        NotFound,
        "devfs-missing",
        "no devfs is mounted there to apply rules to",
        "mount -p shows what is mounted",
    ),
    (
        r"^devfs\b.*\bioctl DEVFSIO_\w*: (?:Operation not permitted|Permission denied)$",
        PermissionDenied,
        "not-root",
        "devfs is for root alone",
        _ROOT,
    ),
    (
        r"^devfs\b.*\bioctl DEVFSIO_\w+: File exists$",
        AlreadyExists,
        "devfs-rule-exists",
        "a rule of that number exists already",
        "devfs rule showsets lists the rulesets",
    ),
    (
        r"^devfs\b.*\bioctl DEVFSIO_\w+: (?:No such file or directory|No such process|Device busy)$",
        NotFound,
        "devfs-rule-missing",
        "there is no such rule or ruleset, or it is in use",
        "devfs rule showsets lists the rulesets",
    ),
    (
        r"^devfs\b.*: (?:open|fopen|stat)?:? ?(?P<path>/\S+): No such file or directory$",
        NotFound,
        "devfs-missing",
        'no devfs is mounted on "{path}"',
        "mount -p shows what is mounted",
    ),
    (
        (
            r"^devfs\b.*\bioctl DEVFSIO_\w+: Invalid argument$",
            r"^devfs\b.*: (?:expecting|no|unknown|too many|invalid|bad|cannot|can't) [^\n]*$",
        ),
        UsageError,
        "devfs-rule-invalid",
        "a rule for devices is invalid: {line}",
        "devfs(8) has the form",
    ),
    # cpuset
    (
        r"^cpuset: (?:setaffinity: (?:Invalid argument|Resource deadlock avoided)|[Ii]nvalid (?:cpu|list)\b)",
        UsageError,
        "cpu-invalid",
        "this machine has no such CPU for it",
        "cpuset -g lists the CPUs",
    ),
    # modules
    (
        (
            r"^kldload: can't load (?P<module>\S+): No such file or directory$",
            r"^kldstat: can't find (?:file|module) (?P<module2>[^\s:]+)",
        ),
        DriverUnavailable,
        "module-missing",
        'the kernel module "{module}" does not exist, or is not loaded',
        "ls /boot/kernel /boot/modules lists them",
    ),
    (
        r"^kldload: can't load (?P<module>\S+): (?:module already loaded|File exists)",
        AlreadyExists,
        "module-loaded",
        'the kernel module "{module}" is loaded already',
        "",
    ),
    (
        (
            r"^kldload: can't load (?P<module>\S+): Operation not permitted$",
            r"^sysctl: (?P<name>[^=\n]+)=.*: Operation not permitted$",
            r"^p(?:kill|grep): .*: Operation not permitted$",
        ),
        PermissionDenied,
        "not-root",
        "{tool} is refused to this user, or in this jail",
        _ROOT,
    ),
    (
        (
            r"^kldload: an error occurred while loading module (?P<module>[^\s.]+)",
            r"^kldload: can't load (?P<module2>\S+): (?P<error>.+)$",
        ),
        DriverUnavailable,
        "module-failed",
        'the kernel module "{module}" could not be loaded: {error}',
        "dmesg says why",
    ),
    # settings
    (
        r"^sysctl: unknown oid '(?P<name>[^']*)'",
        DriverUnavailable,
        "setting-missing",
        'this kernel has no setting "{name}"',
        "see whether its module is loaded",
    ),
    (
        r"^sysctl: oid '(?P<name>[^']*)' is a? ?read[ -]only(?P<tunable> tunable)?",
        UsageError,
        "setting-read-only",
        'the setting "{name}" cannot be changed while the kernel runs',
        "put it into /boot/loader.conf and reboot",
    ),
    (
        r"^sysctl: (?P<name>[^=:\n]+)(?:=.*)?: (?:Invalid argument|invalid \w+ '?.*)$",
        UsageError,
        "setting-invalid",
        'the setting "{name}" cannot have that value',
        "sysctl -d {name} says what it is",
    ),
)
