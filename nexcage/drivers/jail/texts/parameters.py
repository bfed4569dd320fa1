"""Texts about the parameters of a jail, about jail.conf and about options."""

from nexcage.errors import CommandFailed, NetworkFailed, NotFound, UsageError

_LIST = "sysctl -d security.jail.param lists those of this kernel"
_VALUES = "jail(8) says what it may be"
_RELEASE = "freebsd-version shows the release; nexcage wants the tools of 15.1"

PARAMETERS = (
    (
        r"\bunknown parameter: (?P<name>allow\.mount\.(?:no)?(?P<module>\w+))$",
        UsageError,
        "parameter-unknown",
        'this kernel does not know the parameter "{name}": its file system is not loaded',
        "kldload {module}, or leave it out",
    ),
    (
        r"\bunknown parameter: (?P<name>linux(?:\.\w+)?)$",
        UsageError,
        "parameter-unknown",
        'this kernel does not know the parameter "{name}": Linux programs cannot run',
        "kldload linux64",
    ),
    (
        (
            r"\bunknown parameter: (?P<name>.*)$",
            r"\bsysctl(?:byname|nametomib)?\((?P<name2>[^)\n]*)\): No such file or directory$",
            r"\bunknown type for (?P<name3>\S+)$",
        ),
        UsageError,
        "parameter-unknown",
        'this kernel does not know the parameter "{name}"',
        _LIST,
    ),
    (
        r"(?P<name>[\w.]+): not an (?P<family>IPv[46]) address: (?P<value>.*)$",
        UsageError,
        "address-invalid",
        '{name}: "{value}" is no {family} address',
        "correct it in config.json",
    ),
    (
        r"\bIPv[46] addresses clash$|\bjail_set: Address already in use$",
        NetworkFailed,
        "address-taken",
        "an address is another jail's already",
        "jls -n name ip4.addr ip6.addr shows whose",
    ),
    (
        r"\btoo many (?P<family>IPv[46]) addresses$",
        UsageError,
        "address-invalid",
        "there are more {family} addresses than a jail may have",
        "sysctl security.jail.jail_max_af_ips raises the number",
    ),
    (
        (
            r"(?P<name>[\w.]+): (?:unknown |non-)(?:boolean|jailsys|integer) value \"(?P<value>.*)\"$",
            r"(?P<name2>[\w.]+): (?:bad|invalid) [\w ]+ \"(?P<value2>.*)\"$",
        ),
        UsageError,
        "parameter-invalid",
        '{name} cannot be "{value}"',
        _VALUES,
    ),
    (
        r"\bvnet jails cannot have IP address restrictions$",
        UsageError,
        "parameters-conflict",
        "a jail with a network of its own cannot be held to addresses",
        "leave out freebsd.jail.vnet, or ip4, ip6 and their addresses",
    ),
    (
        r"(?P<name>[\w.]+) cannot be changed after creation$",
        UsageError,
        "parameter-read-only",
        '"{name}" cannot be changed in a jail that exists',
        "delete the container and create it anew",
    ),
    (
        r"\bcannot change (?P<name>jid|jail's parent)\b",
        UsageError,
        "parameter-read-only",
        "the {name} cannot be changed in a jail that exists",
        "delete the container and create it anew",
    ),
    (
        r"\bnew jail must persist or attach$",
        UsageError,
        "parameter-missing",
        "a jail must persist, or have a command",
        "",
    ),
    (
        r": no path$|\bno jail specified$|\bupdate specified no jail$",
        UsageError,
        "parameter-missing",
        "a parameter is missing: {line}",
        "",
    ),
    (
        r"\bnegative jid$|\b(?P<name>osrel\w+) (?:string must|cannot) be \S+|: missing value$",
        UsageError,
        "parameter-invalid",
        "{line}",
        _VALUES,
    ),
    (
        r"\bjail_set: File name too long$",
        UsageError,
        "name-too-long",
        "{long} is too long for a jail",
        "at most 255 bytes",
    ),
    (
        r"\bjail_set: (?:Invalid argument|Numerical result out of range)$",
        UsageError,
        "parameter-invalid",
        "the kernel refuses a parameter: out of range, or no such value",
        _VALUES,
    ),
    # jail.conf
    (
        (
            r"^jail: (?:.*: )?variable \"(?P<name>.*)\" not found$",
            r"^jail: (?:.*: )?(?:variable|\"\$).* cannot (?:have|contain) ",
        ),
        CommandFailed,
        "jail-conf-invalid",
        'its jail.conf is in error: the variable "{name}" does not exist',
        "single quotes keep a $ from jail(8)",
    ),
    (
        r"^jail: (?P<path>\S+)(?: line \d+)?: (?P<rest>unexpected \S+|syntax error.*|unterminated .*)$",
        CommandFailed,
        "jail-conf-invalid",
        'the configuration "{path}" is in error: {rest}',
        "jail -f {path} -e '|' reads it",
    ),
    (
        r"^jail: (?:.*: )?(?P<path>dependency loop)\b|^jail: .*\bdeprecated parameter\b",
        CommandFailed,
        "jail-conf-invalid",
        "its jail.conf is in error: {line}",
        "",
    ),
    (
        r"^jail: (?P<path>/[^:\n]*): No such file or directory$",
        NotFound,
        "jail-conf-missing",
        'the configuration "{path}" does not exist',
        "",
    ),
    # options
    (
        r"^(?P<program>\w+): (?:illegal|invalid|unrecognized) option (?:-- )?'?(?P<option>[^'\n]*)'?$",
        CommandFailed,
        "option-unknown",
        'the {program} of this release has no option "{option}"',
        _RELEASE,
    ),
    (
        r"^usage: (?P<program>\w+)|^(?P<program2>\w+): option requires an argument\b",
        CommandFailed,
        "command-line-refused",
        "{program} refuses its command line",
        _RELEASE,
    ),
)
