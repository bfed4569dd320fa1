"""Texts about storages and the volumes on them."""

from nexcage.errors import (
    AlreadyExists,
    DriverUnavailable,
    Locked,
    NoSpace,
    NotFound,
    StorageFailed,
    UsageError,
)

_LIST = "pvesm status lists them"
_FREE = "free some space there, or choose another --storage"

STORAGES = (
    (
        (
            "storage '(?P<storage>[^']*)' does not exist",
            "^storage: No such storage",
            "no such storage '(?P<storage2>[^']*)'",
        ),
        NotFound,
        "storage-missing",
        'the storage "{storage}" does not exist',
        _LIST,
    ),
    (
        r"storage '(?P<storage>[^']*)' is disabled",
        StorageFailed,
        "storage-disabled",
        'the storage "{storage}" is disabled',
        "pvesm set {storage} --disable 0",
    ),
    (
        r"storage '(?P<storage>[^']*)' is not (?:available|defined|accessible) on node '(?P<node>[^']*)'",
        StorageFailed,
        "storage-elsewhere",
        'the storage "{storage}" is not there on node "{node}"',
        _LIST,
    ),
    (
        (
            r"storage '(?P<storage>[^']*)' (?:does not support|is not configured for) (?P<type>.+?)\.?$",
            r"^(?:Storage|storage) does not support (?P<type2>\w+)",
            "content type '(?P<type3>[^']*)' is not (?:available|supported) on storage '(?P<storage2>[^']*)'",
        ),
        StorageFailed,
        "storage-content",
        'the storage "{storage}" is not for {type}',
        "pvesm status --content rootdir lists those for containers",
    ),
    (
        r"storage ID '(?P<storage>[^']*)' already defined",
        AlreadyExists,
        "storage-exists",
        'the storage "{storage}" exists already',
        _LIST,
    ),
    (
        (
            "unable to activate storage '(?P<storage>[^']*)' - (?P<rest>.+)$",
            "storage '(?P<storage2>[^']*)' (?:is not online|is not active|is offline)(?P<rest2>.*)$",
            "(?P<rest3>could not (?:activate|access) storage.*)$",
        ),
        StorageFailed,
        "storage-offline",
        'the storage "{storage}" cannot be used now: {rest}',
        "pvesm status shows its state",
    ),
    (
        r"missing value for required option '(?P<option>[^']*)'|^missing (?P<option2>[\w-]+)$",
        UsageError,
        "option-missing",
        'the option "{option}" is needed',
        "",
    ),
)

