"""What crun and runc have in common: the command line that grew around the OCI specification."""

import os

from nexcage import log
from nexcage.drivers import Create, Exec, Settings, _kept, _words
from nexcage.errors import CommandFailed, DriverUnavailable, NexcageError, StateCorrupt, UsageError
from nexcage.host import files, process
from nexcage.host.facts import Facts
from nexcage.jsontext import Malformed, dumps, loads
from nexcage.oci.bundle import Bundle
from nexcage.oci.prepare import relocate
from nexcage.oci.rules import Object
from nexcage.plan import MakeDir, Run, Step, Write
from nexcage.state.store import short_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


class OciCli:
    """A driver that is a program with runc's verbs; its own state lies below ``root``."""

    name = ""
    lasting = False
    held_start = True
    oci_cli = True
    kept = ("state.json", "init_process_pid")  # what the program keeps of a container, and the pid in it
    linux = True
    plans_anywhere = False
    volume_exists = None

    def __init__(self, facts: Facts, root: str, settings: Settings) -> None:
        self.facts = facts
        self.root = root
        self.settings = settings
        self._program = ""
        self._damaged: dict[str, StateCorrupt] = {}
        self._version: tuple[int, int, int] | None = None

    def program(self) -> str:
        """Path of the program; `DriverUnavailable` when it is not installed."""
        if not self._program:
            self._program = process.which(self.name)
        if not self._program:
            raise DriverUnavailable(
                f"{self.name} is not installed",
                hint=f"install it, on Debian and Proxmox VE: apt install {self.name}",
            )
        return self._program

    def fingerprint(self) -> NexcageError | None:
        """None when it can run here, otherwise why not."""
        try:
            self.program()
        except DriverUnavailable as error:
            return error
        return None

    def version(self) -> tuple[int, int, int]:
        """Version of the installed program, kept below our root until the program's file changes."""
        if self._version is None:
            program = self.program()
            facts = os.stat(program)
            key = f"{program} {facts.st_ino} {facts.st_size} {facts.st_mtime_ns}"
            cache = f"{self.root}.version"
            try:
                kept, _, text = files.read(cache, 4096).decode().partition("\n")
            except (OSError, ValueError):
                kept, text = "", ""
            if kept != key:
                text = self._ask_version(program)
                self._keep(cache, f"{key}\n{text}")
            self._version = _numbers(text)
        return self._version

    def _keep(self, cache: str, text: str) -> None:
        """Write the cache where there is a root that we may write to; it is only for speed."""
        if os.path.isdir(os.path.dirname(cache)):
            try:
                files.replace(cache, text.encode())
            except NexcageError as error:
                log.debug(f"the version is not kept: {error.message}")

    def _ask_version(self, program: str) -> str:
        first = process.run([program, "--version"]).check().stdout.split("\n", 1)[0]
        return first.rsplit(" ", 1)[-1]

    def title(self) -> str:
        """ "crun 1.8.1"."""
        return f"{self.name} {'.'.join(map(str, self.version()))}"

    def features(self) -> Object:
        """The program's own features document; older ones have none, there it is what is known of them."""
        done = process.run([self.program(), "features"])
        values = self._document(done) if done.status == 0 else None
        if isinstance(values, dict):
            return values
        from nexcage.oci.features import generic

        return generic(set(process.run([self.program(), "--version"]).check().stdout.split()))

    def require_verb(self, verb: str) -> None:
        """Ask the program whether it knows ``verb``: distributions leave some out."""
        if process.run([self.program(), verb, "--help"]).status != 0:
            raise NexcageError(
                f"{self.title()} has no {verb}",
                code="unsupported-verb",
                hint="create the container with a driver that has it, such as runc",
            )

    def require_option(self, verb: str, option: str) -> None:
        """Ask the program whether its ``verb`` knows ``--option``."""
        if f"--{option}" not in process.run([self.program(), verb, "--help"]).stdout:
            raise NexcageError(
                f"{self.title()} has no {verb} --{option}",
                code="unsupported-option",
                hint="choose a driver that has it, such as --runtime runc",
            )

    def accepted_version(self, declared: str) -> str:
        """The ``ociVersion`` that this version of the program takes in place of ``declared``."""
        from nexcage.drivers.support import accepted_version

        return accepted_version(declared, self.name, self.version())

    def unsupported(self, config: Object) -> list[tuple[str, str, str]]:
        """Properties that this version of the program would silently ignore."""
        from nexcage.drivers.support import unsupported

        return unsupported(config, self.name, self.version(), self.facts.cgroup_mode() == "unified")

    def takes_images(self) -> bool:
        """No."""
        return False

    def output(self, home: str, stdio: str) -> str:
        """Inherited, or a file of ours."""
        return home + "/output.log" if stdio == "log" else stdio

    # plans

    def argv(
        self,
        verb: str,
        handle: str,
        options: "Iterable[str]" = (),
        after: "Iterable[str]" = (),
        log: str = "",
    ) -> list[str]:
        """The command line for ``verb``; ``log`` is a file for the program's own messages."""
        logging = ["--log", log, "--log-format", "json"] if log else []
        end = ["--"] if handle.startswith("-") else []
        return [
            self.program(),
            "--root",
            self.root,
            *logging,
            *self._globals(),
            verb,
            *options,
            *end,
            handle,
            *after,
        ]

    def _globals(self) -> list[str]:
        manager, rootless = self.settings.cgroup_manager, self.settings.rootless
        return (["--systemd-cgroup"] if manager == "systemd" else []) + (
            [f"--rootless={rootless}"] if rootless else []
        )

    def plan_create(self, verb: str, bundle: Bundle, changed: bool, call: Create) -> list[Step]:
        """The steps that make the container (verb ``run``: and start it)."""
        for option in call.wishes:
            raise UsageError(
                f"option --{option} is for the driver pct, not for {self.name}",
                code="unsupported-option",
                hint="say it in the bundle's config.json",
            )
        steps, where = self._bundle_steps(bundle, changed, call.home)
        argv = self.argv(verb, call.handle, [*where, *call.options], log=call.home + "/driver.log")
        undo = self.argv("delete", call.handle, ["--force"])
        steps.append(
            Run(argv, undo, stdio=call.stdio, foreground=call.foreground, any_status=call.foreground)
        )
        return steps

    def _bundle_steps(self, bundle: Bundle, changed: bool, home: str) -> tuple[list[Step], list[str]]:
        """Steps and options that show the program its bundle.

        An untouched bundle is read in place. Otherwise a directory of ours holds
        the changed config, with every path in it absolute.
        """
        if (
            not changed
            and os.path.basename(bundle.file) == "config.json"
            and os.path.dirname(bundle.file) == bundle.path
        ):
            return [], ["--bundle", bundle.path]
        shadow = home + "/bundle"
        text = dumps(relocate(bundle)).encode()
        return [MakeDir(shadow), Write(shadow + "/config.json", text)], ["--bundle", shadow]

    def plan_verb(self, verb: str, handle: str, options: list[str], after: list[str]) -> Run:
        """The step for ``verb`` on a container that exists."""
        _kept.require_ours(f"{self.root}/{handle}", self.kept)
        return Run(self.argv(verb, handle, options, after), stdio="capture")

    def plan_kill(self, handle: str, number: int, *, everywhere: bool) -> Step:
        """The program's kill."""
        return self.plan_verb("kill", handle, ["--all"] if everywhere else [], [str(number)])

    def plan_delete(self, handle: str, *, forced: bool) -> list[Step]:
        """The program's delete."""
        _kept.require_sound(f"{self.root}/{handle}", self.kept, there=True)
        return [self.plan_verb("delete", handle, ["--force"] if forced else [], [])]

    def plan_stop(self, handle: str, seconds: int) -> list[Step]:  # noqa: ARG002
        """None: signals do."""
        return []

    def plan_update(self, handle: str, limits: Object, options: dict[str, str], home: str) -> list[Step]:
        """The limits in a file, and the program that reads it."""
        for option in options:
            raise UsageError(f"{self.name} has no update --{option}", code="unsupported-option")
        document = f"{home}/update-{os.urandom(8).hex()}.json"
        return [
            Write(document, dumps(limits).encode()),
            self.plan_verb("update", handle, ["--resources", document], []),
        ]

    def exec_base(self, handle: str) -> Object | None:  # noqa: ARG002
        """None: the program knows the container's own process and changes it as its options say."""
        return None

    def plan_exec(self, call: Exec) -> list[Step]:
        """The step for ``exec``, with a file of the process before it; its status is that of the program."""
        steps: list[Step] = []
        if call.process is None:
            words = call.words
            after = call.program
        else:
            file = call.file or call.log.removesuffix("log") + "json"
            if not call.file:
                steps.append(Write(file, dumps(call.process).encode()))
            words = ["--process", file, *(["--tty"] if "tty" in call.given else [])]
            after = []
        argv = self.argv("exec", call.handle, [*words, *call.options], after, call.log)
        return [*steps, Run(argv, foreground=not call.detached, any_status=True)]

    def after(self, verb: str, handle: str, home: str, state: Object) -> None:
        """Nothing: the program runs the hooks."""

    def details(self, handle: str, container_id: str) -> dict[str, object]:  # noqa: ARG002
        """Nothing that others have not; the error for one whose state the program cannot read."""
        if handle in self._damaged:
            raise self._damaged[handle]
        return {}

    # state

    def state(self, handle: str) -> tuple[str, int] | None:
        """(status, pid of init on the host or 0); None when the program does not know it."""
        document = self._told(handle)
        return _status(self.name, document) if document else None

    def recall(self, container_id: str, home: str) -> "tuple[Object, list[Step]] | None":
        """From the program's own state; a container that it has not finished making can only be removed."""
        handle = short_name(container_id)
        if not os.path.isdir(f"{self.root}/{handle}"):
            return None
        document = self._told(handle)
        if document is None:
            return {"unusable": f"{self.name} cannot read its own state"}, []
        return _kept.recalled(handle, document, home), []

    def _told(self, handle: str) -> "Object | None":
        """What the program prints of a container; None when it does not know it."""
        if not os.path.lexists(f"{self.root}/{handle}"):
            return None
        _kept.require_ours(f"{self.root}/{handle}", self.kept)
        done = process.run(self.argv("state", handle))
        if done.status != 0:
            _kept.require_sound(f"{self.root}/{handle}", self.kept)
            if not os.path.isdir(f"{self.root}/{handle}") or _words.of_unknown(done.stderr):
                return None
            raise self.classify(done.stderr, done.status, "state", handle)
        document = self._document(done)
        if not isinstance(document, dict):
            raise CommandFailed(f"{self.name} state: printed no JSON object")
        return document

    def states(self) -> dict[str, tuple[str, int]]:
        """The same for all containers below our root, in one call."""
        if not os.path.isdir(self.root):
            return {}
        names = [name for name in os.listdir(self.root) if name[0] != "."]
        for name in names:
            try:
                _kept.require_ours(f"{self.root}/{name}", self.kept)
            except StateCorrupt as error:
                self._damaged[name] = error
        if self._damaged:  # a pipe would hold the program for ever
            return self._one_by_one(names)
        done = process.run([self.program(), "--root", self.root, "list", "--format", "json"], timeout=120)
        if done.status != 0:  # runc's fails when a container goes while it looks
            return self._one_by_one(names)
        rows = self._document(done)
        found = {row["id"]: _status(self.name, row) for row in rows} if isinstance(rows, list) else {}
        return found | self._one_by_one([name for name in names if name not in found])

    def _one_by_one(self, names: list[str]) -> dict[str, tuple[str, int]]:
        """Their states; what the program cannot read of one does not keep the others from being told."""
        found: dict[str, tuple[str, int]] = {}
        for name in names:
            try:
                state = self.state(name)
            except StateCorrupt as error:
                self._damaged[name] = error
            else:
                found |= {name: state} if state else {}
        return found

    def _document(self, done: process.Completed) -> object:
        try:
            return loads(done.stdout.encode())
        except Malformed as error:
            raise CommandFailed(
                f"{self.name}: printed what is no JSON: {error}",
                argv=process.paste(done.argv),
                status=done.status,
            ) from None

    def pids(self, handle: str) -> list[int]:
        """Host pids of the container's processes."""
        done = process.run(self.argv("ps", handle, ["--format", "json"]))
        if done.status != 0:
            raise self.classify(done.stderr, done.status, "ps", handle)
        rows = self._document(done)
        return [int(pid) for pid in rows] if isinstance(rows, list) else []

    def sweep(self, handle: str) -> None:
        """Remove all that is left of a container, also what the program itself would leave."""
        if not os.path.lexists(f"{self.root}/{handle}"):
            return
        from nexcage.host import leftovers

        leftovers.end_workers(self.name, self.root, handle)
        try:
            _kept.require_sound(f"{self.root}/{handle}", self.kept, there=True)
        except StateCorrupt:
            leftovers.end_inside(_kept.cgroup(self.root, handle, self.settings.container))
        else:
            if self.fingerprint() is None:
                process.run(self.argv("delete", handle, ["--force"]))
        files.remove_tree(f"{self.root}/{handle}")

    # errors

    def is_about_status(self, said: str) -> bool:
        """Whether ``said`` speaks of the container's status, not of something that went wrong."""
        return _words.about_status(said)

    def said(self, log: str) -> str:
        """The last error that the program wrote to its ``log``; "" when there is none."""
        return _words.last_error(log)

    def classify(self, said: str, status: int, verb: str, container_id: str) -> NexcageError:
        """What the program's last words mean, the same error for every driver."""
        return _words.classify(self.name, said, status, verb, container_id)


def _status(program: str, document: Object) -> tuple[str, int]:
    try:
        status = str(document["status"])
        return status, 0 if status == "stopped" else int(document["pid"])
    except (KeyError, TypeError, ValueError):
        raise CommandFailed(f"{program} printed no state: {dumps(document)[:200]}") from None


def _numbers(text: str) -> tuple[int, int, int]:
    """ "1.1.5+ds1" → (1, 1, 5)."""
    core = text.strip().replace("+", "-").replace("~", "-").split("-", 1)[0].split(".")
    digits = [int(part) for part in core[:3] if part.isdigit()]
    if not digits:
        raise CommandFailed(f'cannot read the version "{text.strip()}"')
    return (*digits, 0, 0)[:3]  # type: ignore[return-value]
