"""Networks: --netN of options, configuration, ``linux.netDevices``, or one with the defaults."""

from nexcage.drivers.pct.translate import checks
from nexcage.drivers.pct.translate.request import ENTRYPOINT, Request, Wanted
from nexcage.drivers.pct.translate.translated import Translated, refuse

MOST = 32
BRIDGE = "vmbr0"
_CODE = "net-invalid"
_KEYS = (
    "name", "bridge", "firewall", "gw", "gw6", "host-managed", "hwaddr", "ip", "ip6", "link_down", "mtu",
    "rate", "tag", "trunks", "type",
)  # fmt: skip
_FLAGS = ("firewall", "host-managed", "link_down")
_LONGEST = 15  # of an interface's name: with a longer one pct start exits 0, and nothing runs


def networks(request: Request, out: Translated) -> None:
    """net0 and further: the option ``net`` ("none": no network), annotations, devices, or the one bridge."""
    given = request.many("net")
    if given and all(wanted.text == "none" for wanted in given):
        return
    given = given or [w for w in (request.annotation(f"net{n}") for n in range(MOST)) if w]
    configured = request.configured("net")
    devices = request.part("linux").get("netDevices") or {}
    if not given and not devices and configured:
        given = [configured]
    for wanted in given:
        _add(request, out, _checked(request, wanted), wanted)
    for name, row in devices.items():
        _device(request, out, name, (row or {}).get("name") or name, f'$.linux.netDevices["{name}"]')
    if not given and not devices:
        bridge = request.wanted("bridge") or Wanted(BRIDGE, "bridge")
        _interface(bridge, bridge.text)
        _add(request, out, {"name": "eth0", "bridge": bridge.text, **_addresses(request)}, bridge)


def _addresses(request: Request) -> dict[str, str]:
    """``ip`` and ``gw`` of the configuration, else DHCP."""
    ip, gateway = request.configured("ip"), request.configured("gw")
    if gateway and (ip is None or ip.text == "dhcp"):
        hint = "set network.ip, or leave out network.gateway: DHCP tells it"
        raise gateway.wrong("is for an address of network.ip, and none is configured", _CODE, hint)
    found = {"ip": ip.text if ip else "dhcp"}
    for wanted, key in ((ip, "ip"), (gateway, "gw")):
        if wanted:
            _address(wanted, key)
            found[key] = wanted.text
    return found


def _add(request: Request, out: Translated, values: dict[str, str], wanted: Wanted) -> None:
    """Have Proxmox VE set the addresses: nothing in a bundle's rootfs would (host-managed, from 9.1)."""
    addresses = [values.get(key, "manual") for key in ("ip", "ip6")]
    needed = request.source == "bundle" and any(text != "manual" for text in addresses)
    if needed and "host-managed" not in values:
        if not request.has(ENTRYPOINT):
            out.warnings.append(
                f"{values['name']}: Proxmox VE sets no addresses in the containers of bundles before 9.1"
            )
        elif "auto" not in addresses:  # "SLAAC is not supported for host-managed network configuration"
            values = {**values, "host-managed": "1"}
    text = ",".join(f"{key}={value}" for key, value in values.items())
    names = [t.partition("name=")[2].partition(",")[0] for k, t in out.create.items() if k.startswith("net")]
    if values["name"] in names:
        raise wanted.wrong(f'has the name "{values["name"]}", which another network has', _CODE)
    rate = request.configured("rate")
    if rate and not names and "rate" not in values:
        text += f",rate={checks.number(rate, 0, 1_000_000, _CODE)}"
    if len(names) == MOST:
        raise wanted.wrong(f"is one too many: Proxmox VE has net0 to net{MOST - 1}", _CODE)
    out.numbered("net", MOST, text, wanted.at)


