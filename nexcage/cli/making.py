"""What ``create``, ``run`` and ``restore`` share: from a bundle to a record with a container behind it."""

import os
import time

from nexcage import SPEC_VERSION, ids, log
from nexcage.cli import images, proxmox
from nexcage.cli.call import Call
from nexcage.cli.options import Option
from nexcage.drivers import Create, Image
from nexcage.drivers.choose import choose
from nexcage.errors import AlreadyExists, CommandFailed, InvalidBundle, NexcageError, NotFound, UsageError
from nexcage.host import process, signals
from nexcage.host.execute import execute
from nexcage.oci import bundle as bundles
from nexcage.oci import check
from nexcage.oci.prepare import prepare
from nexcage.plan import Plan, Step, Write
from nexcage.state import launch
from nexcage.state.record import Record
from nexcage.state.store import Store, Unborn, short_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.drivers import Driver
    from nexcage.oci.rules import Object

CREATE_OPTIONS = (
    Option("bundle", "the bundle's directory (default: the working directory)", "DIR", "b"),
    Option("config", "read this file in place of the bundle's config.json", "FILE", "f"),
    Option("name", "the container id, where it is not an operand", "ID"),
    Option("image", "a bundle's directory, or for pct a template or an image", "DIR|TEMPLATE|IMAGE"),
    Option("console-socket", "unix socket that receives the terminal", "SOCKET"),
    Option("pid-file", "write the pid of the container's init here", "FILE"),
    Option("preserve-fds", "pass on N descriptors after standard error", "N"),
    Option("no-pivot", "do not use pivot_root"),
    Option("no-new-keyring", "keep the caller's session keyring"),
    Option(
        "stdio", "where the program's output goes", "inherit|log|null", choices=("inherit", "log", "null")
    ),
    *proxmox.OPTIONS,
)
MOST_TRIES = 20  # for a VMID that another node's command takes first


def identity(call: Call) -> tuple[str, str]:
    """(id, bundle or image) from the three forms: ``ID``, ``ID DIR``, ``--name ID --image DIR``."""
    container_id = call.text("name") or call.operand("the container id")
    named = [d for d in (call.text("bundle"), call.text("image")) if d] + call.operands[:1]
    call.operands = call.operands[1:]
    call.no_more()
    if len(named) > 1:
        raise UsageError(f'two bundles are named: "{named[0]}" and "{named[1]}"')
    return ids.check(container_id), named[0] if named else "."


