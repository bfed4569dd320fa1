"""The rest of the rules for version, host names, mounts and hooks (config.md)."""

import os

from nexcage import SPEC_VERSION
from nexcage.oci.check import HOOKS
from nexcage.oci.check_words import UINT32, warn
from nexcage.oci.mounts import is_bind
from nexcage.oci.rules import Object, fault, integer, obj, rows, sound, string, strings

IDMAP = frozenset(("idmap", "ridmap"))


def document(config: Object) -> None:
    """Check what a container's making does not rely on."""
    _version(string(config, "ociVersion", "$"))
    for name in ("hostname", "domainname"):
        longest = 255 if "freebsd" in config else 64  # sethostname(2): 64 on Linux; jail(8)
        if len(string(config, name, "$").encode(errors="replace")) > longest:
            fault(f"$.{name}", f"is longer than {longest} bytes")
    _mounts(config)
    hooks = obj(config, "hooks", "$")
    for name in HOOKS:
        for here, hook in rows(hooks, name, "$.hooks"):
            for i, entry in enumerate(strings(hook, "env", here)):
                if entry.find("=") < 1:
                    fault(f"{here}.env[{i}]", f'must be NAME=VALUE, not "{entry}"')
    if hooks.get("prestart"):
        warn("$.hooks.prestart", "is deprecated", "use createRuntime, createContainer or startContainer")


def _version(text: str) -> None:
    if sound("$.ociVersion") and int(text.split(".")[1]) > int(SPEC_VERSION.split(".")[1]):
        warn("$.ociVersion", f'"{text}" is newer than {SPEC_VERSION}: what came since is not checked')


def _mounts(config: Object) -> None:
    """Mounts by themselves and against each other."""
    linux = obj(config, "linux", "$")
    mapped = any(row.get("type") == "user" for _, row in rows(linux, "namespaces", "$.linux"))
    earlier: list[tuple[str, str]] = []
    for here, mount in rows(config, "mounts", "$"):
        own = False
        for name, other in (("uidMappings", "gidMappings"), ("gidMappings", "uidMappings")):
            found = rows(mount, name, here)
            own = own or bool(found)
            if found and not mount.get(other):
                fault(f"{here}.{other}", f"is required beside {name}")
            for at, row in found:
                for key in ("containerID", "hostID", "size"):
                    integer(row, key, at, *UINT32, required=True)
        options = strings(mount, "options", here)
        if not sound(here, here + ".options", here + ".destination"):
            continue
        if not IDMAP.isdisjoint(options) and not own and not mapped:
            fault(
                here + ".options",
                "idmap needs uidMappings and gidMappings, or a user namespace whose mappings it takes",
            )
        if not mount.get("type") and not is_bind(mount) and "remount" not in options:
            warn(here, "has no type and is no bind mount", 'set type, or put "bind" into options')
        for yes, no in (("ro", "rw"), ("nosuid", "suid"), ("nodev", "dev"), ("noexec", "exec")):
            if yes in options and no in options:
                warn(here + ".options", f'has both "{yes}" and "{no}": the later one counts')
        if "remount" not in options:
            _order(here, mount["destination"], earlier)


def _order(here: str, destination: str, earlier: list[tuple[str, str]]) -> None:
    place = os.path.normpath("/" + destination.lstrip("/")).rstrip("/")
    for other, before in earlier:
        if before.startswith(place + "/"):
            warn(here, f'"{destination}" hides "{before}" of {other}', "put it before that one")
            break
    earlier.append((here, place))
