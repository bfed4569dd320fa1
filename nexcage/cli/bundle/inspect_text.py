"""The description of a bundle for people: a name, then what it is, in lines that fit the terminal."""

from nexcage.bundler.inspection import NAMESPACES
from nexcage.host.process import paste
from nexcage.jsontext import dumps
from nexcage.log import printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.oci.rules import Object

_NAME = 15  # columns of the names
_LEAST = 24  # a terminal with less room for the values is written over


def pages(found: "Object", width: int) -> list[str]:
    """The lines; ``width`` 0 means that no line is broken."""
    process, rootfs = found["process"], found["rootfs"]
    lines = _Lines(width)
    lines.add("bundle", found["bundle"])
    if found["source"] is not None:
        lines.add("source", *(text for text in found["source"].values() if text))
    lines.command("runs", process["args"])
    lines.add("user", _user(process["user"]))
    lines.add("directory", process["cwd"])
    lines.add("host name", found["hostname"] or "that of the host")
    lines.add("terminal", "yes" if process["terminal"] else "no")
    lines.add("environment", *(f"{each['name']}={each['value']}" for each in process["env"]))
    lines.add("rootfs", rootfs["path"] + _rootfs(rootfs))
    lines.add("layers", *rootfs["layers"])
    lines.add("namespaces", *_namespaces(found))
    for kind, rows in found["mappings"].items():
        lines.add(f"{kind} mapping", *(_mapping(row) for row in rows))
    lines.add("limits", *(_limits(found["limits"], process["rlimits"]) or ["none"]))
    lines.add("capabilities", *_capabilities(process["capabilities"]))
    lines.add("security", *_security(found["security"]))
    lines.add("devices", *(_device(row) for row in found["devices"]))
    for name, hooks in found["hooks"].items():
        for hook in hooks:
            # args[0] is only what the hook is called, config.md "POSIX-platform Hooks"
            lines.command(name, [hook["path"], *hook["args"][1:]])
    lines.add("annotations", *(f"{name}={value}" for name, value in sorted(found["annotations"].items())))
    if found["freebsd"] is not None:
        lines.add("freebsd", dumps(found["freebsd"]))
    lines.mounts(found["mounts"])
    return lines.lines


class _Lines:
    def __init__(self, width: int) -> None:
        self.room = max(width - _NAME, _LEAST) if width else 0
        self.lines: list[str] = []

    def add(self, name: str, *values: str) -> None:
        """The values below each other behind ``name``; nothing without values."""
        rows = [row for value in values for row in _broken(printable(value), self.room)]
        for row in rows:
            self.lines.append(f"{name:<{_NAME}}{row}".rstrip())
            name = ""

    def command(self, name: str, argv: list[str]) -> None:
        """A command that can be pasted, also when it takes several lines."""
        rows: list[str] = []
        for word in map(_word, argv):
            if rows and (not self.room or len(rows[-1]) + len(word) + 3 <= self.room):
                rows[-1] += " " + word
            else:
                rows.append(word)
        for row in rows[:-1]:
            self.lines.append(f"{name:<{_NAME}}{row} \\")
            name = ""
        self.lines.append(f"{name:<{_NAME}}{rows[-1]}")

    def mounts(self, rows: "list[Object]") -> None:
        """A table; options that do not fit go on in the next line."""
        if not rows:
            return
        cells = [
            [printable(row[name]) for name in ("destination", "type", "source")]
            + [",".join(map(printable, row["options"]))]
            for row in rows
        ]
        cells.insert(0, ["MOUNT", "TYPE", "SOURCE", "OPTIONS"])
        widths = _widths(cells, self.room + _NAME if self.room else 0)
        self.lines.append("")
        for row in cells:
            broken = [_broken(cell, width, ",/") for cell, width in zip(row, widths, strict=True)]
            for i in range(max(map(len, broken))):
                parts = [
                    (part[i] if i < len(part) else "").ljust(width)
                    for part, width in zip(broken, widths, strict=True)
                ]
                self.lines.append("  ".join(parts).rstrip())


def _widths(cells: list[list[str]], width: int) -> list[int]:
    """Columns as wide as they need; the widest is narrowed until all fit."""
    widths = [max(len(row[i]) for row in cells) for i in range(4)]
    while width and sum(widths) + 6 > width and max(widths) > 8:
        widths[widths.index(max(widths))] -= 1
    return widths


def _broken(text: str, room: int, after: str = " ,;:/") -> list[str]:
    """``text`` in pieces of at most ``room`` characters, broken after one of ``after`` where there is one."""
    pieces = []
    while room and len(text) > room:
        end = max(text.rfind(letter, 0, room) for letter in after) + 1
        end = end if end > room // 3 else room
        pieces.append(text[:end].rstrip(" "))
        text = text[end:]
    return [*pieces, text]


