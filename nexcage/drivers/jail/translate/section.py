"""``freebsd.jail`` with what the annotations of ocijail add.

podman and buildah wrote ``org.freebsd.jail.*`` and ``org.freebsd.parentJail`` before specification 1.3 had
the section. The two may say the same; where they contradict each other nobody knows which is meant.
"""

from nexcage.drivers.jail.translate.request import Request
from nexcage.drivers.jail.translate.translated import Translated, refuse
from nexcage.drivers.jail.words import ALLOW, ALLOW_MORE, MOUNTABLE
from nexcage.oci import check_freebsd, check_resources
from nexcage.oci.rules import Object, fail

_PREFIX = "org.freebsd.jail."
_PARENT = "org.freebsd.parentJail"
_STATES = ("new", "inherit", "disable")
_VALUES = {
    "host": ("host", ("new", "inherit")),
    "vnet": ("vnet", ("new", "inherit")),
    "ip4": ("ip4", _STATES),
    "ip6": ("ip6", _STATES),
    "sysvmsg": ("sysvmsg", _STATES),
    "sysvsem": ("sysvsem", _STATES),
    "sysvshm": ("sysvshm", _STATES),
    "enforce_statfs": ("enforceStatfs", ("0", "1", "2")),
}
_LISTS = {"ip4.addr": "ip4Addr", "ip6.addr": "ip6Addr", "vnet.interface": "vnetInterfaces"}
_TRUTH = {"true": True, "1": True, "false": False, "0": False}
_FIELDS = {parameter: field for field, parameter in ALLOW.items()}
_AT = "$.freebsd.jail"


def section(request: Request, out: Translated) -> None:
    """Merge and check; what an annotation gives is checked as the section is."""
    _check(request.config)
    try:
        check_resources.resources(request.config)
    except ValueError:  # int() of thousands of digits
        raise fail("$.linux.resources.cpu", "has a number that is far too long") from None
    own = request.part("freebsd", "jail")
    # null is as good as absent
    merged = {name: value for name, value in own.items() if value is not None}
    merged["allow"] = {n: v for n, v in (own.get("allow") or {}).items() if v is not None}
    given = {k: v for k, v in merged.items() if k != "allow"}
    allowed = dict(merged["allow"])
    for key, text in (request.config.get("annotations") or {}).items():
        at = f'$.annotations["{key}"]'
        if key == _PARENT:
            _put(merged, given, "parent", text, at)
        elif key.startswith(_PREFIX + "allow."):
            _allow(merged, allowed, key.removeprefix(_PREFIX + "allow."), text, at)
        elif key.startswith(_PREFIX):
            _parameter(merged, given, key.removeprefix(_PREFIX), text, at, out)
    _check(dict(request.config, freebsd={"jail": merged}))
    out.section = merged


def _check(config: Object) -> None:
    try:
        check_freebsd.freebsd(config)
    except UnicodeEncodeError:
        raise fail("$.freebsd", "has half a character, which no text of the host can have") from None


def _put(merged: Object, given: Object, field: str, value: object, at: str) -> None:
    if field in given and given[field] != value:
        raise fail(at, f"contradicts {_AT}.{field}", "annotation-contradicts", "take one of the two out")
    merged[field] = value


def _parameter(merged: Object, given: Object, name: str, text: str, at: str, out: Translated) -> None:
    if name in _VALUES:
        field, values = _VALUES[name]
        if text not in values:
            raise fail(at, f'must be one of {", ".join(values)}, not "{ascii(text)[1:-1]}"')
        _put(merged, given, field, int(text) if text.isdigit() else text, at)
    elif name in _LISTS:
        _put(merged, given, _LISTS[name], [part.strip() for part in text.split(",")], at)
    elif name == "interface":
        _put(merged, given, name, text, at)
    elif name != "jid":  # ocijail adds it to the state that it shows
        out.warn(at, "is ignored: nexcage does not know this parameter of jails")


def _allow(merged: Object, allowed: Object, name: str, text: str, at: str) -> None:
    if text not in _TRUTH:
        raise fail(at, f'must be true or false, not "{ascii(text)[1:-1]}"')
    value = _TRUTH[text]
    file_system = name.removeprefix("mount.")
    if name in _FIELDS:
        field = _FIELDS[name]
        if field in allowed and allowed[field] != value:
            raise fail(
                at, f"contradicts {_AT}.allow.{field}", "annotation-contradicts", "take one of the two out"
            )
        merged["allow"][field] = value
    elif name == "mount" or (name != file_system and file_system in MOUNTABLE):
        kinds = [] if name == "mount" else [file_system]
        if "mount" in allowed and value != (not set(kinds).isdisjoint(allowed["mount"]) or kinds == []):
            raise fail(
                at, f"contradicts {_AT}.allow.mount", "annotation-contradicts", "take one of the two out"
            )
        if value:
            old = merged["allow"].get("mount") or []
            merged["allow"]["mount"] = [*old, *(k for k in kinds if k not in old)]
    elif name in ALLOW_MORE:
        merged["allow"][name] = value
    else:
        raise refuse(at, f'jails have no parameter "allow.{ascii(name)[1:-1]}"', code="allow-unknown")
