"""The plan of ``create``: which steps put a bundle, a template or an image onto a node of Proxmox VE.

At most three of its tools are started: ``pvesh`` for a VMID, ``pct create``, and for an image whose
settings pct overwrites ``pct set``. The lines that pct has no option for go into the container's own
configuration, at once and under its lock, before anything can start it.
"""

import os

from nexcage import log
from nexcage.drivers import Create
from nexcage.drivers.pct import archives, node
from nexcage.drivers.pct.translate import Request, Translated, translate
from nexcage.drivers.pct.translate.look import Look
from nexcage.drivers.pct.translate.request import ENTRYPOINT
from nexcage.host import signals
from nexcage.jsontext import dumps
from nexcage.oci.bundle import Bundle
from nexcage.plan import Insert, Remove, Run, Step, Write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.drivers.pct.driver import Pct
    from nexcage.drivers.pct.parse import Version
    from nexcage.errors import NexcageError
    from nexcage.host.process import Completed

CREATE_PATIENCE = 24 * 3600.0  # a template of gigabytes on a slow storage
CREATE_GRACE = 60.0  # pct takes back what it made when it is asked to end
LXC_LOG, HOOKS = "lxc.log", "hooks.json"
_ARCHES = {"x86_64": "amd64", "aarch64": "arm64", "i686": "i386", "armv7l": "armhf", "riscv64": "riscv64"}
_STOP_SIGNAL = "org.opencontainers.image.stopSignal"
_INITS = ("init", "systemd", "openrc-init", "runit-init", "s6-svscan")


def takes_images(version: "Version") -> bool:
    """Whether ``pct create`` of this node unpacks OCI archives itself: Proxmox VE 9.1."""
    return Request({}, id="", version=version, look=Look()).has(ENTRYPOINT)


def plan(driver: "Pct", bundle: Bundle, call: Create) -> list[Step]:
    """The steps, the last of them the container as it will be started; ``call.handle`` becomes its VMID."""
    out, vmid = translation(driver, bundle, call)
    call.handle = str(vmid)
    for sentence in out.warnings:
        log.warning(sentence, code="property-ignored")
    for sentence in out.notes:
        log.info(sentence)
    log.info(f"rootfs: {out.rootfs.way}: {out.rootfs.reason}")
    steps = files_of(out, call.home)
    template, before, after = _template(bundle, call, out)
    steps += before
    steps.append(_create(driver, call, out, template))
    steps += after
    steps.append(
        Insert(
            node.conf_path(call.handle), [*out.lines, *_own_lines(bundle, call)], node.lock_path(call.handle)
        )
    )
    for words in out.after:
        steps.append(driver.tools.step(["pct", "set", call.handle, *words], call.handle))
    return steps


def files_of(out: Translated, home: str) -> list[Step]:
    """The steps that write what lies beside the record: a seccomp profile, hooks that pct does not run."""
    steps: list[Step] = [
        Write(f"{home}/{name}", text.encode(errors="surrogateescape")) for name, text in out.files.items()
    ]
    if out.hooks:
        steps.append(Write(f"{home}/{HOOKS}", dumps(out.hooks).encode()))
    return steps


def translation(driver: "Pct", bundle: Bundle, call: Create) -> tuple[Translated, int]:
    """Words and lines for the bundle, and the VMID that is reserved for it."""
    out = translated(driver, bundle, call)
    reserved = driver.reserved
    vmid = reserved.next(driver.next_id) if out.vmid is None else reserved.this(out.vmid)
    return out, vmid


def translated(driver: "Pct", bundle: Bundle, call: Create) -> Translated:
    """Words and lines for the bundle."""
    image = call.image
    request = Request(
        bundle.config,
        id=driver.settings.container,
        version=driver.version(),
        look=Look(),
        bundle=bundle.path if image is None else "",
        rootfs=bundle.rootfs,
        home=call.home,
        source="bundle" if image is None else "template" if image.kind == "template" else "oci",
        arch=_ARCHES.get(os.uname().machine, os.uname().machine),
        cgroup2=driver.facts.cgroup_mode() == "unified",
        options=call.wishes,
        configuration=driver.configuration(),
        permissive=call.permissive,
    )
    return translate(request)


def _template(bundle: Bundle, call: Create, out: Translated) -> tuple[str, list[Step], list[Step]]:
    """What pct create unpacks, the steps that make it, and those that remove it again."""
    image = call.image
    if image is not None and image.kind == "template":
        return image.text, [], []
    if image is not None and image.kind == "archive" and image.text.endswith(".tar"):
        return image.text, [], []
    if image is not None:
        path = f"{call.home}/image.tar"
        return path, archives.fetch(image, path, call), [Remove(path)]
    if out.rootfs.way == "directory":
        # pct insists on a template and takes an empty archive for one
        path = f"{call.home}/empty.tar"
        return path, [Write(path, bytes(10240))], [Remove(path)]
    path = f"{call.home}/rootfs.tar"
    steps, rest = archives.pack(bundle.rootfs, path, mapped=out.rootfs.mapped)
    return path, steps, [Remove(path), *rest]


def _create(driver: "Pct", call: Create, out: Translated, template: str) -> Run:
    words = [word for name, text in out.create.items() for word in (f"--{name}", text)]
    vmid = call.handle
    step = driver.tools.step(["pct", "create", vmid, template, *words], vmid, patience=CREATE_PATIENCE)
    step.grace = CREATE_GRACE
    step.undo = driver.tools.destroy(vmid, forced=True).argv
    lost: list[bool] = []

    def judge(done: "Completed") -> "NexcageError | None":
        error = driver.tools.judge(done, vmid)
        if error is not None and error.code == "vmid-exists":
            lost.append(True)  # somebody else has the number: the container is not ours to destroy
        return error

    step.judge = judge
    step.undo_when = lambda: not lost and driver.is_left_of_create(vmid)
    return step


def _own_lines(bundle: Bundle, call: Create) -> list[str]:
    """Where the output of the first process goes, and LXC's log: the only place that has its exit status."""
    lines = [f"lxc.log.file: {call.home}/{LXC_LOG}", "lxc.log.level: DEBUG"]
    if call.stdio != "null":
        lines.append(f"lxc.console.logfile: {call.stdio}")
    args = (bundle.config.get("process") or {}).get("args") or []
    wanted = (bundle.config.get("annotations") or {}).get(_STOP_SIGNAL)
    if wanted or (args and os.path.basename(args[0]) not in _INITS):
        # LXC asks with PWR, which is for an init
        lines.append(f"lxc.signal.halt: {signals.number(wanted or 'TERM')}")
    return lines
