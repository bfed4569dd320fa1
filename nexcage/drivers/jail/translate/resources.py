"""``linux.resources`` as rules of rctl(8) and a set of CPUs: those that really cap (recorded, FreeBSD 15.1).

memoryuse:deny and datasize:deny are accepted and stop nobody, so memory is memoryuse:sigkill.
"""

from nexcage.drivers.jail.translate.request import Request
from nexcage.drivers.jail.translate.translated import Translated, refuse

_AT = "$.linux.resources"
_PERIOD = 100_000
_MOST_CPUS = 1024
_MOST = 2**63 - 1
RATES = (
    ("throttleReadBpsDevice", "readbps"),
    ("throttleWriteBpsDevice", "writebps"),
    ("throttleReadIOPSDevice", "readiops"),
    ("throttleWriteIOPSDevice", "writeiops"),
)
RACCT = "add kern.racct.enable=1 to /boot/loader.conf, then reboot"


def _limit(request: Request, out: Translated, at: str, rule: str, amount: int) -> None:
    """A rule by the jail's name: it may be there before the jail, and holds from its first process."""
    if not request.facts.racct:
        if not request.permissive:
            reason = "this host counts no resources, so nothing would be limited"
            raise refuse(f"{_AT}.{at}", reason, RACCT, "racct-disabled")
        out.warn(f"{_AT}.{at}", f"is ignored: this host counts no resources ({RACCT})")
        return
    out.limits.append(f"jail:{out.name}:{rule}={min(amount, _MOST)}")


def memory(request: Request, out: Translated) -> None:
    """memoryuse:sigkill: resident pages; the process that goes beyond ends as by Linux's OOM killer."""
    limit = request.part("linux", "resources", "memory").get("limit") or 0
    if limit > 0:
        _limit(request, out, "memory.limit", "memoryuse:sigkill", limit)


def swap(request: Request, out: Translated) -> None:
    """swapuse:deny: FreeBSD counts what is reserved, memory and swap together, as OCI's number does."""
    limit = request.part("linux", "resources", "memory").get("swap") or 0
    if limit > 0:
        _limit(request, out, "memory.swap", "swapuse:deny", limit)


def cpu(request: Request, out: Translated) -> None:
    """pcpu:deny in percent of one core; it throttles coarsely, over seconds."""
    values = request.part("linux", "resources", "cpu")
    quota, period = values.get("quota") or 0, values.get("period") or _PERIOD
    if quota <= 0:
        return
    percent = 100 * quota // period
    if percent < 1:
        out.warn(f"{_AT}.cpu.quota", "is less than 1 percent of a core: 1 is taken")
    elif 100 * quota % period:
        out.notes.append(f"linux.resources.cpu.quota: is rounded down to {percent} percent of a core")
    _limit(request, out, "cpu.quota", "pcpu:deny", max(percent, 1))


def cpus(request: Request, out: Translated) -> None:
    """cpuset(1) of the jail; CPUs that the host has not would fail after the jail is made."""
    text = (request.part("linux", "resources", "cpu").get("cpus") or "").strip()
    if not text:
        return
    found: set[int] = set()
    for part in text.split(","):
        low, dash, rest = part.strip().partition("-")
        high, _, stride = rest.partition(":")
        words = [low, high if dash else low, stride or "1"]
        if not all(w.isascii() and w.isdigit() and 0 < len(w) < 6 for w in words):
            raise refuse(
                f"{_AT}.cpu.cpus", f'"{ascii(text)[1:-1]}" is no list such as 0-3,7', code="cpus-invalid"
            )
        first, last, step = (int(w) for w in words)
        most = (request.facts.cpus or _MOST_CPUS) - 1
        if last > most or first > last or not step:
            reason = f'"{text}" names CPUs that the host has not (0 to {most})'
            raise refuse(f"{_AT}.cpu.cpus", reason, code="cpus-invalid")
        found.update(range(first, last + 1, step))
    out.cpus = _joined(sorted(found))


def _joined(numbers: list[int]) -> str:
    """0-3,7: cpuset(1) has no strides."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and spans[-1][1] == number - 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ",".join(str(low) if low == high else f"{low}-{high}" for low, high in spans)


def pids(request: Request, out: Translated) -> None:
    """maxproc:deny."""
    limit = request.part("linux", "resources", "pids").get("limit") or 0
    if limit > 0:
        _limit(request, out, "pids.limit", "maxproc:deny", limit)


def block_io(request: Request, out: Translated) -> None:
    """readbps:throttle and so on (deny is refused): for the jail as a whole, so the smallest rate counts."""
    for name, resource in RATES:
        rows = request.part("linux", "resources", "blockIO").get(name) or ()
        rates = [row["rate"] for row in rows if row["rate"]]
        if rates:
            _limit(request, out, f"blockIO.{name}", f"{resource}:throttle", min(rates))
