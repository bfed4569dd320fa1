"""What is named in the bundle's place: a template of Proxmox VE, an archive, an image of a registry.

Written as ``bundle create --from`` has them, or as pct has them (STORAGE:vztmpl/FILE, a file).
"""

import os

from nexcage.drivers import Image
from nexcage.errors import InvalidImage, NotFound, UsageError

_ENDINGS = (".tar", ".tar.gz", ".tgz", ".tar.xz", ".tar.zst", ".tar.bz2")
_SCHEMES = ("docker", "docker-archive", "docker-daemon", "oci", "oci-archive")
_NO_TEMPLATES = ("iso/", "backup/", "snippets/", "import/")  # other content of a storage
HINT = "a bundle is a directory; pveam list STORAGE shows templates"


def named(text: str) -> Image | None:
    """The image that ``text`` names; None when it is a bundle's directory, also one that is not there."""
    kind, colon, rest = text.partition(":")
    if os.path.isdir(text):
        return None
    if kind == "template" and colon:
        return Image("template", rest)
    if "/" not in kind and rest.startswith("vztmpl/"):
        return Image("template", text)
    if "/" not in kind and rest.startswith(_NO_TEMPLATES):
        raise UsageError(
            f'"{text}" is no template',
            code="template-invalid",
            hint="write STORAGE:vztmpl/FILE; pveam list STORAGE shows what is there",
        )
    if kind == "oci-archive" and os.path.isfile(rest):
        return Image("archive", os.path.abspath(rest))
    if colon and kind in _SCHEMES and (kind != "docker" or rest.startswith("//")):
        return Image("source", text)
    if kind == "tar" and colon:
        return _file(rest)
    if os.path.exists(text) or text.endswith(_ENDINGS):
        return _file(text)
    return None


def _file(path: str) -> Image:
    """A file is what its content says."""
    if not os.path.exists(path):
        raise NotFound(f'the template "{path}" does not exist', code="source-missing", hint=HINT)
    if not os.path.isfile(path):
        raise InvalidImage(f'"{path}" is no archive', hint=HINT)
    from nexcage.bundler.sources.tar import image_kind

    found = image_kind(path)
    if found == "oci-archive":
        return Image("archive", os.path.abspath(path))
    if found == "docker-archive":
        return Image("source", f"docker-archive:{os.path.abspath(path)}")
    return Image("template", os.path.abspath(path))
