"""The record of one container: what create decided, which later verbs obey."""

from nexcage.errors import StateCorrupt
from nexcage.jsontext import Malformed, dumps, loads

FORMAT = 1
NEWER = "state-newer"  # the code of what a newer nexcage has written
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
        check_format(path, values.pop("format", None))
        kinds = _FIELDS | {name: kind for name, kind in _LATER.items() if name in values}
        for name, kind in kinds.items():
            value = values.get(name)
            if not isinstance(value, kind):
                raise _corrupt(path, f"$.{name}: must be {'a string' if kind is str else 'an object'}")
            if kind is str and "\0" in value:
                raise _corrupt(path, f"$.{name}: has a NUL character")
        if not is_name(values["handle"]):
            raise _corrupt(path, "$.handle: must be the name of a container")
        if not all(isinstance(value, str) for value in values["annotations"].values()):
            raise _corrupt(path, "$.annotations: must be an object of strings")
        return cls(**{name: values[name] for name in kinds})

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


def check_format(path: str, told: object, known: int = FORMAT) -> None:
    """Refuse a file of another format than ``known``; what a newer nexcage wrote is not called damaged."""
    if type(told) is int and told > known:
        raise StateCorrupt(
            f"{path}: of format {told}, which a newer nexcage has written",
            code=NEWER,
            hint="use the nexcage that has made the container, or a newer one",
        )
    if type(told) is not int or told != known:
        raise _corrupt(path, f"not of format {known}")


def is_name(handle: object) -> bool:
    """Whether ``handle`` can be a driver's name for a container: it becomes part of paths."""
    return isinstance(handle, str) and handle not in ("", ".", "..") and not {"/", "\0"} & set(handle)


def _corrupt(path: str, reason: str) -> StateCorrupt:
    return StateCorrupt(f"{path}: {reason}")
