"""The drivers: which can run here, in which version, or why not."""

import os

from nexcage.checks import Result
from nexcage.drivers import get, name_of
from nexcage.errors import DriverUnavailable, NexcageError, UsageError
from nexcage.host import process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexcage.checks import Host
    from nexcage.drivers import Driver

GROUP = "drivers"


def check(host: "Host") -> "Iterator[Result]":
    """One result a driver, what it stands on, and whether there is any at all.

    That one is not installed is well, unless something needs it.
    """
    needs = _needs(host)
    usable: list[str] = []
    for driver in host.drivers():
        result = _driver(host, driver, needs.get(driver.name, ""))
        if result.status == "pass" and "path" in result.data:
            usable.append(driver.name)
        yield result
        if "path" in result.data and driver.name == "pct":
            yield from _quorum()
        if "path" in result.data and driver.name == "jail":
            yield from _accounting()
    if usable:
        yield Result(GROUP, "any", "pass", f"containers can be made with {', '.join(usable)}")
    else:
        yield Result(GROUP, "any", "fail", "no driver can run here", "install one: apt install runc")


def _needs(host: "Host") -> dict[str, str]:
    """Driver → what needs it."""
    found: dict[str, str] = {}
    for entry in host.entries():
        if entry.record is not None:
            found.setdefault(entry.record.driver, f'container "{entry.record.id}" needs it')
    call = host.call
    for given, where in (
        (call.text("runtime"), "--runtime"),
        (call.text("backend"), "--backend"),
        (os.environ.get("NEXCAGE_RUNTIME", ""), "NEXCAGE_RUNTIME"),
    ):
        if given:
            try:
                found.setdefault(name_of(given), f"{where} names it")
            except UsageError:
                if where[0] == "-":  # a variable is what the group config says
                    raise
    config = call.config()
    default = config.text("runtime.default")
    if default:
        found.setdefault(default, f"runtime.default of {config.origin('runtime.default')} names it")
    for rule in config.rules:
        found.setdefault(rule.runtime, f"{rule.where} of {config.origin('runtime.routing')} names it")
    return found


def _driver(host: "Host", driver: "Driver", needed: str) -> Result:
    name = driver.name
    because = f"; {needed}" if needed else ""
    try:
        path = driver.program()
    except DriverUnavailable as error:
        if needed:
            return Result(GROUP, name, "fail", error.message + because, error.hint)
        return Result(GROUP, name, "pass", f"{error.message}, and nothing needs it")
    data: dict[str, object] = {"path": path}
    reason = driver.fingerprint()
    if reason is not None:
        data["code"] = reason.code
        # a node whose cluster is away is broken; of crun and runc one is enough
        status = "fail" if needed or reason.code == "cluster-fs-down" else "warn"
        return Result(GROUP, name, status, reason.message + because, reason.hint, data)
    try:
        title = _asked(host, driver).title()
    except NexcageError as error:
        hint = error.hint or f"see what {path} says"
        return Result(GROUP, name, "fail", f"{path} does not work: {error.message}", hint, data)
    return Result(GROUP, name, "pass", f"{title} is usable", data={**data, "title": title})


def _asked(host: "Host", driver: "Driver") -> "Driver":
    """One that keeps no version on disk where none is kept yet: a check changes nothing."""
    root = host.call.store_for(driver.name).driver_root(driver.name)
    if os.path.exists(f"{root}.version"):
        return driver
    return get(driver.name, host.facts, f"{os.devnull}/none", host.call.settings())


def _quorum() -> "Iterator[Result]":
    from nexcage.drivers.pct import node

    if not node.is_up():
        return
    try:
        node.require_quorum()
    except NexcageError as error:
        yield Result(GROUP, "quorum", "fail", error.message, error.hint, {"code": error.code})
    else:
        yield Result(GROUP, "quorum", "pass", f'node "{node.name()}" can change its containers')


def _accounting() -> "Iterator[Result]":
    """Limits of jails need RACCT, which has to be asked for at boot (rctl(4))."""
    from nexcage.drivers.jail import tools

    done = process.run([tools.path("sysctl"), "-n", "kern.racct.enable"])
    if done.status == 0 and done.stdout.strip() == "1":
        yield Result(GROUP, "racct", "pass", "the kernel counts resources: jails can have limits")
    else:
        yield Result(
            GROUP,
            "racct",
            "warn",
            "the kernel does not count resources (kern.racct.enable is not 1): jails cannot have limits",
            "put kern.racct.enable=1 into /boot/loader.conf and boot again",
        )
