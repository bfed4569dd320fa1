"""Namespaces and ids: --unprivileged, --features, ``lxc.idmap``."""

from nexcage.drivers.pct.translate import checks
from nexcage.drivers.pct.translate.request import Request, Wanted
from nexcage.drivers.pct.translate.translated import Translated, refuse
from nexcage.oci.rules import Object

# what Proxmox VE maps by itself (PVE/LXC.pm, parse_id_maps)
_DEFAULT = [(0, 100000, 65536)]
_FEATURES = ("force_rw_sys", "fuse", "keyctl", "mknod", "nesting")


def unprivileged(request: Request, out: Translated) -> None:
    """--unprivileged, always written: the default of create was 0 before Proxmox VE 9."""
    kinds = [row.get("type") for row in request.part("linux").get("namespaces") or ()]
    wanted = request.wanted("unprivileged")
    flag = checks.boolean(wanted, "unprivileged-invalid") if wanted else "1"
    if flag == "0" and "user" in kinds:
        at = f"$.linux.namespaces[{kinds.index('user')}]"
        where = wanted.at if wanted else ""
        raise refuse(at, f"a privileged container, as {where} wants it, has no user namespace")
    out.unprivileged = flag == "1"
    out.create["unprivileged"] = flag


def id_mappings(request: Request, out: Translated) -> None:
    """``lxc.idmap``; nothing for 0 → 100000, 65536 ids, which is what Proxmox VE maps by itself."""
    linux = request.part("linux")
    rows = {"u": linux.get("uidMappings") or [], "g": linux.get("gidMappings") or []}
    if not (rows["u"] or rows["g"]):
        return
    for kind, name, other in (("u", "uidMappings", "gidMappings"), ("g", "gidMappings", "uidMappings")):
        if not rows[kind]:
            raise refuse(f"$.linux.{other}", f"LXC maps both or none, and $.linux.{name} is absent")
    if not out.unprivileged:
        raise refuse("$.linux.uidMappings", "a privileged container maps no ids")
    out.own_ids = True
    spans = {
        kind: [(r["containerID"], r["hostID"], r["size"]) for r in found] for kind, found in rows.items()
    }
    if all(span == _DEFAULT for span in spans.values()):
        out.notes.append("linux.uidMappings: are those of every unprivileged container of Proxmox VE")
        return
    for kind, name in (("u", "uidMappings"), ("g", "gidMappings")):
        allowed = request.look.subordinates(kind)
        for i, (inside, outside, size) in enumerate(spans[kind]):
            at = f"$.linux.{name}[{i}]"
            if allowed is not None and not _covers(allowed, outside, size):
                file = "/etc/subuid" if kind == "u" else "/etc/subgid"
                reason = f"root may not map the {size} ids from {outside} on this node"
                raise refuse(at, reason, f"add the line root:{outside}:{size} to {file}")
            out.raw("lxc.idmap", f"{kind} {inside} {outside} {size}", at)


def _covers(allowed: list[tuple[int, int]], first: int, size: int) -> bool:
    return any(low <= first and first + size <= low + count for low, count in allowed)


def features(request: Request, out: Translated) -> None:
    """--features: what was asked for; nesting and keyctl for a user namespace with CAP_SYS_ADMIN.

    Such a program may mount, and needs a procfs and sysfs that it can mount again. keyctl has
    a meaning in unprivileged containers only.
    """
    linux = request.part("linux")
    kinds = [row.get("type") for row in linux.get("namespaces") or ()]
    bounding = request.part("process", "capabilities").get("bounding") or ()
    wanted = request.wanted("features")
    if wanted:
        out.features.update(_features(wanted))
        if out.features.get("keyctl") == "1" and not out.unprivileged:
            raise wanted.wrong("has keyctl, which is for unprivileged containers", "features-invalid")
    elif "user" in kinds and "CAP_SYS_ADMIN" in bounding:
        out.features.update(nesting="1", keyctl="1")


def _features(wanted: Wanted) -> Object:
    found: Object = {}
    for name, text in checks.pairs(wanted, "features-invalid").items():
        if name == "mount":
            if not text.replace(";", "x").replace("_", "x").isalnum():
                raise wanted.wrong("has a mount that is no list of file systems", "features-invalid")
            found[name] = text
        elif name in _FEATURES:
            found[name] = checks.boolean(
                Wanted(text, f"{wanted.at}: {name}", wanted.error), "features-invalid"
            )
        else:
            names = ", ".join((*_FEATURES, "mount"))
            raise wanted.wrong(f'has "{name}", which is none of: {names}', "features-invalid")
    return found
