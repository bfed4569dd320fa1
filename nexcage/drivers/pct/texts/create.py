"""Texts of create and restore: templates, archives, OCI images, disks and files that are handed over."""

from nexcage.errors import CommandFailed, InvalidImage, NoSpace, NotFound, StorageFailed, UsageError

_RESTORE = "pvesm list STORAGE --content backup shows what is there"
_TEMPLATES = "pveam list {storage} shows what is there"

CREATE = (
    # what to make it from
    (
        r"volume '(?P<storage>[^':]*):vztmpl/(?P<file>[^']*)' does not exist",
        NotFound,
        "template-missing",
        'the storage "{storage}" has no template "{file}"',
        _TEMPLATES,
    ),
    (
        r"volume '(?P<storage>[^':]*):backup/(?P<file>[^']*)' does not exist",
        NotFound,
        "backup-missing",
        'the storage "{storage}" has no backup "{file}"',
        "pvesm list {storage} --content backup shows what is there",
    ),
    (
        r"can't find file '(?P<file>[^']*)'",
        NotFound,
        "template-missing",
        'the template "{file}" does not exist',
        "give an absolute path or STORAGE:vztmpl/FILE",
    ),
    (
        r"unable to use volume (?P<volume>\S+) - content type needs to be '(?P<type>[^']*)'",
        UsageError,
        "template-invalid",
        '"{volume}" is no {type} volume',
        "give STORAGE:{type}/FILE",
    ),
    (
        r"unable to parse \w+ volume name '(?P<file>vztmpl/[^']*)'",
        UsageError,
        "template-invalid",
        '"{file}" does not look like a template: .tar, .tar.gz, .tar.xz, .tar.zst',
        "give STORAGE:vztmpl/FILE.tar.gz",
    ),
    (
        r"pipe (?:can only be used with restore|requires cli)|restore from pipe requires rootfs",
        UsageError,
        "template-invalid",
        "a container cannot be made from standard input",
        "give a file",
    ),
    (
        (
            "unable to parse volume ID '(?P<volume>[^']*)'",
            r"unable to parse \w+ volume (?:name|ID) '?(?P<volume2>[^']*?)'?$",
            "volume ID '(?P<volume3>[^']*)'",
        ),
        UsageError,
        "volume-invalid",
        '"{volume}" is no volume',
        "write STORAGE:VOLUME, or STORAGE:GIGABYTES for a new one",
    ),
    (
        r"mount points configured, but 'rootfs' not set",
        UsageError,
        "rootfs-missing",
        "mounts need a rootfs of their own",
        "add --rootfs-size or --storage",
    ),
    (
        r"Error while (?:parsing|extracting) OCI image: (?P<rest>.*(?:architecture|platform).*)$",
        InvalidImage,
        "image-platform",
        "the image is for another platform: {rest}",
        "choose an image for this machine's architecture",
    ),
    (
        r"Error while (?:parsing|extracting) OCI image: (?P<rest>.*[Mm]edia ?type.*)$",
        InvalidImage,
        "image-media-type",
        "the image has a part of an unknown kind: {rest}",
        "copy it with: skopeo copy --format oci",
    ),
    (
        r"Error while (?P<verb>parsing|extracting) OCI image: (?P<rest>.+)$",
        InvalidImage,
        "image-malformed",
        "the OCI image cannot be used ({verb}): {rest}",
        "fetch the image again",
    ),
    (
        r"OCI config .*'(?P<key>[^']*)' contains forbidden control characters",
        InvalidImage,
        "image-denied",
        'the image\'s "{key}" has control characters, which Proxmox VE refuses',
        "build the image without them",
    ),
    (
        r"unable to detect OS distribution|unknown (?:OS|distribution)|got unexpected ostype",
        InvalidImage,
        "os-unknown",
        "Proxmox VE does not know the distribution in the rootfs",
        "pass --ostype unmanaged",
    ),
    (
        r"unsupported (?P<os>[\w .-]+?) (?:version|release|distribution) '?(?P<version>[^']*)'?$",
        InvalidImage,
        "os-unsupported",
        'Proxmox VE does not support "{os} {version}"',
        "pass --ostype unmanaged",
    ),
    (
        (
            "(?:unable to restore|restore) .*missing config",
            "rootfs configuration could not be recovered",
            "unable to (?:detect disk size|extract (?:config|vzdump)).*",
        ),
        InvalidImage,
        "backup-invalid",
        "the backup does not say how the container was made",
        _RESTORE,
    ),
    (
        (
            "command '(?:[^']*?[ /])?(?:tar|zstd|gzip|xz) .*' failed: (?P<rest>.+)$",
            "command 'lxc-usernsexec .*tar .*' failed: (?P<rest2>.+)$",
        ),
        InvalidImage,
        "archive-invalid",
        "the archive cannot be unpacked: {rest}",
        "fetch or make the archive again",
    ),
    # disks to be made
    (
        r"unable to create image: .*too large",
        UsageError,
        "size-invalid",
        "the disk is larger than its format can be",
        "ask for a smaller --rootfs-size",
    ),
    (
        r"unable to create image:? (?P<rest>.+)$|command '(?:\S*/)?(?P<rest2>mkfs\S*) .*' failed",
        StorageFailed,
        "volume-failed",
        "the disk cannot be made: {rest}",
        "",
    ),
    # files that are handed over
    (
        r"script '(?P<file>[^']*)' (?:does not exist|is not executable)",
        NotFound,
        "hookscript-missing",
        'the hook script "{file}" does not exist, or is not executable',
        "",
    ),
    (
        r"[Dd]evice (?P<path>/\S+) does not exist|(?P<path2>/\S+) is not a device",
        NotFound,
        "device-missing",
        'the device "{path}" does not exist on this node',
        "ls -l {path}",
    ),
    (
        r"path '(?P<path>[^']*)' does not point to a block device",
        UsageError,
        "volume-invalid",
        '"{path}" is no block device',
        "",
    ),
    (
        r"directory '(?P<path>[^']*)' does not exist",
        NotFound,
        "directory-missing",
        'the directory "{path}" does not exist',
        "ls -ld {path}",
    ),
    # push and pull
    (
        r"failed to open (?P<path>.+) for reading",
        CommandFailed,
        "file-unreadable",
        'the file "{path}" on this node does not exist or cannot be read',
        "ls -l {path}",
    ),
    (
        r"failed to open (?P<path>.+?): No such file or directory",
        NotFound,
        "file-missing",
        'the file "{path}" does not exist',
        "",
    ),
    (
        r"failed to create file: (?P<path>.+?): No such file or directory",
        NotFound,
        "directory-missing",
        'the directory of "{path}" does not exist',
        "",
    ),
    (
        r"failed to get (?:u|g)id for: (?P<name>.*)$",
        NotFound,
        "user-missing",
        '"{name}" is no user or group there',
        "give numbers",
    ),
    (
        r"failed to (?:create file:|write|copy|close) ?(?P<path>.*): No space left on device",
        NoSpace,
        "no-space",
        'no space left for "{path}"',
        "free some space there",
    ),
    (
        r"failed to (?:open|create|change|enter|close|write|copy|read) (?:file: )?(?P<rest>.+)$",
        CommandFailed,
        "copy-failed",
        "the file was not copied: {rest}",
        "",
    ),
)
