"""What ``create``, ``run`` and ``restore`` share: from a bundle to a record with a container behind it."""

import os
import time

from nexcage import ids, log
from nexcage.cli.call import Call
from nexcage.cli.options import Option
from nexcage.drivers import Create
from nexcage.drivers.choose import choose
from nexcage.errors import AlreadyExists, CommandFailed, NexcageError, NotFound, UsageError
from nexcage.host import signals
from nexcage.host.execute import execute
from nexcage.jsontext import dumps
from nexcage.oci import bundle as bundles
from nexcage.oci import check
from nexcage.oci.prepare import prepare
from nexcage.plan import Plan, Step, Write
from nexcage.state.record import Record
from nexcage.state.store import Store, Unborn, short_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.drivers import Driver

CREATE_OPTIONS = (
    Option("bundle", "the bundle's directory (default: the working directory)", "DIR", "b"),
    Option("config", "read this file in place of the bundle's config.json", "FILE", "f"),
    Option("name", "the container id, where it is not an operand", "ID"),
    Option("image", "the bundle's directory, as --bundle", "DIR"),
    Option("console-socket", "unix socket that receives the terminal", "SOCKET"),
    Option("pid-file", "write the pid of the container's init here", "FILE"),
    Option("preserve-fds", "pass on N descriptors after standard error", "N"),
    Option("no-pivot", "do not use pivot_root"),
    Option("no-new-keyring", "keep the caller's session keyring"),
    Option(
        "stdio", "where the program's output goes", "inherit|log|null", choices=("inherit", "log", "null")
    ),
)


def identity(call: Call) -> tuple[str, str]:
    """(id, bundle directory) from the three forms: ``ID``, ``ID DIR``, ``--name ID --image DIR``."""
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
        self.id, directory = identity(call)
        self.store: Store = call.stores()[0]
        self.home = self.store.home(self.id)
        self._refuse_taken()
        self.bundle = bundles.load(directory, call.text("config"))
        self._mount_again()
        wrong = check.terminal(
            self.bundle.config, console_socket=bool(call.text("console-socket")), detached=detached
        )
        if wrong:
            raise wrong
        bundles.check_executable(self.bundle)
        self.driver: Driver = choose(call, self.bundle.config.get("annotations") or {}, self.store)
        self.record = self._record()

    def _refuse_taken(self) -> None:
        # before any work; the directory's exclusive creation decides
        if os.path.lexists(self.home):
            how = "delete" if os.path.exists(self.home + "/record.json") else "delete --force"
            raise AlreadyExists(
                f'container "{self.id}" already exists',
                hint=f'choose another id, or remove it with "nexcage {how} {self.id}"',
            )

    def _mount_again(self) -> None:
        """A bundle of "bundle create" may be an overlay whose mount a reboot has taken."""
        own = self.bundle.path + "/.nexcage"
        if os.path.lexists(own + "/upper") and not os.path.ismount(self.bundle.path + "/rootfs"):
            from nexcage.bundler.remount import ensure_mounted

            if ensure_mounted(self.bundle.path):
                log.info(f"mounted the layers of {self.bundle.path} again")

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
            created=log.timestamp(time.time()),
            owner=_owner(),
            boot_id=self.call.facts.boot_id(),
            stdio=self.home + "/output.log" if stdio == "log" else stdio,
            cgroup_manager=self.call.settings().cgroup_manager,
            annotations=dict(config.get("annotations") or {}),
        )

    def make(self, verb: str) -> int:
        """Plan ``verb`` and carry it out, or print the plan; the program's status when it is waited for."""
        plan = self.plan(verb)
        if self.call.shows_only(plan):
            return 0
        if not self.detached:
            return self.see_through(plan)
        self.carry_out(plan)
        return 0

    def plan(self, verb: str) -> Plan:
        """The steps for ``verb`` (``create``, ``run``, ``restore``)."""
        call = self.call
        changed = prepare(
            self.bundle,
            self.driver,
            call.facts,
            clip_mode=call.text("clip", "auto"),
            permissive=call.flag("permissive"),
        )
        options = call.passed(
            "console-socket", "preserve-fds", "no-pivot", "no-new-keyring", "keep", *self.extra
        )
        if call.text("pid-file"):
            options += ["--pid-file", os.path.abspath(call.text("pid-file"))]
        if verb != "create" and self.detached:
            options.append("--detach")
        steps = self.driver.plan_create(
            verb,
            self.bundle,
            changed,
            Create(self.record.handle, self.home, options, self.record.stdio, foreground=not self.detached),
        )
        memory = self._memory()
        # a foreground run is found by other commands while it lasts, so its record comes first
        at = len(steps) if self.detached else len(steps) - 1
        steps[at:at] = memory
        return Plan(verb, self.id, self.driver.name, steps, self.home)

    def _memory(self) -> list[Step]:
        """The files that remember the container."""
        record = Write(self.home + "/record.json", self.record.to_json())
        if self.record.cgroup_manager or self.call.text("rootless"):
            return [record]  # the launcher's short cut knows no such options
        return [Write(self.home + "/launch", self._launch()), record]

    def _launch(self) -> bytes:
        """For the launcher: program, its root, handle, then the state document with two lines to fill."""
        program, root = self.driver.program(), self.store.driver_root(self.driver.name)
        document = dumps(self.record.document("@", 0), 2)
        return f"{program}\n{root}\n{self.record.handle}\n{document}\n".encode()

    def carry_out(self, plan: Plan) -> None:
        """Execute a plan that ends with the record; whatever fails, nothing is left."""
        with signals.Undoing(), Unborn(self.store, plan, self.record.boot_id, self._cgroup()) as unborn:
            try:
                execute(plan, unborn.note)
            except CommandFailed as error:
                raise self._explain(plan.verb, error) from None
            except NexcageError:
                self.driver.sweep(self.record.handle)
                raise

    def see_through(self, plan: Plan) -> int:
        """Execute a foreground run: the record first, then the program, then nothing is left."""
        last = plan.steps.pop()
        with signals.Undoing(), Unborn(self.store, plan, self.record.boot_id, self._cgroup()) as unborn:
            execute(plan, unborn.note)
        try:
            status = execute(Plan(plan.verb, self.id, self.driver.name, [last]))
            said = self.driver.said(self.home + "/driver.log") if status else ""
        finally:
            if not self.keep:
                self._forget()
        if said:
            raise self.driver.classify(said, status, plan.verb, self.id)
        return status

    def _cgroup(self) -> str:
        """The cgroup that the bundle names, for whoever has to clean up after a crash."""
        return str((self.bundle.config.get("linux") or {}).get("cgroupsPath") or "")

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