def _word(text: str) -> str:
    """One word of a command, quoted for a shell; with control characters for bash."""
    return paste([text]) if text.isprintable() else f"$'{''.join(map(_letter, text))}'"


def _letter(letter: str) -> str:
    if letter in "\\'":
        return "\\" + letter
    if letter in "\n\t":
        return ascii(letter)[1:-1]
    return letter if letter.isprintable() else "".join(f"\\{byte:03o}" for byte in letter.encode())


def _named(number: int, name: str) -> str:
    return f"{number} ({name})" if name else str(number)


def _user(user: "Object") -> str:
    text = f"{_named(user['uid'], user['name'])}, group {_named(user['gid'], user['group'])}"
    if user["additional"]:
        text += ", also in " + ", ".join(_named(row["gid"], row["group"]) for row in user["additional"])
    return text


def _rootfs(rootfs: "Object") -> str:
    words = [rootfs["mode"]] if rootfs["mode"] else []
    words += ["not mounted"] if rootfs["mounted"] is False else []
    words += ["read-only"] if rootfs["readonly"] else []
    words += [] if rootfs["exists"] else ["does not exist"]
    return f" ({', '.join(words)})" if words else ""


def _namespaces(found: "Object") -> list[str]:
    own = [row["type"] for row in found["namespaces"] if not row["path"]]
    joined = [f"{row['type']} of {row['path']}" for row in found["namespaces"] if row["path"]]
    given = {row["type"] for row in found["namespaces"]}
    shared = [name for name in NAMESPACES if name not in given]
    texts = [("own: ", own), ("joined: ", joined), ("of the host: ", shared)]
    return [head + ", ".join(names) for head, names in texts if names]


def _mapping(row: "Object") -> str:
    return f"{row['containerID']} is {row['hostID']} of the host, {row['size']} of them"


def _limits(limits: "Object", rlimits: "list[Object]") -> list[str]:
    texts = []
    if limits["memory"]:
        texts.append("memory " + size(limits["memory"]))
    if limits["swap"]:
        texts.append(f"memory and swap {size(limits['swap'])}")
    if limits["cpus"]:
        texts.append(f"processor time {limits['cpus']:.3g} CPUs")
    if limits["shares"]:
        texts.append(f"processor shares {limits['shares']}")
    if limits["cpuset"]:
        texts.append(f"processors {limits['cpuset']}")
    if limits["pids"]:
        texts.append(f"processes {limits['pids']}")
    return texts + [f"{row['type']} {row['soft']}, at most {row['hard']}" for row in rlimits]


def size(count: int) -> str:
    """Bytes with the largest unit that leaves at most one decimal: "512 MiB", "1.5 GiB", "1000 B"."""
    for power, unit in ((60, "EiB"), (50, "PiB"), (40, "TiB"), (30, "GiB"), (20, "MiB"), (10, "KiB")):
        if count >> power and count * 10 % (1 << power) == 0:
            return f"{count / (1 << power):g} {unit}"
    return f"{count} B"


def _capabilities(sets: "Object") -> list[str]:
    short = {name: [each.removeprefix("CAP_") for each in names] for name, names in sets.items()}
    if not any(short.values()):
        return ["none"]
    if len({tuple(sorted(short.get(name, ()))) for name in ("bounding", "effective", "permitted")}) == 1:
        texts = [" ".join(short["bounding"])]
        shown = {"bounding", "effective", "permitted"}
    else:
        texts, shown = [], set()
    return texts + [
        f"{name}: {' '.join(names) or 'none'}" for name, names in short.items() if name not in shown and names
    ]


def _security(found: "Object") -> list[str]:
    seccomp = found["seccomp"]
    texts = [
        f"seccomp: {seccomp['defaultAction']} but for {seccomp['rules']} rules" if seccomp else "no seccomp",
        "no new privileges" if found["noNewPrivileges"] else "new privileges are possible",
        "read-only root" if found["readonlyRoot"] else "writable root",
        f"{len(found['maskedPaths'])} masked paths, {len(found['readonlyPaths'])} read-only paths",
    ]
    texts += [f"AppArmor profile {found['apparmor']}"] if found["apparmor"] else []
    return texts + ([f"SELinux label {found['selinux']}"] if found["selinux"] else [])


def _device(row: "Object") -> str:
    numbers = f" {row['major']}:{row['minor']}" if row["type"] != "p" else ""
    mode = f", mode 0{row['fileMode']:03o}" if row["fileMode"] is not None else ""
    return f"{row['path']} ({row['type']}{numbers}{mode})"
