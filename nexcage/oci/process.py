"""The process of an ``exec``: the container's own, with what the caller wants otherwise."""

from nexcage.errors import UsageError
from nexcage.oci.rules import Object

# runc adds a capability to these sets and leaves the inheritable one alone (CVE-2022-29162)
CAPABILITY_SETS = ("bounding", "effective", "permitted", "ambient")


def for_exec(
    process: Object,
    args: list[str],
    *,
    tty: bool = False,
    user: str = "",
    groups: "list[str] | tuple[str, ...]" = (),
    env: "list[str] | tuple[str, ...]" = (),
    cwd: str = "",
    capabilities: "list[str] | tuple[str, ...]" = (),
    no_new_privileges: bool = False,
    label: str = "",
    apparmor: str = "",
) -> Object:
    """A process document that runs ``args`` as ``process`` would run, but for the options that are given.

    ``user`` is ``UID[:GID]``; ``env`` entries replace those of the same name and are added otherwise;
    ``capabilities`` are added. `UsageError` where a number is none.
    """
    changed = {**process, "args": args, "terminal": tty}
    if user or groups:
        changed["user"] = _user(dict(process.get("user") or {}), user, groups)
    if env:
        changed["env"] = _environment(process.get("env") or [], env)
    if cwd:
        if not cwd.startswith("/"):
            raise UsageError(f'option --cwd takes an absolute path, not "{cwd}"')
        changed["cwd"] = cwd
    if capabilities:
        sets = {name: list(names) for name, names in (process.get("capabilities") or {}).items()}
        for name in CAPABILITY_SETS:
            held = sets.setdefault(name, [])
            held += [capability for capability in capabilities if capability not in held]
        changed["capabilities"] = sets
    if no_new_privileges:
        changed["noNewPrivileges"] = True
    if label:
        changed["selinuxLabel"] = label
    if apparmor:
        changed["apparmorProfile"] = apparmor
    return changed


def _user(own: Object, user: str, groups: "list[str] | tuple[str, ...]") -> Object:
    if user:
        uid, _, gid = user.partition(":")
        own["uid"] = _number(uid, "user")
        if gid:
            own["gid"] = _number(gid, "user")
    if groups:
        own["additionalGids"] = [
            *own.get("additionalGids", ()),
            *(_number(g, "additional-gids") for g in groups),
        ]
    return own


def _number(text: str, option: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:11]) < 2**32 - 1):
        raise UsageError(
            f'option --{option} takes numbers, not "{text}"', hint="a user id and a group id: 1000:1000"
        )
    return int(text)


def _environment(own: list[str], env: "list[str] | tuple[str, ...]") -> list[str]:
    for entry in env:
        if entry.find("=") < 1:
            raise UsageError(f'option --env takes NAME=VALUE, not "{entry}"')
    names = {entry.partition("=")[0] for entry in env}
    return [entry for entry in own if entry.partition("=")[0] not in names] + list(env)
