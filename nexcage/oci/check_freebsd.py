"""The rules for the ``freebsd`` section (config-freebsd.md; jail(8))."""

from nexcage.oci.check_words import one_of, warn
from nexcage.oci.rules import Object, boolean, fault, integer, obj, rows, sound, string, strings

AT = "$.freebsd.jail"
# sysvipc is only in the table of the specification
_ALLOW = "setHostname rawSockets chflags quotas socketAf mlock reservedPorts suser sysvipc"


def freebsd(config: Object) -> None:
    """Check the section."""
    section = obj(config, "freebsd", "$")
    for here, device in rows(section, "devices", "$.freebsd"):
        path = string(device, "path", here, required=True)
        if path.startswith("/") or not path or ".." in path.split("/"):
            fault(here + ".path", f'must be a path below /dev, such as "pf", not "{path}"')
        integer(device, "mode", here, 0, 0o7777)
    jail = obj(section, "jail", "$.freebsd")
    for name in ("parent", "interface"):
        string(jail, name, AT)
    for name in ("host", "vnet"):
        one_of(jail, name, AT, ("new", "inherit"))
    for name in ("ip4", "ip6", "sysvmsg", "sysvsem", "sysvshm"):
        one_of(jail, name, AT, ("new", "inherit", "disable"))
    statfs = integer(jail, "enforceStatfs", AT, 0, 2)
    _addresses(jail)
    for i, interface in enumerate(strings(jail, "vnetInterfaces", AT)):
        size = len(interface.encode(errors="replace"))
        if not (0 < size < 16 and interface.isprintable()) or any(c in "/: " for c in interface):
            fault(f"{AT}.vnetInterfaces[{i}]", f'"{interface}" is no name of a network interface')
    if jail.get("vnetInterfaces") and jail.get("vnet") != "new" and sound(AT + ".vnet"):
        fault(AT + ".vnetInterfaces", 'needs vnet "new": other jails have no interfaces of their own')
    for name in ("hostname", "domainname"):
        if jail.get("host") == "inherit" and config.get(name):
            fault(AT + ".host", f'is "inherit", but $.{name} is set')
    allow = obj(jail, "allow", AT)
    for name in _ALLOW.split():
        boolean(allow, name, AT + ".allow")
    for i, kind in enumerate(strings(allow, "mount", AT + ".allow")):
        if not (kind.isascii() and kind.isalnum()):
            fault(f"{AT}.allow.mount[{i}]", f'must be a file system such as tmpfs, not "{kind}"')
    if allow.get("mount") and (jail.get("enforceStatfs") is None or statfs == 2):
        warn(AT + ".allow.mount", "has no effect unless enforceStatfs is 0 or 1")


def _addresses(jail: Object) -> None:
    import socket

    families = (("ip4", socket.AF_INET, "10.11.12.13"), ("ip6", socket.AF_INET6, "fd10::11:12:13"))
    for family, number, example in families:
        name = family + "Addr"
        given = strings(jail, name, AT)
        for i, text in enumerate(given):
            address, slash, length = text.rpartition("|")[2].partition("/")
            try:
                socket.inet_pton(number, address)
            except (OSError, ValueError):
                fault(f"{AT}.{name}[{i}]", f'must be an address such as {example}, not "{text}"')
                continue
            if slash and not (length.isascii() and length.isdigit() and int(length) <= 128):
                fault(f"{AT}.{name}[{i}]", f'"{text}" has no length of a network behind the /')
        if not sound(f"{AT}.{family}", AT + ".vnet"):
            continue
        if given and jail.get("vnet") == "new":
            fault(f"{AT}.{name}", "contradicts vnet: a jail with a network of its own sets addresses itself")
        elif given and jail.get(family) == "disable":
            fault(f"{AT}.{name}", f"contradicts {family}, which is disabled")
        elif jail.get(family) and jail.get("vnet") == "new":
            warn(f"{AT}.{family}", "should not be set with vnet: the network is the jail's own")
