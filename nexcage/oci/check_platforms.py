"""The top of the sections for platforms that nexcage has no driver for: only types, and what is required.

config-windows.md, config-vm.md, config-solaris.md, config-zos.md.
"""

from nexcage.oci.check_words import one_of
from nexcage.oci.rules import Object, boolean, fault, members, obj, rows, string, strings


def platforms(config: Object) -> None:
    """Check the sections that are there."""
    if config.get("windows") is not None:
        _windows(obj(config, "windows", "$"), config)
    vm = obj(config, "vm", "$")
    for name, required in (("hypervisor", True), ("kernel", True), ("image", True)):
        part = obj(vm, name, "$.vm")
        at = f"$.vm.{name}"
        if vm.get(name) is not None:
            path = string(part, "path", at, required=required)
            if path and not path.startswith("/"):
                fault(at + ".path", f'must be an absolute path, not "{path}"')
        strings(part, "parameters", at)
    string(obj(vm, "kernel", "$.vm"), "initrd", "$.vm.kernel")
    image = obj(vm, "image", "$.vm")
    if vm.get("image") is not None:
        one_of(image, "format", "$.vm.image", ("raw", "qcow2", "vdi", "vmdk", "vhd"), required=True)
    obj(vm, "hwConfig", "$.vm")
    solaris = obj(config, "solaris", "$")
    for name in ("milestone", "limitpriv", "maxShmMemory"):
        string(solaris, name, "$.solaris")
    for name in ("cappedCPU", "cappedMemory"):
        obj(solaris, name, "$.solaris")
    rows(solaris, "anet", "$.solaris")
    zos = obj(config, "zos", "$")
    rows(zos, "devices", "$.zos")
    for here, row in rows(zos, "namespaces", "$.zos"):
        one_of(row, "type", here, ("pid", "mount", "ipc", "uts"), required=True)
        string(row, "path", here)


def _windows(values: Object, config: Object) -> None:
    at = "$.windows"
    if not strings(values, "layerFolders", at) and members(values, "layerFolders", at) == []:
        fault(at + ".layerFolders", "must not be empty")
    for name in ("resources", "network", "hyperv"):
        obj(values, name, at)
    rows(values, "devices", at)
    for name in ("servicing", "ignoreFlushesDuringBoot"):
        boolean(values, name, at)
    values.get("credentialSpec")
    if values.get("hyperv") is not None and config.get("root") is not None:
        fault(at + ".hyperv", "contradicts $.root: a Hyper-V container has its root in layerFolders")
