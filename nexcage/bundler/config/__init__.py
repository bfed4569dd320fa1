"""A bundle's config.json: a profile, made to run an image, changed by what the command line asks.

The order is the image specification's (conversion.md): the profile's defaults give way to the image, the
image to the options, the options to a template.
"""

from nexcage.oci.rules import Object

__all__ = ["Built", "Device", "Wishes"]


class Device:
    """A node of the host for the container: config-linux.md "Devices"."""

    __slots__ = ("access", "gid", "kind", "major", "minor", "mode", "path", "source", "uid")

    def __init__(self, source: str, path: str, access: str) -> None:
        self.source = source
        self.path = path
        self.access = access
        self.kind = "c"
        self.major = self.minor = self.uid = self.gid = 0
        self.mode = 0o666


class Wishes:
    """What the command line asks of config.json, already checked; empty means: nothing said.

    ``mounts`` are rows of config.json, a row without a type is a volume of the bundle's own. ``environment``
    is NAME=VALUE, ``template`` the text of the template and ``template_name`` what messages call it.
    """

    __slots__ = (
        "annotations", "args", "cap_add", "cap_drop", "cpu_quota", "cwd", "devices", "entrypoint",
        "environment", "hostname", "memory", "mounts", "network", "pids", "profile", "read_only", "settings",
        "template", "template_name", "user",
    )  # fmt: skip

    def __init__(self) -> None:
        self.args: list[str] = []
        self.entrypoint: list[str] | None = None
        self.environment: list[str] = []
        self.user = ""
        self.cwd = ""
        self.hostname = ""
        self.mounts: list[Object] = []
        self.devices: list[Device] = []
        self.memory = 0  # bytes
        self.cpu_quota = 0  # microseconds in each period of 100 ms
        self.pids = 0  # -1: no limit
        self.cap_add: list[str] = []
        self.cap_drop: list[str] = []
        self.read_only = False
        self.annotations: dict[str, str] = {}
        self.network = ""  # "", "none", "host" or "ns:PATH"
        self.profile = ""
        self.template = ""
        self.template_name = ""
        self.settings: dict[str, object] = {}


class Built:
    """A config.json, and what it mounts of the bundle.

    ``volumes`` has for each its name below ``volumes/`` and the directory in the rootfs that it begins as,
    ``files`` the text of each file below the bundle.
    """

    __slots__ = ("config", "files", "volumes")

    def __init__(self, config: Object, volumes: list[tuple[str, str]], files: dict[str, str]) -> None:
        self.config = config
        self.volumes = volumes
        self.files = files
