"""What a bundle would run, gathered from its config.json, its rootfs and the record of its creation."""

import os

from nexcage.host import files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.oci.rules import Object

SECRET = ("PASSWORD", "PASSWD", "PASSPHRASE", "TOKEN", "SECRET", "CREDENTIAL", "KEY")
MASK = "********"
NAMESPACES = ("pid", "network", "mount", "ipc", "uts", "user", "cgroup", "time")
_LARGEST_PASSWD = 16 << 20


def document(bundle: str, config: "Object", record: "Object | None", *, secrets: bool = False) -> "Object":
    """The description that ``nexcage bundle inspect --format json`` prints; its docstring has the schema.

    ``config`` is a checked config.json, ``record`` what ``.nexcage/bundle.json``
    says. Values that look secret are masked unless ``secrets``.
    """
    rootfs = os.path.normpath(os.path.join(bundle, config["root"]["path"]))
    linux = config.get("linux") or {}
    return {
        "bundle": bundle,
        "ociVersion": config["ociVersion"],
        "source": _source(record),
        "rootfs": _rootfs(rootfs, config, record),
        "process": _process(config.get("process") or {}, rootfs, secrets=secrets),
        "hostname": config.get("hostname") or "",
        "mounts": [_mount(row) for row in config.get("mounts") or ()],
        "devices": [_device(row) for row in linux.get("devices") or ()],
        "namespaces": [
            {"type": row["type"], "path": row.get("path") or ""} for row in linux.get("namespaces") or ()
        ],
        "mappings": {
            "uid": [_mapping(row) for row in linux.get("uidMappings") or ()],
            "gid": [_mapping(row) for row in linux.get("gidMappings") or ()],
        },
        "limits": _limits(linux.get("resources") or {}),
        "security": _security(config, linux),
        "hooks": {
            name: [{"path": hook["path"], "args": hook.get("args") or []} for hook in hooks]
            for name, hooks in (config.get("hooks") or {}).items()
            if isinstance(hooks, list) and hooks
        },
        "annotations": {
            name: value if secrets else masked(name, value)
            for name, value in (config.get("annotations") or {}).items()
        },
        "freebsd": config.get("freebsd"),
    }


def masked(name: str, value: str) -> str:
    """``value``, or asterisks for it when ``name`` looks secret, and for a password in a URL."""
    if value and any(word in name.upper() for word in SECRET):
        return MASK
    scheme, found, rest = value.partition("://")
    account, at, _ = rest.split("/", 1)[0].rpartition("@")
    user, colon, _ = account.partition(":")
    if found and at and colon:
        return f"{scheme}://{user}:{MASK}{rest[len(account) :]}"
    return value


def _source(record: "Object | None") -> "Object | None":
    if record is None:
        return None
    return {name: str(record.get(name) or "") for name in ("source", "digest", "platform")}


def _rootfs(path: str, config: "Object", record: "Object | None") -> "Object":
    made = (record or {}).get("rootfs")
    made = made if isinstance(made, dict) else {}
    layers = made.get("layers")
    mode = str(made.get("mode") or "")
    return {
        "path": path,
        "exists": os.path.isdir(path),
        "readonly": bool(config["root"].get("readonly")),
        "mode": mode,
        "mounted": os.path.ismount(path) if mode == "overlay" else None,
        "layers": [str(layer) for layer in layers] if isinstance(layers, list) else [],
    }


def _process(process: "Object", rootfs: str, *, secrets: bool) -> "Object":
    user = process.get("user") or {}
    uid, gid = user.get("uid") or 0, user.get("gid") or 0
    groups = _names(rootfs, "group")
    return {
        "args": process.get("args") or [],
        "cwd": process.get("cwd") or "",
        "terminal": bool(process.get("terminal")),
        "user": {
            "uid": uid,
            "gid": gid,
            "name": _names(rootfs, "passwd").get(uid, ""),
            "group": groups.get(gid, ""),
            "additional": [
                {"gid": each, "group": groups.get(each, "")} for each in user.get("additionalGids") or ()
            ],
        },
        "env": [_variable(entry, secrets=secrets) for entry in process.get("env") or ()],
        "capabilities": {
            name: list(names or ()) for name, names in (process.get("capabilities") or {}).items()
        },
        "rlimits": [
            {name: row[name] for name in ("type", "soft", "hard")} for row in process.get("rlimits") or ()
        ],
    }


def _names(rootfs: str, file: str) -> dict[int, str]:
    """Names by number from passwd(5) or group(5) of the root; empty when it has none."""
    try:
        data = files.read(files.inside(rootfs, "/etc/" + file), _LARGEST_PASSWD, follow=False)
    except OSError:
        return {}  # the numbers are shown alone
    found: dict[int, str] = {}
    for row in data.decode(errors="replace").splitlines():
        fields = row.split(":")
        if len(fields) > 2 and fields[2].isascii() and fields[2].isdigit() and len(fields[2]) < 11:
            found.setdefault(int(fields[2]), fields[0])  # the first one counts, getpwuid(3)
    return found


def _variable(entry: str, *, secrets: bool) -> "Object":
    name, _, value = entry.partition("=")
    said = value if secrets else masked(name, value)
    return {"name": name, "value": said, "masked": said != value}


def _mount(row: "Object") -> "Object":
    return {
        "destination": row["destination"],
        "type": row.get("type") or "",
        "source": row.get("source") or "",
        "options": row.get("options") or [],
    }


def _device(row: "Object") -> "Object":
    return {name: row.get(name) for name in ("path", "type", "major", "minor", "fileMode", "uid", "gid")}


def _mapping(row: "Object") -> "Object":
    return {name: row[name] for name in ("containerID", "hostID", "size")}


def _limits(resources: "Object") -> "Object":
    memory, cpu = resources.get("memory") or {}, resources.get("cpu") or {}
    quota, period = cpu.get("quota") or 0, cpu.get("period") or 100_000
    return {
        "memory": _positive(memory.get("limit")),
        "swap": _positive(memory.get("swap")),  # config-linux.md: memory and swap together
        "cpus": quota / period if quota > 0 else None,
        "shares": _positive(cpu.get("shares")),
        "cpuset": cpu.get("cpus") or "",
        "pids": _positive((resources.get("pids") or {}).get("limit")),
    }


def _positive(value: int | None) -> int | None:
    return value if value and value > 0 else None


def _security(config: "Object", linux: "Object") -> "Object":
    process = config.get("process") or {}
    seccomp = linux.get("seccomp")
    return {
        "seccomp": {
            "defaultAction": seccomp.get("defaultAction"),
            "rules": len(seccomp.get("syscalls") or ()),
        }
        if seccomp
        else None,
        "noNewPrivileges": bool(process.get("noNewPrivileges")),
        "readonlyRoot": bool(config["root"].get("readonly")),
        "maskedPaths": linux.get("maskedPaths") or [],
        "readonlyPaths": linux.get("readonlyPaths") or [],
        "apparmor": process.get("apparmorProfile") or "",
        "selinux": process.get("selinuxLabel") or "",
    }
