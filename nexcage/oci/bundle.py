"""Opening a bundle: config.json and rootfs, with what nexcage relies on checked.

runtime-spec, bundle.md: a bundle is a directory with ``config.json`` in its
root and the root file system that ``root.path`` names.
"""

import os
import sys

from nexcage.errors import InvalidBundle
from nexcage.host.files import inside, read, utf8
from nexcage.jsontext import Malformed, loads
from nexcage.oci import check, mounts

LARGEST_CONFIG = 16 << 20


class Bundle:
    """An opened bundle: ``path``, ``rootfs`` and ``file`` (its config) absolute, ``config`` parsed.

    ``digest`` is that of the file as it was read.
    """

    __slots__ = ("config", "digest", "file", "path", "rootfs")

    def __init__(self, path: str, file: str, config: "check.Object", rootfs: str, digest: str = "") -> None:
        self.path = path
        self.file = file
        self.config = config
        self.rootfs = rootfs
        self.digest = digest


def load(directory: str, config: str = "") -> Bundle:
    """Open the bundle at ``directory``; ``config`` names another file than its config.json.

    Raises `InvalidBundle` that says what is wrong and where.
    """
    path = _absolute(directory)
    if not utf8(path):
        raise InvalidBundle(f"bundle {ascii(path)[1:-1]}: the path is not UTF-8", code="bundle-missing")
    if not os.path.isdir(path):
        what = "is not a directory" if os.path.exists(path) else "does not exist"
        raise InvalidBundle(f"bundle {path} {what}", code="bundle-missing")
    file = os.path.join(path, config or "config.json")
    text = _text(file)
    values = _parsed(file, text)
    check.config(values)
    rootfs = rootfs_of(path, values)
    mounts.sources(values, path, rootfs)
    return Bundle(path, file, values, rootfs, digest(text))


def digest(text: bytes) -> str:
    """The digest of a file: "sha256:...". hashlib takes longer to load than a config.json to be hashed."""
    try:
        sha256 = __import__("_sha256" if sys.version_info < (3, 12) else "_sha2").sha256
    except ImportError:  # built without it
        from hashlib import sha256
    return "sha256:" + str(sha256(text).hexdigest())


def _absolute(directory: str) -> str:
    """The absolute path of a bundle; links keep their names unless a ``..`` depends on where they lead."""
    try:
        return os.path.realpath(directory) if ".." in directory.split("/") else os.path.abspath(directory)
    except FileNotFoundError:
        raise InvalidBundle(
            f"bundle {directory}: the working directory does not exist any more",
            code="bundle-missing",
            hint="change to another directory, or name the bundle by its absolute path",
        ) from None


def read_config(file: str) -> "check.Object":
    """Parse a config.json; `InvalidBundle` when it is missing, unreadable or malformed."""
    return _parsed(file, _text(file))


def _text(file: str) -> bytes:
    name = os.path.basename(file)
    try:
        return read(file, LARGEST_CONFIG)
    except FileNotFoundError:
        raise InvalidBundle(
            f"{name}: does not exist in {os.path.dirname(file)}",
            code="bundle-config-missing",
            hint='name the bundle with --bundle DIR, or write a config.json with "nexcage spec"',
        ) from None
    except OSError as error:
        raise InvalidBundle(
            f"{name}: cannot be read: {(error.strerror or str(error)).lower()}",
            code="bundle-config-unreadable",
        ) from None


def _parsed(file: str, text: bytes) -> "check.Object":
    name = os.path.basename(file)
    try:
        values = loads(text)
    except Malformed as error:
        raise InvalidBundle(f"{name}: {error}", code="bundle-config-malformed") from None
    if not isinstance(values, dict):
        raise InvalidBundle(f"{name}: $: must be an object", code="bundle-config-malformed")
    return values


def rootfs_of(bundle: str, config: "check.Object") -> str:
    """The directory that ``root.path`` of ``config`` names, absolute; `InvalidBundle` where there is none."""
    given = config["root"]["path"]
    path = os.path.normpath(os.path.join(bundle, given))
    if os.path.isdir(path):
        return path
    what = "is not a directory" if os.path.lexists(path) else "does not exist"
    if os.path.islink(path):
        what = "is a link that leads nowhere"
    raise InvalidBundle(f'config.json: $.root.path: "{path}" {what}', code="bundle-rootfs-missing")


def check_executable(bundle: Bundle) -> None:
    """Refuse a program that cannot be there, where that can be known before the mounts are made.

    Both drivers would find out too late and in words of their own. Undecidable,
    and so left to them, when a mount or a hook may still put the file there.
    """
    config = bundle.config
    program = config["process"]["args"][0]
    if config.get("hooks"):
        return
    covered = [m["destination"] for m in config.get("mounts") or ()]
    if "/" in program:
        candidates = [os.path.join(config["process"]["cwd"], program)]
    else:
        path = next((e[5:] for e in config["process"].get("env") or () if e.startswith("PATH=")), "")
        if not path:
            return
        cwd = config["process"]["cwd"]  # what an empty or relative entry of PATH starts at
        candidates = [os.path.join(cwd, d, program) for d in path.split(":")]
    for candidate in candidates:
        real = inside(bundle.rootfs, candidate)
        shown = "/" + os.path.relpath(real, bundle.rootfs)
        if any((shown + "/").startswith(d.rstrip("/") + "/") for d in covered):
            return
        if os.path.lexists(real):
            return
    if "/" in program:
        raise InvalidBundle(
            f'config.json: $.process.args[0]: "{program}": no such file or directory in the rootfs',
            code="executable-missing",
        )
    raise InvalidBundle(
        f'config.json: $.process.args[0]: executable file "{program}" not found in $PATH',
        code="executable-missing",
    )
