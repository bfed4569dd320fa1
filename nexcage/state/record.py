"""The record of one container: what create decided, which later verbs obey."""

from nexcage.errors import StateCorrupt
from nexcage.jsontext import Malformed, dumps, loads

FORMAT = 1
_FIELDS = {
    "id": str,
    "driver": str,
    "handle": str,
    "oci_version": str,
    "bundle": str,
    "rootfs": str,
    "created": str,
    "owner": str,
    "boot_id": str,
    "stdio": str,
    "cgroup_manager": str,
    "annotations": dict,
}
# what older records have not
_LATER = {"config_file": str, "config_digest": str}


class Record:
    """Facts of one container, written once at create.

    ``handle`` is the driver's own name for it (crun and runc: the id, VMID,
    JID); ``bundle`` and ``rootfs`` are absolute paths; ``created`` is RFC 3339;
    ``stdio`` is ``inherit``, ``null`` or the file that takes its output.
    ``config_file`` is what the container was made of, and ``config_digest`` what
    it read then: "" where there was no bundle, None where an older nexcage made it.
    """

    id: str
    driver: str
    handle: str
    oci_version: str
    bundle: str
    rootfs: str
    created: str
    owner: str
    boot_id: str
    stdio: str
    cgroup_manager: str
    annotations: dict[str, str]
    config_file: str | None = None
    config_digest: str | None = None

    def __init__(self, **fields: object) -> None:
        self.__dict__.update(fields)

    def to_json(self) -> bytes:
        """The text of ``record.json``."""
        later = {n: text for n in _LATER if (text := getattr(self, n)) is not None}
        return (
            dumps({"format": FORMAT, **{n: getattr(self, n) for n in _FIELDS}, **later}, 2) + "\n"
        ).encode()

    @classmethod
    def from_json(cls, text: bytes, path: str) -> "Record":
        """Read what `to_json` wrote; `StateCorrupt` names ``path`` and what is wrong."""
        try:
            values = loads(text)
        except Malformed as error:
            raise _corrupt(path, str(error)) from None
        if not isinstance(values, dict):
            raise _corrupt(path, "not an object")
        if values.pop("format", None) != FORMAT:
            raise _corrupt(path, f"not of format {FORMAT}: written by another version of nexcage?")
        later = {name: kind for name, kind in _LATER.items() if name in values}
        for name, kind in (_FIELDS | later).items():
            if not isinstance(values.get(name), kind):
                raise _corrupt(path, f"$.{name}: must be {'a string' if kind is str else 'an object'}")
        return cls(**values)

    def document(self, status: str, pid: int) -> dict[str, object]:
        """The OCI state of the container (runtime.md, "State"), the same for every driver."""
        return {
            "ociVersion": self.oci_version,
            "id": self.id,
            "status": status,
            "pid": pid,
            "bundle": self.bundle,
            "rootfs": self.rootfs,
            "created": self.created,
            "owner": self.owner,
            "driver": self.driver,
            "annotations": self.annotations,
        }


def _corrupt(path: str, reason: str) -> StateCorrupt:
    return StateCorrupt(
        f"{path}: {reason}", hint='remove the container with "nexcage delete --force ID" and create it again'
    )
