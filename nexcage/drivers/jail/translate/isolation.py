"""What the jail may do and see: ``sysv*``, ``enforceStatfs``, ``allow`` (config-freebsd.md, "Jail").

Of ``allow`` the text says that all but setHostname and reservedPorts are off, the fields that these two
"default to false", and suser is on. Taken: both off, suser on. The kernel has both on, so they are always
said; with ``host=inherit``, allow.set_hostname would let the container rename the host.
"""

from nexcage.drivers.jail.translate.request import Request
from nexcage.drivers.jail.translate.translated import Translated, refuse
from nexcage.drivers.jail.words import ALLOW, ALLOW_MORE, MOUNTABLE

_AT = "$.freebsd.jail"
_STATFS = 2
_OFF = ("setHostname", "reservedPorts")  # on in the kernel
# of a config for Linux: capability → field that means the same
_CAPABILITIES = {"CAP_NET_BIND_SERVICE": "reservedPorts", "CAP_NET_RAW": "rawSockets"}


def sysv(request: Request, out: Translated) -> None:  # noqa: ARG001 -- all steps are alike
    """New where nothing is said (specification); the kernel would disable them."""
    for name in ("sysvmsg", "sysvsem", "sysvshm"):
        out.set(name, out.section.get(name) or "new")


def enforce_statfs(request: Request, out: Translated) -> None:  # noqa: ARG001
    """2 where nothing is said: only the root is seen of the mounts."""
    level = out.section.get("enforceStatfs")
    out.set("enforce_statfs", _STATFS if level is None else level)


def allow(request: Request, out: Translated) -> None:
    """Each field that differs from the kernel's default, and those two."""
    given = dict(out.section["allow"])
    kinds = given.pop("mount", None)
    for name in given:
        if name not in ALLOW and name not in ALLOW_MORE:
            from nexcage.oci.check_words import near

            like = near(name, (*ALLOW, "mount"))
            hint = f'did you mean "{like}"?' if like else f"known are {', '.join(ALLOW)}, mount"
            reason = "jails have no such permission"
            raise refuse(f"{_AT}.allow.{ascii(name)[1:-1]}", reason, hint, "allow-unknown")
    if request.has_namespaces():
        for field in _granted(request):
            given.setdefault(field, True)
    if not any(field in given for field in _OFF):
        out.notes.append("freebsd.jail.allow: setHostname and reservedPorts are off by default")
    for field, parameter in ALLOW.items():
        value = given.get(field, False if field in _OFF else None)
        if value or (field in _OFF) or (field == "suser" and value is False):
            out.set(f"allow.{'' if value else 'no'}{parameter}")
    for parameter in ALLOW_MORE:
        if parameter in given:
            out.set(f"allow.{'' if given[parameter] else 'no'}{parameter}")
    if given.get("setHostname") and "host=inherit" in out.parameters:
        out.warn(f"{_AT}.allow.setHostname", "lets the container rename the host: its name is inherited")
    if kinds is not None:
        _mount(request, out, kinds)


def _granted(request: Request) -> list[str]:
    bounding = (request.part("process").get("capabilities") or {}).get("bounding") or ()
    return [field for name, field in _CAPABILITIES.items() if name in bounding]


def _mount(request: Request, out: Translated, kinds: list[str]) -> None:
    """``allow.mount`` and one for each file system, whose module has to be there: else it is unknown."""
    for i, kind in enumerate(kinds):
        if kind not in MOUNTABLE:
            reason = f'jails have no permission to mount "{kind}"'
            raise refuse(
                f"{_AT}.allow.mount[{i}]", reason, f"known are {', '.join(MOUNTABLE)}", "allow-unknown"
            )
    if not kinds and not any(key.endswith(".allow.mount") for key in request.config.get("annotations") or ()):
        return
    if out.section.get("enforceStatfs", _STATFS) == _STATFS:
        out.warn(f"{_AT}.allow.mount", "has no effect unless enforceStatfs is 0 or 1")
    out.set("allow.mount")
    for kind in sorted(set(kinds)):
        if kind not in ("devfs", "tmpfs"):  # both are part of every kernel
            out.needs(request, kind)
        out.set(f"allow.mount.{kind}")
