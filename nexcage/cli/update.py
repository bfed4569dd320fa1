"""Change the resource limits of a container.

From the options, or from a JSON file in the form of linux.resources
(--resources FILE, "-" for standard input). Sizes take the units k, m, g and t.
"""

import os
import sys

from nexcage.cli.call import Call
from nexcage.cli.options import Option
from nexcage.cli.target import find
from nexcage.errors import InvalidBundle, UsageError
from nexcage.host.files import read
from nexcage.jsontext import Malformed, loads
from nexcage.oci.check_linux import resources
from nexcage.oci.rules import Object
from nexcage.plan import Write

# option, metavar, section and name in linux.resources, kind of value, help
LIMITS = (
    ("memory", "BYTES", "memory", "limit", "size", "memory"),
    ("memory-reservation", "BYTES", "memory", "reservation", "size", "memory that is kept under pressure"),
    ("memory-swap", "BYTES", "memory", "swap", "size", "memory and swap together, -1 for no limit"),
    ("kernel-memory", "BYTES", "memory", "kernel", "size", "kernel memory"),
    ("kernel-memory-tcp", "BYTES", "memory", "kernelTCP", "size", "kernel memory of TCP buffers"),
    ("cpu-shares", "N", "cpu", "shares", "number", "weight of CPU time"),
    ("cpu-quota", "US", "cpu", "quota", "number", "CPU time in a period, in microseconds"),
    ("cpu-period", "US", "cpu", "period", "number", "the period"),
    ("cpu-burst", "US", "cpu", "burst", "number", "CPU time that may be saved up"),
    ("cpu-rt-runtime", "US", "cpu", "realtimeRuntime", "number", "realtime CPU time in a period"),
    ("cpu-rt-period", "US", "cpu", "realtimePeriod", "number", "the realtime period"),
    ("cpu-idle", "0|1", "cpu", "idle", "number", "run only when nobody else wants the CPU"),
    ("cpuset-cpus", "LIST", "cpu", "cpus", "text", "CPUs that may be used"),
    ("cpuset-mems", "LIST", "cpu", "mems", "text", "memory nodes that may be used"),
    ("pids-limit", "N", "pids", "limit", "number", "most processes, -1 for no limit"),
    ("blkio-weight", "N", "blockIO", "weight", "number", "weight of block I/O, 10 to 1000"),
)
# what only Proxmox VE has, by pct's own names
OWN = ("swap", "cores", "cpulimit", "cpuunits")
OPTIONS = (
    Option("resources", "read the limits from this file, - for standard input", "FILE", "r"),
    *(Option(option, help, metavar) for option, metavar, _, _, _, help in LIMITS),
    Option("cpu-share", "the same as --cpu-shares", "N"),
    Option("swap", "pct: swap beside the memory, in MiB or with a unit", "SIZE"),
    Option("cores", "pct: CPU cores", "N"),
    Option("cpulimit", "pct: CPU time, in cores", "NUMBER"),
    Option("cpuunits", "pct: weight of CPU time", "N"),
)
OPERANDS = "ID"
EXAMPLES = (
    (
        "64 MiB of memory and half a CPU",
        "nexcage update --memory 64m --cpu-quota 50000 --cpu-period 100000 web",
    ),
    ("from a file", "nexcage update --resources limits.json web"),
)
UNITS = {"k": 10, "m": 20, "g": 30, "t": 40}


def run(call: Call) -> int:
    """runc's verb; both drivers get the same ``linux.resources`` document."""
    container_id = call.operand("the container id")
    call.no_more()
    wanted = _from_file(call) if call.text("resources") else {}
    _from_options(call, wanted)
    own = {name: call.text(name) for name in OWN if call.text(name)}
    if not (wanted or own):
        raise UsageError("nothing to update", hint="give a limit such as --memory 64m, or --resources FILE")
    resources(wanted, "$")
    target = find(call, container_id)
    target.require("update", "created", "running", "paused")
    home = target.store.home(container_id)
    steps = target.driver.plan_update(target.record.handle, wanted, own, home)
    try:
        return target.carry_out("update", steps, limits=wanted, options=own)
    finally:
        for step in steps:
            if isinstance(step, Write) and os.path.lexists(step.path):
                os.unlink(step.path)


def _from_file(call: Call) -> Object:
    name = call.text("resources")
    try:
        text = sys.stdin.buffer.read(1 << 20) if name == "-" else read(name, 1 << 20)
        values = loads(text)
    except OSError as error:
        raise InvalidBundle(f"{name}: cannot be read: {(error.strerror or str(error)).lower()}") from None
    except Malformed as error:
        raise InvalidBundle(f"{'standard input' if name == '-' else name}: {error}") from None
    if not isinstance(values, dict):
        raise InvalidBundle(f"{name}: $: must be an object")
    return values


def _from_options(call: Call, wanted: Object) -> None:
    for option, _, section, name, kind, _ in LIMITS:
        given = call.text(option) or (call.text("cpu-share") if option == "cpu-shares" else "")
        if given:
            value: object = given if kind == "text" else size(given, option, units=kind == "size")
            wanted.setdefault(section, {})[name] = value


def size(text: str, option: str, *, units: bool = True) -> int:
    """The value of "64m" is 67108864, -1 stays; `UsageError` for what is no number."""
    number, unit = text, ""
    if units:
        lowered = text.lower().removesuffix("ib").removesuffix("b")
        if lowered[-1:] in UNITS:
            number, unit = lowered[:-1], lowered[-1]
        else:
            number = lowered
    digits = number.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 20):
        raise UsageError(f'option --{option} takes a number, not "{text[:64]}"')
    return int(number) << UNITS.get(unit, 0)
