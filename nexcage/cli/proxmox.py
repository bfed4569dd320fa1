"""Options of ``create`` and ``run`` that only Proxmox VE knows, by pct's own names."""

from nexcage.cli.options import Option

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.cli.call import Call

OPTIONS = (
    Option("vmid", "its number (default: the cluster's next free one)", "N"),
    Option("storage", "put the root file system into a volume of this storage", "STORAGE"),
    Option("rootfs-size", "size of that volume, in GiB or with a unit (default 4)", "SIZE"),
    Option("hostname", "its name", "NAME"),
    Option("memory", "memory, in MiB or with a unit (default 512)", "SIZE"),
    Option("swap", "swap beside it (default 512)", "SIZE"),
    Option("cores", "CPU cores (default 1)", "N"),
    Option("cpulimit", "CPU time, in cores", "NUMBER"),
    Option("cpuunits", "weight of CPU time", "N"),
    Option(
        "net", "a network as pct has it, or none (default: dhcp on vmbr0)", "name=...,bridge=...", many=True
    ),
    Option("bridge", "bridge of the default network", "NAME"),
    Option("unprivileged", "a user namespace of its own (default 1)", "0|1"),
    Option("features", "such as nesting=1,keyctl=1", "LIST"),
    Option("ostype", "kind of system in a template (default: what pct finds)", "TYPE"),
    Option("arch", "architecture", "ARCH"),
    Option("tags", "further tags", "LIST"),
    Option("description", "text for the notes", "TEXT"),
    Option("pool", "pool of the cluster", "POOL"),
    Option("onboot", "start with the node", "0|1"),
    Option("startup", "order of start and stop", "[order=]N,up=N,down=N"),
    Option("protection", "refuse to destroy it", "0|1"),
    Option("nameserver", "name servers", "LIST"),
    Option("searchdomain", "domains to search", "LIST"),
    Option("timezone", "time zone, or host", "ZONE"),
    Option("hookscript", "script of a storage", "VOLUME"),
    Option("cmode", "console mode", "shell|console|tty"),
    Option("ha-managed", "let the cluster keep it running", "0|1"),
    Option("authfile", "credentials for a registry", "FILE"),
    Option("src-tls-verify", "check the registry's certificate", "true|false", choices=("true", "false")),
)
NAMES = tuple(option.name for option in OPTIONS)


def wishes(call: "Call") -> dict[str, list[str]]:
    """Those that were given: name → values."""
    return {name: call.values[name] for name in NAMES if call.values.get(name)}
