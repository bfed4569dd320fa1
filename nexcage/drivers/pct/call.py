"""A call of one of Proxmox's tools that failed: what its command line says of it."""

from nexcage.drivers import _call
from nexcage.drivers.pct.texts import LOCKS


class Call(_call.Call):
    """``shown`` is the command line without secrets."""

    locks = LOCKS

    def __init__(
        self, tool: str, shown: list[str], status: int, stderr: str, id: str, vmid: int | None
    ) -> None:
        super().__init__(tool, shown, status, stderr, _call.container(id, "VMID", vmid))
        self.fields = {
            "what": self.what or "the container",
            "id": id or "ID",
            "vmid": str(vmid) if vmid is not None else "VMID",
            "tool": self.tool,
            "verb": self.verb,
            "wanted": self._wanted(),
        }

    def _wanted(self) -> str:
        """What the call was about, beside the container."""
        for option in ("reference", "url", "template"):
            if found := self.value(option):
                return found
        plain = self.plain
        return plain[2] if self.tool == "pct" and len(plain) > 2 else plain[-1] if plain else ""

    def value(self, name: str) -> str | None:
        """What was given for a parameter ("net0", "net0.ip"); None when the command line does not show it."""
        option, _, key = name.partition(".")
        found: str | None = None
        for index, word in enumerate(self.shown):
            before, equals, after = word.lstrip("-").partition("=")
            if word.startswith("-") and before.lower() == option:
                found = after if equals else "".join(self.shown[index + 1 : index + 2])
        place = "".join(self.shown[2:3])
        if found is None and option == "vmid" and self.tool == "pct":
            found = place
        elif found is None and "/" in place:
            found = place.partition(f"/{option}/")[2].partition("/")[0] or None
        if key and found:
            pairs = dict(pair.partition("=")[::2] for pair in found.split(",") if "=" in pair)
            return pairs.get(key, found)
        return found
