"""``vnet``, ``ip4``, ``ip6``, addresses and interfaces, all checked before anything is made.

No parameter at all is a jail without addresses. The host's network is ip4=inherit and ip6=inherit.
"""

from nexcage.drivers.jail.translate.request import Request
from nexcage.drivers.jail.translate.translated import Translated, refuse
from nexcage.errors import NetworkFailed
from nexcage.oci.rules import fail

_AT = "$.freebsd.jail"
_FAMILIES = (("ip4", "inet", 32), ("ip6", "inet6", 128))
_NAME = 15  # IFNAMSIZ - 1


def network(request: Request, out: Translated) -> None:
    """A config for Linux: a network namespace is a vnet without interfaces, none the host's network."""
    section = out.section
    silent = not any(section.get(n) for n in ("vnet", "ip4", "ip6", "ip4Addr", "ip6Addr", "interface"))
    if request.has_namespaces() and silent:
        if request.namespace("network"):
            out.set("vnet", "new")
        else:
            out.set("ip4", "inherit")
            out.set("ip6", "inherit")
        return
    if section.get("vnet") == "new":
        _vnet(request, out)
    else:
        _shared(request, out)


def _vnet(request: Request, out: Translated) -> None:
    """``vnet``: a network stack of its own; the kernel refuses any restriction of addresses with it."""
    for family, _, _ in _FAMILIES:
        if out.section.get(f"{family}Addr"):
            reason = "a jail with a vnet sets its addresses itself"
            raise refuse(f"{_AT}.{family}Addr", reason, "take out vnet or the addresses", "vnet-addresses")
        given = out.section.get(family)
        if given == "disable":
            reason = "a jail with a vnet has both families"
            raise refuse(f"{_AT}.{family}", reason, f"take out vnet or {family}", "vnet-addresses")
        if given:
            out.warn(f"{_AT}.{family}", "has no effect with vnet: the network is the jail's own")
    if out.section.get("interface"):
        reason = "is for addresses, which a jail with a vnet sets itself"
        raise refuse(f"{_AT}.interface", reason, "name it in vnetInterfaces", "vnet-addresses")
    out.set("vnet", "new")
    names = out.section.get("vnetInterfaces") or []
    for i, name in enumerate(names):
        at = f"{_AT}.vnetInterfaces[{i}]"
        _interface(request, name, at)
        if name in names[:i]:
            raise fail(at, f'"{name}" is named twice', "interface-invalid")
    if names:
        out.interfaces = list(names)
        out.set("vnet.interface", ",".join(names))


def _shared(request: Request, out: Translated) -> None:
    """``vnet`` inherit is no parameter: jail(8) refuses ``vnet=inherit`` beside ip4 and ip6."""
    section = out.section
    if section.get("vnetInterfaces"):
        raise fail(f"{_AT}.vnetInterfaces", 'needs vnet "new"', "vnet-missing")
    interface = section.get("interface") or ""
    if interface:
        _interface(request, interface, f"{_AT}.interface")
        if not (section.get("ip4Addr") or section.get("ip6Addr")):
            out.warn(f"{_AT}.interface", "has no effect without ip4Addr or ip6Addr")
        out.set("interface", interface)
    for family, word, most in _FAMILIES:
        addresses = section.get(f"{family}Addr") or []
        given = section.get(family)
        for i, text in enumerate(addresses):
            _address(request, out, text, f"{_AT}.{family}Addr[{i}]", word, most, interface)
        if addresses:
            if given == "disable":
                raise fail(f"{_AT}.{family}Addr", f"contradicts {family}, which is disabled")
            if given == "inherit":
                out.warn(f"{_AT}.{family}", f"inherit is left out: {family}Addr restricts the jail")
            out.set(f"{family}.addr", ",".join(addresses))
        elif given:
            out.set(family, given)
    if section.get("vnet") == "inherit" and not any(
        p.startswith(("ip4", "ip6")) and not p.endswith("=disable") for p in out.parameters
    ):
        out.notes.append(
            "freebsd.jail.vnet: inherit alone gives no addresses: set ip4 and ip6 to inherit for the host's"
        )


def _address(
    request: Request, out: Translated, text: str, at: str, word: str, most: int, interface: str
) -> None:
    """``[INTERFACE|]ADDRESS[/LENGTH]``; with an interface jail(8) adds an alias that it never takes away."""
    import socket

    own, bar, rest = text.rpartition("|")
    address, slash, length = rest.partition("/")
    try:
        socket.inet_pton(socket.AF_INET if word == "inet" else socket.AF_INET6, address)
    except (OSError, ValueError):
        raise fail(at, f'"{ascii(text)[1:-1]}" is no address', "address-invalid") from None
    if slash and not (length.isascii() and length.isdigit() and len(length) < 4 and int(length) <= most):
        raise fail(at, f'"{ascii(text)[1:-1]}" has no length up to {most} behind the /', "address-invalid")
    if bar:
        _interface(request, own, at)
    if own or interface:
        out.aliases.append((own or interface, word, address))


def _interface(request: Request, name: str, at: str) -> None:
    """Legal for ifconfig(8), and there: after the jail is made is too late to find out."""
    legal = name.isascii() and name.isprintable() and not set(name) & set(" ,/|:=") and name[:1] != "-"
    if not legal or not 0 < len(name) <= _NAME:
        raise fail(at, f'"{ascii(name)[1:-1]}" is no name of a network interface', "interface-invalid")
    known = request.facts.interfaces
    if known is not None and name not in known:
        raise NetworkFailed(
            f'config.json: {at}: there is no interface "{name}"',
            code="interface-missing",
            hint="see what there is: ifconfig -l",
        )
