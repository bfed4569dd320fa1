"""``process``: what runs, as whom, with which limits (config.md, "Process")."""

from nexcage.drivers.pct.quoting import BLANKS, QUOTES, Inexpressible, command, control, is_plain
from nexcage.drivers.pct.translate.request import ENTRYPOINT, Request
from nexcage.drivers.pct.translate.translated import Translated, refuse

_UNLIMITED = 2**64 - 1
_MAPPED = 65536  # ids of an unprivileged container that asks for no others


def args(request: Request, out: Translated) -> None:
    """--entrypoint (Proxmox VE 9.1), before and for words that only LXC reads right: ``lxc.init.cmd``.

    For an OCI archive create takes the image's own, so ours is set after.
    """
    words = request.part("process").get("args") or []
    if not words:
        return
    for i, text in enumerate(words):
        if control(text):
            raise refuse(f"$.process.args[{i}]", "has a control character, which no line can hold")
    try:
        text = command(words)
    except Inexpressible as error:
        reason = "has both kinds of quotes and a blank, which lxc.init.cmd cannot hold"
        raise refuse(f"$.process.args[{error.index}]", reason, "put it into a script of the rootfs") from None
    of_image = request.source == "oci"
    if request.has(ENTRYPOINT) and is_plain(words):
        if of_image:
            out.after.append(["--entrypoint", text])
        else:
            out.create["entrypoint"] = text
    else:
        out.raw("lxc.init.cmd", text, "$.process.args")
        if of_image and request.has(ENTRYPOINT):
            out.after.append(["--delete", "entrypoint"])
    # as Proxmox VE does for OCI images: what the program prints is on the console
    out.create["cmode"] = "console"


def env(request: Request, out: Translated) -> None:
    """Lines, since pct takes only one variable; from 9.1 those that ``pct config`` shows as env."""
    for i, entry in enumerate(request.part("process").get("env") or ()):
        name, _, value = entry.partition("=")
        simple = name.replace("_", "x").isalnum() and name.isascii() and name[0] not in QUOTES
        simple = simple and (value == "" or value[-1] not in BLANKS)
        key = "lxc.environment.runtime" if simple and request.has(ENTRYPOINT) else "lxc.environment"
        out.raw(key, entry, f"$.process.env[{i}]")


def _replaces(request: Request) -> bool:
    """Whether what is usual has to be said: pct has taken the image's own user and directory."""
    return request.source == "oci" and "process" in request.config


def cwd(request: Request, out: Translated) -> None:
    """``lxc.init.cwd``; LXC starts at / without, and where the directory is missing."""
    path = request.part("process").get("cwd") or "/"
    if path != "/" or _replaces(request):
        out.raw("lxc.init.cwd", path, "$.process.cwd")


def user(request: Request, out: Translated) -> None:
    """``lxc.init.uid``, ``.gid``, ``.groups``; pct has no options for them."""
    own = request.part("process", "user")
    for name, key in (("uid", "lxc.init.uid"), ("gid", "lxc.init.gid")):
        number = own.get(name) or 0
        _mapped(out, number, f"$.process.user.{name}")
        if number or _replaces(request):
            out.raw(key, str(number), f"$.process.user.{name}")
    groups = [gid for gid in own.get("additionalGids") or () if gid is not None]
    for i, gid in enumerate(groups):
        _mapped(out, gid, f"$.process.user.additionalGids[{i}]")
    if groups:
        out.raw("lxc.init.groups", ",".join(str(gid) for gid in groups), "$.process.user.additionalGids")


def _mapped(out: Translated, number: int, at: str) -> None:
    if out.unprivileged and not out.own_ids and number >= _MAPPED:
        reason = f"{number} is none of the {_MAPPED} ids of an unprivileged container"
        raise refuse(at, reason, "map it by linux.uidMappings and gidMappings, or use --unprivileged 0")


def no_new_privileges(request: Request, out: Translated) -> None:
    """``lxc.no_new_privs``."""
    if request.part("process").get("noNewPrivileges"):
        out.raw("lxc.no_new_privs", "1", "$.process.noNewPrivileges")


def oom_score(request: Request, out: Translated) -> None:
    """``lxc.proc.oom_score_adj``."""
    score = request.part("process").get("oomScoreAdj")
    if score is not None:
        out.raw("lxc.proc.oom_score_adj", str(score), "$.process.oomScoreAdj")


def rlimits(request: Request, out: Translated) -> None:
    """``lxc.prlimit.NAME: soft:hard``."""
    for i, row in enumerate(request.part("process").get("rlimits") or ()):
        name = row["type"].removeprefix("RLIMIT_").lower()
        numbers = ["unlimited" if row[side] == _UNLIMITED else str(row[side]) for side in ("soft", "hard")]
        out.raw(f"lxc.prlimit.{name}", ":".join(numbers), f"$.process.rlimits[{i}]")


def capabilities(request: Request, out: Translated) -> None:
    """``lxc.cap.keep`` of the bounding set; LXC refuses it beside what Proxmox VE drops: that is cleared."""
    sets = request.part("process").get("capabilities")
    if sets is None:
        return
    names = [name.removeprefix("CAP_").lower() for name in sets.get("bounding") or ()]
    out.raw("lxc.cap.drop", "", "$.process.capabilities")
    out.raw("lxc.cap.keep", " ".join(names) or "none", "$.process.capabilities.bounding")