class Making:
    """One container in the making: facts first, then a plan, then its execution."""

    def __init__(self, call: Call, *, detached: bool, extra: tuple[str, ...] = ()) -> None:
        self.call = call
        self.detached = detached
        self.extra = extra
        self.keep = call.flag("keep")
        self.unborn: Unborn | None = None
        self.unpacked = False  # the bundle was made for this container
        self.id, named = identity(call)
        self._refuse_taken()
        self.image: Image | None = None if call.text("bundle") else images.named(named)
        if self.image is None:
            self.bundle = self._open(named)
        config = None if self.image else self.bundle.config
        self.driver: Driver = choose(
            call, self._annotations(), self.id, image=self.image is not None, config=config
        )
        self.store: Store = call.store_for(self.driver.name)
        call.used = self.driver.name
        self.home = self.store.home(self.id)
        self._check_terminal()
        if self.image is not None:
            self._from_image(self.image)
        self.read_only = self._make_read_only()
        self.began = time.time()
        self.record = self._record()

    def _open(self, directory: str) -> bundles.Bundle:
        """The bundle, checked as far as no driver has to be known."""
        own = self.call.text("config")
        try:
            bundle = bundles.load(directory, own)
        except InvalidBundle as error:
            if own and "$.ociVersion" in error.message:
                error.hint = "nexcage's own file is named before the verb: nexcage --config FILE create"
            raise
        self._mount_again(bundle)
        bundles.check_executable(bundle)
        return bundle

    def interactive(self) -> bool:
        """Whether the program wants a terminal and the caller has one."""
        wanted = (self.bundle.config.get("process") or {}).get("terminal")
        return bool(wanted) and os.isatty(0) and os.isatty(1)

    def _check_terminal(self) -> None:
        """A terminal goes to a socket of the caller's; on Proxmox VE it is the container's console."""
        if self.driver.held_start:
            wrong = check.terminal(
                self.bundle.config,
                console_socket=bool(self.call.text("console-socket")),
                detached=self.detached,
            )
            if wrong:
                raise wrong

    def _annotations(self) -> dict[str, str]:
        return {} if self.image else self.bundle.config.get("annotations") or {}

    def _make_read_only(self) -> bool:
        """Do as security.read_only of the configuration says; whether the bundle had it otherwise."""
        wanted = self.call.config().text("security.read_only") == "1" and self.call.verb != "restore"
        root = self.bundle.config.get("root") or {}
        if not wanted or root.get("readonly"):
            return False
        self.bundle.config["root"] = {**root, "readonly": True}
        log.info("root file system read-only: the configuration says so in security.read_only")
        return True

    def _from_image(self, image: Image) -> None:
        """What stands for the bundle; a node that takes no images gets a bundle made of it."""
        if image.kind != "template" and not self.driver.takes_images():
            from nexcage.cli.unpacking import bundle_of

            self.bundle = bundle_of(self, image)
            self.unpacked = True
            self.image = None
            return
        annotations = {"io.nexcage.image": image.text}
        self.bundle = bundles.Bundle(
            self.home, "", {"ociVersion": SPEC_VERSION, "annotations": annotations}, ""
        )

    def _refuse_taken(self) -> None:
        # before any work; the directory's exclusive creation decides
        for store in self.call.stores():
            home = store.home(self.id)
            if os.path.lexists(home):
                how = "delete" if os.path.exists(home + "/record.json") else "delete --force"
                raise AlreadyExists(
                    f'container "{self.id}" already exists',
                    hint=f'choose another id, or remove it with "nexcage {how} {self.id}"',
                )

    def _mount_again(self, bundle: bundles.Bundle) -> None:
        """A bundle of "bundle create" may be an overlay whose mount a reboot has taken."""
        own = bundle.path + "/.nexcage"
        if os.path.lexists(own + "/upper") and not os.path.ismount(bundle.path + "/rootfs"):
            from nexcage.bundler.remount import ensure_mounted

            if ensure_mounted(bundle.path):
                log.info(f"mounted the layers of {bundle.path} again")

    def _record(self) -> Record:
        stdio = self.call.text("stdio", "inherit")
        config = self.bundle.config
        return Record(
            id=self.id,
            driver=self.driver.name,
            handle=short_name(self.id),
            oci_version=config["ociVersion"],
            bundle=self.bundle.path,
            rootfs=self.bundle.rootfs,
            created=log.timestamp(self.began),
            owner=_owner(),
            boot_id=self.call.facts.boot_id(),
            stdio=self.driver.output(self.home, stdio),
            cgroup_manager=self.call.settings().cgroup_manager,
            annotations=dict(config.get("annotations") or {}),
            config_file=self.bundle.file,
            config_digest=self.bundle.digest,
        )

    def make(self, verb: str) -> int:
        """Plan ``verb`` and carry it out, or print the plan; the program's status when it is waited for."""
        try:
            return self._make(verb)
        except BaseException as error:
            self._forget_bundle()
            if self.unborn is None and isinstance(error, NexcageError) and error.code != AlreadyExists.code:
                self._refuse_taken()  # what stands in the way may be another create's
            raise

    def _forget_bundle(self) -> None:
        """A bundle that was made for this container goes with it."""
        if self.unpacked:
            from nexcage.bundler.for_container import forget

            forget(self.store.driver_root(self.driver.name), self.id)

    def _make(self, verb: str) -> int:
        for attempt in range(MOST_TRIES):
            plan = self.plan(verb)
            if self.call.shows_only(plan):
                self._forget_bundle()
                return 0
            if not self.detached and self.driver.held_start:
                return self.see_through(plan)
            try:
                self.carry_out(plan)
                break
            except AlreadyExists as error:
                # the number was free when it was looked up: somebody was faster
                if error.code != "vmid-exists" or self.call.text("vmid") or attempt == MOST_TRIES - 1:
                    raise
                log.info(f"{error.message}: trying the next one")
        return 0

    def plan(self, verb: str) -> Plan:
        """The steps for ``verb`` (``create``, ``run``, ``restore``)."""
        call = self.call
        changed = self.image is None and prepare(
            self.bundle,
            self.driver,
            call.facts,
            clip_mode=call.text("clip", "auto"),
            permissive=call.flag("permissive"),
            volume_exists=self.driver.volume_exists,
        )
        changed = changed or self.read_only
        order = Create(
            self.record.handle,
            self.home,
            self._options(verb),
            self.record.stdio,
            foreground=not self.detached,
            wishes=proxmox.wishes(call),
            image=self.image,
            permissive=call.flag("permissive"),
            keep=self.keep,
        )
        steps = self.driver.plan_create(verb, self.bundle, changed, order)
        self.record.handle = order.handle
        memory = self._memory()
        # a foreground run is found by other commands while it lasts, so its record comes first
        at = len(steps) if self.detached or not self.driver.held_start else len(steps) - 1
        steps[at:at] = memory
        return Plan(verb, self.id, self.driver.name, steps, self.home)

    def _options(self, verb: str) -> list[str]:
        """What the caller says to a driver with runc's command line."""
        call = self.call
        options = call.passed("console-socket", "preserve-fds", "no-pivot", "no-new-keyring", *self.extra)
        if call.text("pid-file"):
            options += ["--pid-file", os.path.abspath(call.text("pid-file"))]
        if not self.driver.oci_cli:
            return options
        options += call.passed("keep")
        return [*options, "--detach"] if verb != "create" and self.detached else options

    def _memory(self) -> list[Step]:
        """The files that remember the container."""
        record = Write(self.home + "/record.json", self.record.to_json(), sync=self.driver.lasting)
        if not launch.suits(self.record, self.call.text("rootless")):
            return [record]
        root = self.store.driver_root(self.driver.name)
        return [
            record,
            Write(f"{self.home}/{launch.NAME}", launch.text(self.driver.program(), root, self.record)),
        ]

    def carry_out(self, plan: Plan) -> None:
        """Execute a plan that ends with the record; whatever fails, nothing is left."""
        with signals.Undoing(), self._unborn(plan) as unborn:
            self.unborn = unborn  # kept: with it goes the lock on the journal
            try:
                execute(plan, unborn.note)
            except CommandFailed as error:
                if self.driver.oci_cli and process.was_killed(error):
                    self._clear()
                raise (self._explain(plan.verb, error) if self.driver.oci_cli else error) from None
            except NexcageError:
                self.driver.sweep(self.record.handle)
                raise

    def see_through(self, plan: Plan) -> int:
        """Execute a foreground run: the record first, then the program, then nothing is left."""
        last = plan.steps.pop()
        with signals.Undoing(), self._unborn(plan) as unborn:
            self.unborn = unborn
            execute(plan, unborn.note)
        try:
            status = execute(Plan(plan.verb, self.id, self.driver.name, [last]))
            said = self.driver.said(self.home + "/driver.log") if status else ""
        finally:
            if self.keep:
                unborn.started()
            else:
                self._forget()
        if said:
            raise self.driver.classify(said, status, plan.verb, self.id)
        return status

    def _cgroup(self) -> str:
        return str((self.bundle.config.get("linux") or {}).get("cgroupsPath") or "")

    def _clear(self) -> None:
        """Take back what a driver that was killed has not: its processes and cgroups."""
        from nexcage.host import leftovers

        handle = self.record.handle
        self.driver.sweep(handle)
        leftovers.end_workers(self.driver.name, self.store.driver_root(self.driver.name), handle)
        leftovers.remove_cgroup(self.driver.name, self._cgroup() or handle, self.began)

    def _unborn(self, plan: Plan) -> Unborn:
        """The place of the container in the making; what it notes is for whoever cleans up after a crash."""
        handle, boot_id = self.record.handle, self.record.boot_id
        intent: Object = {"handle": handle, "cgroup": self._cgroup(), "boot_id": boot_id}
        return Unborn(self.store, plan, intent, sync=self.driver.lasting, until=self._until())

    def _until(self) -> str:
        """What follows the making, and belongs to it."""
        if self.detached and (self.driver.held_start or self.call.verb != "run"):
            return ""
        return "start" if self.detached or self.keep else "end"

    def _forget(self) -> None:
        """Remove the record of a run that is over, if it still is ours."""
        try:
            lock = self.store.lock(self.id)
        except NotFound:
            return
        try:
            if self.store.read(self.id, locked=True).created == self.record.created:
                self.driver.sweep(self.record.handle)  # a driver that was killed leaves its container
                self.store.remove(self.id)
        finally:
            lock.release()

    def _explain(self, verb: str, error: CommandFailed) -> NexcageError:
        said = self.driver.said(self.home + "/driver.log")
        failure = self.driver.classify(said, int(str(error.data["status"])), verb, self.id)
        failure.data.update({"argv": error.data["argv"]})
        return failure


def _owner() -> str:
    """The name of the user, or the number where the system does not know one."""
    uid = os.geteuid()
    if uid == 0:
        return "root"
    import pwd

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
