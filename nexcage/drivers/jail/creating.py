"""The steps of create: what has to be there first, the jail, its process, in this order.

``made`` grows while they are carried out. Each step takes back what it has made when a later one fails.
"""

import os

from nexcage import log
from nexcage.drivers import Create
from nexcage.drivers.jail import holding, looking, removing, running
from nexcage.drivers.jail.made import ANSWER, PROCESS, START, Made
from nexcage.drivers.jail.mounting import Mounting
from nexcage.drivers.jail.tools import Tools, is_here
from nexcage.drivers.jail.translate import Request, Translated, argv, translate
from nexcage.errors import AlreadyExists, CommandFailed, InvalidBundle, NexcageError
from nexcage.host import files, hooks
from nexcage.oci.bundle import Bundle
from nexcage.plan import Act, Step


class Creation:
    """A jail in the making: what is wanted, and what has been made."""

    def __init__(self, tools: Tools, bundle: Bundle, call: Create, container_id: str) -> None:
        self.tools = tools
        self.bundle = bundle
        self.call = call
        config = bundle.config
        self.facts = looking.facts(tools, config, bundle.path)
        rootfs = os.path.realpath(bundle.rootfs)
        self.out = translate(
            Request(
                config,
                id=container_id,
                rootfs=rootfs,
                bundle=bundle.path,
                home=call.home,
                facts=self.facts,
                permissive=call.permissive,
            )
        )
        self.rootfs = rootfs
        self.id = container_id
        self.options = holding.options(call.options)
        self.terminal = -1  # our end of the one that the container has
        self.made = self._intended()
        self.hooked = False  # hooks have begun to run
        _check_sources(self.out)

    def say(self) -> None:
        """Warnings and notes of the translation."""
        for text in self.out.warnings:
            log.warning(text, code="property-ignored")
        for text in self.out.notes:
            log.info(f"config.json: {text}")

    def _intended(self) -> Made:
        made = intended(self.out, self.call.home, self.rootfs)
        made.claimed = self._is_free(self.out.name)
        inside = self.rootfs + "/"
        made.before = sorted(node for node in self.facts.mounts if node.startswith(inside))
        return made

    def _is_free(self, name: str) -> bool:
        """Nobody has the name; dying jails do not count."""
        if is_here() and looking.jail(self.tools, name) is not None:
            raise AlreadyExists(
                f'container "{self.id}": a jail "{name}" exists already, and it is not nexcage\'s',
                code="jail-exists",
                hint=f"choose another id, or remove it: jail -r {name}",
            )
        return True

    # steps

    def steps(self, verb: str) -> list[Step]:
        """All of them for ``create`` or ``run``."""
        out, made = self.out, self.made
        found: list[Step] = [Act([f"{made.home}/jail.json"], made.write, self._ended, shown="write")]
        found += [self._run(argv.load(module)) for module in out.modules]
        if out.rules is not None:
            found += self._rules()
        found += Mounting(self.tools, made, out, self.rootfs).steps()
        if out.limits:
            back = argv.unlimit(out.name)
            found.append(self._run(argv.limit(out.limits), lambda: removing.unlimit(self.tools, made), back))
        if out.raise_parent is not None:
            number, most = out.raise_parent
            found.append(self._run(argv.modify(number, [f"children.max={most}"])))
        found.append(
            Act(argv.create(out.parameters, tell=True), self._create, self._remove, argv.remove(argv.JID))
        )
        if out.cpus:
            found.append(Act(argv.pin(argv.JID, out.cpus), lambda: self._tool(argv.pin(made.jid, out.cpus))))
        for stage in ("prestart", "createRuntime", "createContainer"):
            for hook in made.hooks.get(stage, ()):
                found.append(self._hook(stage, hook))
        found.append(Act(self._shown(), self._hold, self._kill, shown="hold"))
        if verb == "run":
            found.append(Act([made.name, *out.held.args], self._start, shown="start"))
        return found

    def _start(self) -> int:
        """In the foreground it is seen through: its status, and nothing is left."""
        state = self.state("created")
        self.hooked = True
        if not self.call.foreground:
            running.start(self.tools, self.made, state)
            return 0
        return running.see(self.tools, self.made, state, self.terminal, keep=self.call.keep)

    def _run(self, words: list[str], back: "object" = None, undo: "list[str] | None" = None) -> Act:
        return Act(words, lambda: self._tool(words), back, undo)  # type: ignore[arg-type]

    def _tool(self, words: list[str]) -> str:
        return self.tools.run(words, self.made.jid).stdout

    def _rules(self) -> list[Step]:
        """Our own set: looked at when it is there, since an empty one would hide nothing."""
        rules = self.out.rules
        assert rules is not None  # noqa: S101
        back, undo = lambda: removing.unrule(self.tools, self.made), argv.delete_rules(rules.number)
        first, *rest = rules.rules
        found: list[Step] = [self._run(argv.add_rule(rules.number, first), back, undo)]
        found += [self._run(argv.add_rule(rules.number, words)) for words in rest]

        def look() -> None:
            seen = looking.rules(self.tools, rules.number)
            if len(seen) < len(rules.rules):
                raise CommandFailed(
                    f"devfs rule set {rules.number} has {len(seen)} rules in place of {len(rules.rules)}",
                    code="ruleset-invalid",
                )

        return [*found, Act(argv.show_rules(rules.number), look)]

    def _create(self) -> None:
        try:
            self._make()
        except AlreadyExists:  # somebody else was faster: it is not ours to remove
            self.made.claimed = False
            self.made.write()
            raise

    def _make(self) -> None:
        said = self._tool(argv.create(self.out.parameters, tell=True)).split()
        if not said or not said[-1].isdecimal():
            raise CommandFailed("jail: printed no number of the jail", code="output-invalid")
        self.made.jid = int(said[-1])
        self.made.write()

    def _remove(self) -> None:
        removing.gone(self.tools, self.made)

    def _hook(self, stage: str, hook: dict[str, object]) -> Act:
        def do() -> None:
            self.hooked = True
            failure = hooks.run(hook, self.state("creating"))
            if failure:
                raise NexcageError(f"{stage} hook {failure}", code="hook-failed")

        return Act([stage, str(hook["path"])], do, shown="hook")

    def _ended(self) -> None:
        """The poststop hooks of a create that failed: they take back what the hooks before did."""
        if self.hooked:
            running.ended(self.made, self.state("stopped"))

    def state(self, status: str) -> dict[str, object]:
        """The state document for hooks (runtime.md, "State")."""
        config = self.bundle.config
        return {
            "ociVersion": config["ociVersion"],
            "id": self.id,
            "status": status,
            "pid": self.made.pid,
            "bundle": self.bundle.path,
            "annotations": dict(config.get("annotations") or {}),
        }

    def _shown(self) -> list[str]:
        held = self.out.held
        return ["jail_attach", argv.JID, f"{held.uid}:{held.gid}", *held.args]

    def _hold(self) -> None:
        options = self.options
        holding.prepare(
            self.made,
            self.out,
            self.state("created"),
            session=not self.call.foreground,
            console=options.get("console-socket", ""),
            keep=int(options.get("preserve-fds") or 0),
        )
        if self.out.held.terminal and not options.get("console-socket"):
            from nexcage.host import pty

            self.terminal, other = pty.opened(self.out.held.size)
            try:
                holding.spawn(self.made, self.call.stdio, other)
            finally:
                os.close(other)
        else:
            holding.spawn(self.made, self.call.stdio)
        if "pid-file" in options:
            files.replace(options["pid-file"], str(self.made.pid).encode(), 0o644)

    def _kill(self) -> None:
        removing.end(self.tools, self.made)
        own = [f"{self.made.home}/{name}" for name in (START, ANSWER, PROCESS)]
        for path in filter(os.path.lexists, [*own, self.options.get("pid-file", "")]):
            os.unlink(path)


def intended(out: Translated, home: str, rootfs: str) -> Made:
    """What is going to be made, as far as it is known before."""
    made = Made(home)
    made.name = out.name
    made.root = out.root
    made.alias = out.root != rootfs
    made.ruleset = out.rules.number if out.rules is not None else 0
    made.limits = bool(out.limits)
    made.interfaces = out.interfaces
    made.aliases = [list(row) for row in out.aliases]
    for row in out.hooks:
        if row.where == "host":
            made.hooks.setdefault(row.stage, []).append(row.hook)
    return made


def _check_sources(out: Translated) -> None:
    """Sources of nullfs mounts, before anything is made."""
    for mount in out.mounts:
        if mount.kind == "nullfs" and is_here() and not os.path.lexists(mount.source):
            raise InvalidBundle(
                f'config.json: {mount.at}.source: "{mount.source}" does not exist', code="mount-path-missing"
            )