def _checked(request: Request, wanted: Wanted) -> dict[str, str]:
    """The keys of a net string, each in its range; ``name`` first, eth0 without."""
    values = checks.pairs(wanted, _CODE)
    for key, text in values.items():
        if key not in _KEYS:
            raise wanted.wrong(f'has "{key}", which is none of: {", ".join(_KEYS)}', _CODE)
        part = Wanted(text, f"{wanted.at}: {key}", wanted.error)
        if key in _FLAGS:
            checks.boolean(part, _CODE)
        elif key == "mtu":
            checks.whole(part, 64, 65535, _CODE)
        elif key == "tag":
            checks.whole(part, 1, 4094, _CODE)
        elif key == "trunks":
            for tag in text.split(";"):
                checks.whole(Wanted(tag, part.at, part.error), 1, 4094, _CODE)
        elif key == "rate":
            checks.number(part, 0, 1_000_000, _CODE)
        elif key == "type":
            checks.one_of(part, ("veth",), _CODE)
        elif key == "hwaddr":
            _hardware(part)
        elif key in ("name", "bridge"):
            _interface(part, text)
        else:
            _address(part, key)
    if "host-managed" in values and not request.has(ENTRYPOINT):
        raise wanted.wrong("has host-managed, which came with Proxmox VE 9.1", _CODE)
    if checks.TRUE[0] == values.get("host-managed") and values.get("ip6") == "auto":
        raise wanted.wrong("has ip6=auto, which is not for host-managed networks", _CODE)
    return {"name": values.pop("name", "eth0"), **values}


def _interface(wanted: Wanted, name: str) -> None:
    plain = name.replace("-", "x").replace("_", "x").replace(".", "x")
    if not (plain.isascii() and plain.isalnum()) or len(name) > _LONGEST or name in (".", ".."):
        raise wanted.wrong(f'is no name of 1 to {_LONGEST} letters, digits and "-_."', _CODE)


def _hardware(wanted: Wanted) -> None:
    """An address of a single interface: six bytes, the first even (pve-common, mac-addr)."""
    parts = wanted.text.split(":")
    if len(parts) != 6 or any(len(p) != 2 or p.strip("0123456789abcdefABCDEF") for p in parts):
        raise wanted.wrong("is no hardware address such as BC:24:11:00:00:01", _CODE)
    if int(parts[0], 16) & 1:
        raise wanted.wrong("is an address of a group (its first byte is odd)", _CODE)


def _address(wanted: Wanted, key: str) -> None:
    """ip and ip6 with a prefix, or a word; gw and gw6 without."""
    import ipaddress

    words = {"ip": ("dhcp", "manual"), "ip6": ("auto", "dhcp", "manual")}
    if wanted.text in words.get(key, ()):
        return
    network = key.startswith("ip")
    try:
        if network and "/" not in wanted.text:
            raise ValueError
        found = ipaddress.ip_interface(wanted.text) if network else ipaddress.ip_address(wanted.text)
    except ValueError:
        found = None
    if (
        found is None
        or found.version != (6 if key.endswith("6") else 4)
        or (network and not _has_bits(wanted))
    ):
        form = "an address with its prefix" if network else "an address"
        raise wanted.wrong(f"is not {form} of IPv{6 if key.endswith('6') else 4}", _CODE)


def _has_bits(wanted: Wanted) -> bool:
    return wanted.text.partition("/")[2].isdigit()


def _device(request: Request, out: Translated, name: str, inside: str, at: str) -> None:
    """A bridge of the host becomes netN with the name inside; any other device is moved in by LXC."""
    for text in (name, inside):
        plain = text.replace("-", "x").replace("_", "x").replace(".", "x")
        if not (plain.isascii() and plain.isalnum()) or len(text) > _LONGEST:
            raise refuse(at, f'"{text}" is no name of 1 to {_LONGEST} letters, digits and "-_."')
    if request.look.is_bridge(name):
        _add(request, out, {"name": inside, "bridge": name, "ip": "dhcp"}, Wanted(name, f"config.json: {at}"))
        return
    # LXC numbers all networks; Proxmox VE counts its own from 0 (PVE/LXC.pm, update_lxc_config)
    taken = {int(line.split(".")[2]) for line in out.lines if line.startswith("lxc.net.")}
    number = next(n for n in range(MOST, 2 * MOST + len(taken) + 1) if n not in taken)
    for key, text in (("type", "phys"), ("link", name), ("name", inside), ("flags", "up")):
        out.raw(f"lxc.net.{number}.{key}", text, at)
