"""Lines of "400 Parameter verification failed.": ``NAME: TEXT``, for any parameter of any tool.

``{name}`` is the parameter (``net0.ip``), ``{value}`` what was given for it, when the command line shows it.
"""

from nexcage.errors import AlreadyExists, NotFound, UsageError

_INVALID = "parameter-invalid"

# codes of parameters that people know by name; the number of netN, mpN, devN does not matter
CODES = {
    "arch": "arch-invalid",
    "cores": "cores-invalid",
    "cpulimit": "cpu-invalid",
    "cpuunits": "cpu-invalid",
    "description": "description-invalid",
    "dev": "device-invalid",
    "entrypoint": "entrypoint-invalid",
    "env": "env-invalid",
    "features": "features-invalid",
    "hookscript": "hookscript-invalid",
    "hostname": "hostname-invalid",
    "memory": "memory-invalid",
    "mp": "mount-invalid",
    "nameserver": "nameserver-invalid",
    "net": "net-invalid",
    "newid": "vmid-invalid",
    "ostemplate": "template-invalid",
    "ostype": "ostype-invalid",
    "password": "password-invalid",
    "pool": "pool-invalid",
    "reference": "reference-invalid",
    "rootfs": "rootfs-invalid",
    "searchdomain": "nameserver-invalid",
    "size": "size-invalid",
    "snapname": "snapshot-invalid",
    "storage": "storage-invalid",
    "swap": "memory-invalid",
    "tags": "tags-invalid",
    "timezone": "timezone-invalid",
    "vmid": "vmid-invalid",
    "volume": "volume-invalid",
}

SPECIFIC = (
    (
        r"^storage: No such storage",
        NotFound,
        "storage-missing",
        'the storage "{value}" does not exist',
        "pvesm status lists them",
    ),
    (
        r"^template: no such template",
        NotFound,
        "template-missing",
        "no such template is offered: {wanted}",
        "pveam update, then pveam available lists them",
    ),
    (
        r"^vmid: VM (?P<number>\d+) already exists",
        AlreadyExists,
        "vmid-exists",
        "{what}: VMID {number} is taken",
        "pvesh get /cluster/nextid gives a free one",
    ),
    (
        r"^hostname: .*valid DNS name",
        UsageError,
        "hostname-invalid",
        'the hostname "{value}" is no DNS name: letters, digits, "-" and "." only',
        "give another one with --hostname",
    ),
    (
        r"^(?:vmid|newid): .*valid VM ID",
        UsageError,
        "vmid-invalid",
        'the VMID "{value}" is none: from 100 to 999999999',
        "pvesh get /cluster/nextid gives a free one",
    ),
    (
        r"^password: value must be at least (?P<number>\d+) characters long",
        UsageError,
        "password-invalid",
        "the password is shorter than {number} characters",
        "give a longer one",
    ),
    (
        "no storage specified - incomplete volume ID",
        UsageError,
        "volume-invalid",
        '"{wanted}" is no volume',
        "write STORAGE:VOLUME",
    ),
    (
        r"^delete: unknown option '(?P<option>[^']*)'",
        UsageError,
        "option-unknown",
        '{what}: there is no option "{option}" to remove',
        "pct config {vmid}",
    ),
    (
        r"^delete: you can't use '-(?P<option>[\w-]+)'",
        UsageError,
        "options-conflict",
        '{what}: "{option}" cannot be set and removed at once',
        "",
    ),
)

# what the schema says of any value
SCHEMA = (
    (
        r": type check \('(?P<type>[^']*)'\) failed - got '(?P<got>.*)'$",
        UsageError,
        _INVALID,
        '{name}: "{got}" is no {type}',
        "",
    ),
    (
        r": type check \('(?P<type>[^']*)'\) failed",
        UsageError,
        _INVALID,
        '{name} "{value}" is no {type}',
        "",
    ),
    (
        r": value must have a (?:minimum value|minLength) of (?P<number>\S+)",
        UsageError,
        _INVALID,
        '{name} "{value}" must be at least {number}',
        "",
    ),
    (
        r": value must have a (?:maximum value|maxLength) of (?P<number>\S+)",
        UsageError,
        _INVALID,
        '{name} "{value}" must be at most {number}',
        "",
    ),
    (
        r": value '(?P<got>.*?)' does not have a value in the enumeration '(?P<values>.*)'$",
        UsageError,
        _INVALID,
        '{name} "{got}" is none of: {values}',
        "",
    ),
    (
        r": value may only be (?P<number>\d+) characters long",
        UsageError,
        _INVALID,
        "{name} is longer than {number} characters",
        "",
    ),
    (
        r": value must be at least (?P<number>\d+) characters long",
        UsageError,
        _INVALID,
        "{name} is shorter than {number} characters",
        "",
    ),
    (
        r": value does not match the regex pattern",
        UsageError,
        _INVALID,
        '{name} "{value}" is not written as Proxmox VE wants it',
        "pct help {verb} -v 1 shows how",
    ),
    (
        r": property is missing and it is not optional",
        UsageError,
        "parameter-missing",
        "{name} is missing",
        "",
    ),
    (
        r": property is not defined in schema",
        UsageError,
        "parameter-unknown",
        "{name} is unknown to this version of Proxmox VE",
        "pveversion shows the version; leave the property out, or upgrade",
    ),
    (
        r": (?:invalid format - )?value does not look like (?P<rest>an? .+?)(?:: (?P<got>.+))?$",
        UsageError,
        _INVALID,
        '{name} "{value}" is not {rest}',
        "",
    ),
    (
        r": invalid format - format error",
        UsageError,
        _INVALID,
        '{name} "{value}" is not written as Proxmox VE wants it',
        "pct help {verb} -v 1 shows how",
    ),
    (
        r": invalid format - (?P<rest>.+)$",
        UsageError,
        _INVALID,
        '{name} "{value}": {rest}',
        "",
    ),
)