VOLUMES = (
    # space
    (
        (
            "insufficient free (?:space|extents)",
            "[Oo]ut of space",
            "not enough (?:free )?space",
            "[Qq]uota exceeded",
            "No space left on device",
            "thin pool .* (?:full|threshold)",
            "ENOSPC",
        ),
        NoSpace,
        "no-space",
        "no space left on the storage: {line}",
        _FREE,
    ),
    # volumes
    (
        r"(?:disk image|volume|file|subvolume|image) '(?P<volume>[^']*)' already exists",
        AlreadyExists,
        "volume-exists",
        'the volume "{volume}" exists already',
        "",
    ),
    (
        r"refusing to override existing (?:file|volume) '(?P<file>[^']*)'",
        AlreadyExists,
        "file-exists",
        '"{file}" exists already',
        "remove it with pveam remove STORAGE:vztmpl/FILE, or choose another name",
    ),
    (
        (
            "(?:disk image|volume|subvolume|image|disk) '(?P<volume>[^']*)' does not exist",
            "no such volume '?(?P<volume2>[^']*)",
        ),
        NotFound,
        "volume-missing",
        'the volume "{volume}" does not exist',
        "pvesm list STORAGE shows what is there",
    ),
    (
        (
            "illegal name '(?P<volume>[^']*)' - (?P<rest>.+)$",
            "(?:illegal|invalid) (?:volume )?name '(?P<volume2>[^']*)'",
        ),
        UsageError,
        "volume-invalid",
        '"{volume}" is no name for a volume: {rest}',
        "leave the name to Proxmox VE",
    ),
    (
        "volume: property is missing and it is not optional",
        NotFound,
        "disk-missing",
        '{what} has no disk "{wanted}"',
        "pct config {vmid}",
    ),
    (
        (
            r"(?:no such|non-existing) (?:disk|mount point|volume key) '?(?P<key>\w+)",
            r"(?:disk|mount point) '(?P<key2>\w+)' does not exist",
        ),
        NotFound,
        "disk-missing",
        '{what} has no disk "{key}"',
        "pct config {vmid}",
    ),
    (
        r"unable to shrink disk size|shrink(?:ing)? (?:disks? )?(?:is )?not",
        StorageFailed,
        "disk-shrink",
        "{what}: a disk cannot become smaller",
        "",
    ),
    (
        r"disk is already at specified size",
        AlreadyExists,
        "disk-same-size",
        "{what}: the disk has this size already",
        "",
    ),
    (
        (
            "can't resize this image format",
            "unable to resize",
            "Failed to update the container's filesystem",
            "resize.* not (?:supported|possible)",
        ),
        StorageFailed,
        "resize-failed",
        "{what}: the disk or its file system did not change its size",
        "pct df {vmid}",
    ),
    (
        r"unable to run fsck for '(?P<volume>[^']*)' \((?P<rest>.*)\)",
        StorageFailed,
        "fsck-unavailable",
        '{what}: "{volume}" cannot be checked: {rest}',
        "",
    ),
    (
        "volume '(?P<volume>[^']*)' is already used by (?P<rest>.+)$",
        Locked,
        "volume-busy",
        'the volume "{volume}" is used by {rest}',
        "",
    ),
    (
        ("^cannot move (?:a )?volume", "^you can't move (?:to|a volume|this)"),
        StorageFailed,
        "move-failed",
        "{what}: the volume was not moved: {line}",
        "pct config {vmid}",
    ),
    (
        "no matching import/export format|(?:import|export) .*(?:not supported|failed)",
        StorageFailed,
        "volume-format",
        "the volume's format does not allow it: {line}",
        "",
    ),
    (
        "existing volume '?(?P<volume>[^' ]+)",
        AlreadyExists,
        "volume-exists",
        'the volume "{volume}" exists already',
        "",
    ),
    (
        "unable to associate path '(?P<path>[^']*)'",
        UsageError,
        "volume-invalid",
        'the path "{path}" is on no storage',
        "pvesm status lists them",
    ),
    (
        ("Input/output error", "wrong fs type", "[Ff]ailed to (?:u|un)?mount", "[Ss]tructure needs cleaning"),
        StorageFailed,
        "storage-failed",
        "the storage failed: {line}",
        "",
    ),
    (
        "is busy|resource busy|is in use|in use by|still (?:used|referenced)|currently in use",
        Locked,
        "volume-busy",
        "the volume is in use: {line}",
        "",
    ),
    (
        (
            "no such (?:volume group|logical volume|pool)",
            "Volume group .* not found",
            "Failed to find logical volume",
            "dataset does not exist",
        ),
        StorageFailed,
        "storage-offline",
        "what the storage stands on is not there: {line}",
        "pvesm status shows its state",
    ),
    (
        (
            r"\b(?:lvcreate|lvremove|lvchange|lvs|vgs|zfs|zpool|rbd|btrfs)\b.* error",
            r"\bmount(?:ing container|: | error| failed)",
        ),
        StorageFailed,
        "storage-failed",
        "the storage failed: {line}",
        "",
    ),
    (
        r"Install '(?P<program>[^']*)' to ",
        DriverUnavailable,
        "program-missing",
        'the program "{program}" is not installed',
        "apt install {program}",
    ),
)
