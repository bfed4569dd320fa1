r"""``mounts``: mpN where pct has what is asked for, else ``lxc.mount.entry`` (config.md, "Mounts").

mpN come first, in the order of their numbers, before LXC mounts /dev, /proc and /sys; entries come after.
So what lies below one of those, or below an entry before it, is an entry too.
"""

import os

from nexcage.drivers.pct.quoting import BLANKS, control, field
from nexcage.drivers.pct.translate.request import PASSTHROUGH, Request
from nexcage.drivers.pct.translate.root import can_pass
from nexcage.drivers.pct.translate.translated import Translated, refuse
from nexcage.oci.mounts import is_bind, is_reference
from nexcage.oci.rules import Object

MOST = 256
# destination → types that LXC mounts there by itself (lxc.mount.auto, lxc.autodev)
_OWN = {
    "/proc": ("proc",),
    "/sys": ("sysfs",),
    "/sys/fs/cgroup": ("cgroup", "cgroup2"),
    "/dev": ("tmpfs", "devtmpfs"),
    "/dev/pts": ("devpts",),
}
_OVER = ("/dev", "/proc", "/sys")
# options of mounts that mpN has (PVE/LXC/Config.pm, mountoptions)
_FLAGS = ("discard", "lazytime", "noatime", "nodev", "noexec", "nosuid")
# what every bind mount is anyway; mpN are not recursive, see `_bind`
_NOTHING = frozenset(
    ("bind", "rbind", "rw", "private", "rprivate", "dev", "exec", "suid", "atime", "defaults")
)
_DROPPED = frozenset(("tmpcopyup", "dest-nofollow"))  # ignored: LXC would hand them to the file system


def mounts(request: Request, out: Translated) -> None:
    """All of them, in their order."""
    entries: list[str] = []
    for i, mount in enumerate(request.config.get("mounts") or ()):
        at = f"$.mounts[{i}]"
        # neither Proxmox VE nor LXC mounts where a link leads ("symlink encountered")
        place = os.path.normpath("/" + mount["destination"].lstrip("/"))
        place = request.look.resolved(request.rootfs, place) if request.rootfs else place
        for text in (mount["destination"], mount.get("source") or "", *(mount.get("options") or ())):
            if control(text):
                raise refuse(at, "has a control character, which the container's configuration cannot hold")
        if place == "/":
            raise refuse(f"{at}.destination", "the root is not to be mounted over")
        if not is_bind(mount) and mount.get("type") in _OWN.get(place, ()):
            out.notes.append(f"mounts[{i}]: LXC mounts {place} by itself")
            continue
        hidden = any(_is_below(place, above) for above in (*_OVER, *entries))
        if is_reference(mount) and not request.look.kind(os.path.join(request.bundle, mount["source"])):
            _volume(out, mount, at, place, hidden)
        elif not is_bind(mount) or not _bind(request, out, mount, at, place, hidden):
            _entry(request, out, mount, at, place)
            entries.append(place)


def _is_below(path: str, above: str) -> bool:
    return (path + "/").startswith(above + "/")


def _properties(mount: Object, place: str) -> tuple[list[str], list[str]]:
    """The properties of mpN for the options, and the options that it has none for."""
    options = mount.get("options") or ()
    flags = [name for name in _FLAGS if name in options]
    words = [f"mp={place}"]
    if "ro" in options:
        words.append("ro=1")
    if flags:
        words.append(f"mountoptions={';'.join(flags)}")
    return words, [o for o in options if o not in _NOTHING and o not in _FLAGS and o not in ("ro", *_DROPPED)]


def _fits(text: str) -> bool:
    """Whether a property string holds it: a comma parts, blanks at the end are cut off."""
    return "," not in text and text.strip(BLANKS) == text


def _volume(out: Translated, mount: Object, at: str, place: str, hidden: bool) -> None:
    """A volume of a storage, ``STORAGE:VOLUME``; ``STORAGE:SIZE`` makes a new one of so many GiB."""
    words, others = _properties(mount, place)
    source = mount["source"]
    if others:
        raise refuse(f"{at}.options", f'mount points of volumes have no option "{others[0]}"')
    if hidden:
        raise refuse(at, "another mount would be mounted over the volume", "mount it elsewhere")
    if not (_fits(source) and _fits(place)) or "=" in source:
        raise refuse(at, "has a character that mpN cannot hold")
    out.numbered("mp", MOST, ",".join([source, *words]), at)


def _bind(request: Request, out: Translated, mount: Object, at: str, place: str, hidden: bool) -> bool:
    """A directory of the host as mpN; False when it has to be an entry."""
    words, others = _properties(mount, place)
    source = os.path.join(request.bundle, mount["source"])
    if hidden or others or not (_fits(source) and _fits(place)):
        return False
    if ".." in source.split("/") or request.look.kind(source) in ("file", "other"):
        return False  # mpN take directories only, and no ".."
    source = os.path.normpath(source)
    if "rbind" in (mount.get("options") or ()) and request.look.has_mounts_below(source):
        return False  # Proxmox VE does not bind what is mounted below
    if out.unprivileged and not out.own_ids:
        hindrance = can_pass(request, source)
        if hindrance:
            _strangers(out, at, hindrance)
        else:
            words.append("idmap=passthrough")
    first = f"volume={source}" if "=" in source else source
    out.numbered("mp", MOST, ",".join([first, *words]), at)
    return True


def _strangers(out: Translated, at: str, reason: str) -> None:
    out.warnings.append(
        f"config.json: {at}: files of the host's users appear as nobody's, and cannot be written: {reason}"
    )


def _entry(request: Request, out: Translated, mount: Object, at: str, place: str) -> None:
    """A line of fstab(5); the destination is relative: LXC does not mount an absolute one."""
    options = [option for option in mount.get("options") or () if option not in _DROPPED]
    for j, option in enumerate(options):
        if "," in option:
            raise refuse(f"{at}.options[{j}]", "has a comma, which parts options of LXC")
    kind = mount.get("type") or "none"
    source = mount.get("source") or kind
    create = "dir"
    if is_bind(mount):
        kind = "none"
        source = os.path.join(request.bundle, source)
        if not {"bind", "rbind"} & set(options):
            options.append("bind")
        create = "file" if request.look.kind(source) in ("file", "other") else "dir"
        closed = request.look.closed(source) if out.unprivileged else ""
        if closed:
            reason = f"{closed} is for root alone, and LXC mounts as the root of the container"
            raise refuse(f"{at}.source", reason, "move it where others may pass, or use --unprivileged 0")
        if (
            out.unprivileged
            and not out.own_ids
            and source.partition("/")[2].split("/")[0] not in ("dev", "sys", "proc")
        ):
            why = "only mpN pass owners through" if request.has(PASSTHROUGH) else can_pass(request, source)
            _strangers(out, at, why)
    elif source.startswith("#"):
        raise refuse(f"{at}.source", 'begins with "#", which begins a comment there')
    if not any(option.startswith("create=") for option in options):
        options.append(f"create={create}")
    fields = [source, place.lstrip("/"), kind, ",".join(options)]
    out.raw("lxc.mount.entry", " ".join([*(field(text) for text in fields), "0", "0"]), at)
