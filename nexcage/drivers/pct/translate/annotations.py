"""What only Proxmox VE has: ``io.nexcage.pct.NAME`` of the bundle, options and configuration of that name."""

from nexcage.drivers.pct.texts.parameters import CODES
from nexcage.drivers.pct.translate import checks
from nexcage.drivers.pct.translate.request import PREFIX, Request, Wanted
from nexcage.drivers.pct.translate.translated import Translated, refuse

# read by other functions of this package
_ELSEWHERE = (
    "arch", "bridge", "cores", "description", "features", "ostype", "rootfs-size", "storage", "swap", "tags",
    "unprivileged", "vmid",
)  # fmt: skip
_FLAGS = ("onboot", "protection", "debug")
_SINCE_HA = (6, 0, 14)
_CMODES = ("shell", "console", "tty")


def unknown(request: Request, out: Translated) -> None:
    """Refuse an annotation of our own that nothing reads: a misspelt one would be lost silently."""
    del out
    known = {*_ELSEWHERE, *(name for name, _ in OPTIONS)}
    for key in request.config.get("annotations") or {}:
        name = key.removeprefix(PREFIX)
        number = name.removeprefix("net")
        if key == name or name in known or (number != name and number.isdigit() and int(number) < 32):
            continue
        raise refuse(
            f'$.annotations["{key}"]', f"there is none of that name, only {', '.join(sorted(known))}"
        )


def _code(name: str) -> str:
    """The code that pct's own message about the option gets."""
    return CODES.get(name, f"{name}-invalid")


def _flag(wanted: Wanted, name: str) -> str:
    return checks.boolean(wanted, _code(name))


def _startup(wanted: Wanted, name: str) -> str:
    """``[[order=]N][,up=N][,down=N]``."""
    for key, text in checks.pairs(wanted, _code(name), "order").items():
        if key not in ("order", "up", "down"):
            raise wanted.wrong(f'has "{key}", which is none of: order, up, down', _code(name))
        checks.whole(Wanted(text, wanted.at, wanted.error), 0, None, _code(name))
    return wanted.text


def _pool(wanted: Wanted, name: str) -> str:
    """A pool's name, up to three parts (pve-access-control, pve-poolid)."""
    for part in wanted.text.split("/"):
        checks.plain(Wanted(part, wanted.at, wanted.error), "-_.", _code(name), "name of a pool")
    if wanted.text.count("/") > 2:
        raise wanted.wrong("has more than three parts", _code(name))
    return wanted.text


def _servers(wanted: Wanted, name: str) -> str:
    import ipaddress

    for address in wanted.text.replace(",", " ").replace(";", " ").split() or [""]:
        try:
            ipaddress.ip_address(address)
        except ValueError:
            raise wanted.wrong(f'has "{address}", which is no address', _code(name)) from None
    return wanted.text


def _text(wanted: Wanted, name: str) -> str:
    return checks.line(wanted, _code(name), 255)


def _volume(wanted: Wanted, name: str) -> str:
    storage, colon, volume = wanted.text.partition(":")
    checks.storage(Wanted(storage, wanted.at, wanted.error))
    if not (colon and volume):
        raise wanted.wrong("is no volume such as local:snippets/hook.pl", _code(name))
    return checks.line(wanted, _code(name))


def _cmode(wanted: Wanted, name: str) -> str:
    return checks.one_of(wanted, _CMODES, _code(name))


OPTIONS = (
    *((name, _flag) for name in _FLAGS),
    ("ha-managed", _flag),
    ("startup", _startup),
    ("pool", _pool),
    ("nameserver", _servers),
    ("searchdomain", _text),
    ("timezone", _text),
    ("hookscript", _volume),
    ("cmode", _cmode),
)


def options(request: Request, out: Translated) -> None:
    """Options of pct that no property of the specification stands for."""
    for name, check in OPTIONS:
        wanted = request.wanted(name)
        if wanted is None:
            continue
        if name == "ha-managed" and not request.has(_SINCE_HA):
            raise wanted.wrong("needs Proxmox VE 9.1: pct knows no ha-managed before", _code(name))
        out.create[name] = check(wanted, name)
