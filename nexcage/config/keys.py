"""The keys of nexcage's configuration, as data for reading, the schema, the manual and completion.

A key is found in the file under its own name or one of ``others`` (names that configurations of the
Zig program have), and in the environment under ``variables``. Tables only: this is read by create.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

FLAGS = {"1": "1", "true": "1", "yes": "1", "on": "1", "0": "0", "false": "0", "no": "0", "off": "0"}


class Key:
    """One key.

    ``kind`` is what its value has to be (see `MUST`); a number lies between ``low`` and ``high``.
    ``option`` sets it on the command line. ``null`` may stand for "not given". ``default`` is what
    holds without it, "" where that depends on the host or the container.
    """

    __slots__ = (
        "default", "high", "kind", "low", "meaning", "name", "null", "option", "others", "variables",
    )  # fmt: skip

    def __init__(
        self, name: str, kind: str, meaning: str, *, others: tuple[str, ...] = (),
        variables: tuple[str, ...] = (), option: str = "", default: str = "",
        low: float = 0, high: float = 1_000_000_000, null: bool = False,
    ) -> None:  # fmt: skip
        self.name = name
        self.kind = kind
        self.meaning = meaning
        self.others = others
        self.variables = variables or ("NEXCAGE_" + name.upper().replace(".", "_").replace("-", "_"),)
        self.option = option
        self.default = default
        self.low = low
        self.high = high
        self.null = null


MUST = {
    "text": "text",
    "flag": "true or false",
    "number": "a number",
    "whole": "a whole number",
    "size": 'a number, or text such as "512m"',
    "seconds": "a number of seconds above 0",
    "path": "an absolute path",
    "log": "an absolute path, journald:ID or syslog:ID",
    "level": "one of error, warning, info, debug",
    "format": "text or json",
    "runtime": "the name of a runtime",
    "network": 'an address of IPv4 with its prefix, such as "192.0.2.10/24", or "dhcp"',
    "address": 'an address of IPv4, such as "192.0.2.1"',
    "rules": "a list of rules",
    "honoured": "true",
}

KEYS = (
    Key(
        "runtime.default", "runtime", "the driver of new containers that no option, annotation or rule names",
        others=(
            "default_runtime", "runtime_type",
            "container_config.default_runtime", "container_config.default_container_type",
        ),
    ),
    Key(
        "runtime.routing", "rules", "which driver a new container gets, by its id, annotations and system",
        others=("container_config.routing",),
    ),
    Key(
        "runtime.log_level", "level", "the least level that is logged", others=("log_level",),
        variables=("NEXCAGE_LOG_LEVEL",), option="log-level", default="warning",
    ),
    Key(
        "runtime.log_path", "log", "where log lines go besides standard error", others=("log_file",),
        variables=("NEXCAGE_LOG", "NEXCAGE_LOG_FILE"), option="log", null=True,
    ),
    Key(
        "runtime.log_format", "format", "the form of log lines", variables=("NEXCAGE_LOG_FORMAT",),
        option="log-format", default="text",
    ),
    Key(
        "runtime.root_path", "path", "where the records of new containers are kept", others=("data_dir",),
        variables=("NEXCAGE_ROOT",), option="root",
    ),
    Key(
        "cache_dir", "path", "where layers of images are kept that bundles share",
        variables=("NEXCAGE_CACHE", "NEXCAGE_CACHE_DIR"), option="cache",
    ),
    Key("network.bridge", "text", "pct: the bridge of a container without --net", default="vmbr0"),
    Key("network.net", "text", "pct: net0 of a container without --net, as pct create takes it"),
    Key("network.ip", "network", "pct: the address of net0 on network.bridge", default="dhcp"),
    Key("network.gateway", "address", "pct: the gateway of net0"),
    Key("resources.memory", "number", "pct: MB of memory", low=16, null=True, default="512"),
    Key("resources.cpu", "number", "pct: how many CPUs' worth of time", low=0, high=8192, null=True),
    Key("resources.disk", "number", "pct: MB of the root volume", low=1, null=True, default="4096"),
    Key(
        "resources.network_bandwidth", "number", "pct: MB per second of net0", low=0, high=1_000_000,
        null=True,
    ),
    Key("security.read_only", "flag", "the root file systems of new containers are read-only", null=True),
    Key("security.seccomp", "honoured", "linux.seccomp of a bundle is honoured, always", null=True),
    Key("security.apparmor", "honoured", "process.apparmorProfile is honoured, always", null=True),
    Key("proxmox.arch", "text", "the architecture: amd64, arm64, ..."),
    Key("proxmox.cmode", "text", "what the console shows: tty, console or shell"),
    Key("proxmox.cores", "whole", "CPUs that the container sees", low=1, high=8192, default="1"),
    Key("proxmox.cpulimit", "number", "how many CPUs' worth of time", high=8192),
    Key("proxmox.cpuunits", "whole", "the weight of its CPU time", low=1, high=500_000),
    Key("proxmox.debug", "flag", "more lines in the log of the start"),
    Key("proxmox.description", "text", "notes that Proxmox VE shows"),
    Key("proxmox.features", "text", "features, as pct create takes them: nesting=1"),
    Key("proxmox.ha-managed", "flag", "add it to high availability", others=("proxmox.ha_managed",)),
    Key("proxmox.hookscript", "text", "the volume of a hook script"),
    Key("proxmox.memory", "size", "MiB of memory, before resources.memory", low=16),
    Key("proxmox.nameserver", "text", "its DNS servers, with blanks between them"),
    Key("proxmox.onboot", "flag", "start it when the node starts"),
    Key("proxmox.ostype", "text", "what Proxmox VE sets up inside: unmanaged, debian, ..."),
    Key("proxmox.pool", "text", "the resource pool"),
    Key("proxmox.protection", "flag", "Proxmox VE refuses to remove it"),
    Key(
        "proxmox.rootfs-size", "size", "GiB of the root volume, before resources.disk", low=0.001,
        others=("proxmox.rootfs_size", "proxmox.rootfs_size_gb"),
    ),
    Key("proxmox.searchdomain", "text", "its DNS search domain"),
    Key("proxmox.startup", "text", "order and delays at the start of the node"),
    Key("proxmox.storage", "text", "the storage of new volumes", default="local"),
    Key("proxmox.swap", "size", "MiB of swap", default="512"),
    Key("proxmox.tags", "text", "tags, besides nexcage's own"),
    Key("proxmox.timeout", "seconds", "how long one call of a tool of Proxmox VE may take"),
    Key("proxmox.timezone", "text", "its time zone: host, or Europe/Berlin"),
    Key("proxmox.unprivileged", "flag", "its root is nobody on the node", default="1"),
)  # fmt: skip
PATTERNS = "container_config.crun_name_patterns"  # names of containers that crun gets, after the rules
BY_NAME = {key.name: key for key in KEYS}


def written() -> "Iterator[tuple[str, Key]]":
    """Every name under which a file may have a key."""
    for key in KEYS:
        yield key.name, key
        for name in key.others:
            yield name, key


def instead(name: str) -> str:
    """What to do in place of a key that other configurations have and that means nothing here; "" if none."""
    return _INSTEAD.get(name, "")


_INSTEAD = {
    "network.dns_servers": "give them as proxmox.nameserver",
    "proxmox.legacy_api": "remove it: nexcage uses the tools of the node that it runs on",
    "proxmox.node": "remove it: nexcage works on the node that it runs on",
    "proxmox.pct_path": "remove it: pct is taken from PATH",
    "runtime.terminal": "remove it: process.terminal of the bundle says so",
    "temp_dir": "remove it: temporary files lie in runtime.root_path and cache_dir",
    "storage": "remove it: name the storage of new volumes as proxmox.storage",
    "profiles": "remove it: give limits as resources or proxmox, or with options of nexcage create",
    "logging": "give it as runtime.log_level, runtime.log_path and runtime.log_format",
    "plugins": "remove it: nexcage has no plugins",
}
