"""One call of the command: its options, and what every verb needs from them."""

import os

from nexcage import paths
from nexcage.cli.options import Option, Values, whole
from nexcage.drivers import LASTING, Settings, get
from nexcage.errors import UsageError
from nexcage.host.facts import Facts
from nexcage.host.files import utf8
from nexcage.state.store import Store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.drivers import Driver
    from nexcage.plan import Plan

LOG_LEVELS = ("error", "warning", "info", "debug")

GLOBALS = (
    Option("root", "directory of the records", "DIR"),
    Option("log", "append log lines to this file", "PATH"),
    Option("log-format", "form of log lines", "text|json", choices=("text", "json")),
    Option("log-level", "least level that is logged", "LEVEL", choices=LOG_LEVELS),
    Option("debug", "log every external command and decision"),
    Option("systemd-cgroup", "let systemd make the cgroups"),
    Option(
        "cgroup-manager",
        "who makes the cgroups",
        "cgroupfs|systemd|disabled",
        choices=("cgroupfs", "systemd", "disabled"),
    ),
    Option("rootless", "run without root", "true|false|auto", choices=("true", "false", "auto")),
    Option("runtime", "driver that holds the container", "pct|crun|runc"),
    Option("backend", "the same as --runtime", "pct|crun|runc"),
    Option("dry-run", "print what would be done and do nothing"),
    Option("format", "form of the output", "text|table|json|tsv|names"),
    Option("permissive", "warn where a property cannot be honoured instead of refusing"),
    Option("clip", "lower limits above what this host may give", "auto|always|never"),
    Option("version", "print versions", short="v"),
    Option("help", "print help", short="h"),
)


class Call:
    """The options and operands of one command, with the environment's values behind them."""

    def __init__(self, verb: str, values: Values, operands: list[str]) -> None:
        self.verb = verb
        self.values = values
        self.operands = operands
        self.facts = Facts()
        self.used = ""  # the driver that it came to

    def flag(self, name: str) -> bool:
        """Whether ``--name`` was given."""
        return bool(self.values.get(name))

    def text(self, name: str, default: str = "") -> str:
        """The value of ``--name``."""
        given = self.values.get(name)
        return given[0] if given else default

    def many(self, name: str) -> list[str]:
        """All values of a repeatable ``--name``."""
        return self.values.get(name, [])

    def count(self, name: str, default: int = 0) -> int:
        """The value of ``--name`` as a whole number."""
        return whole(self.text(name, str(default)), name)

    def operand(self, what: str) -> str:
        """Take the next operand; ``what`` names it when it is missing."""
        if not self.operands:
            raise UsageError(f"{what} is missing", hint=f"see nexcage {self.verb} --help")
        return self.operands.pop(0)

    def no_more(self) -> None:
        """Refuse operands that nobody has taken."""
        if self.operands:
            raise UsageError(
                f'unexpected argument "{self.operands[0]}"', hint=f"see nexcage {self.verb} --help"
            )

    def passed(self, *names: str) -> list[str]:
        """The given ones of options ``names``, as words for a driver's command line."""
        words = []
        for name in names:
            for value in self.values.get(name, ()):
                words += [f"--{name}", value] if value else [f"--{name}"]
        return words

    def root(self) -> str:
        """The root that was asked for, absolute; "" for the usual places."""
        given = self.text("root") or os.environ.get("NEXCAGE_ROOT", "")
        if not given.isascii() and not utf8(given):
            raise UsageError(f"--root {ascii(given)[1:-1]} is not UTF-8, so no record could name it")
        return os.path.abspath(given) if given else ""

    def stores(self) -> list[Store]:
        """Where records are looked for: the given root, or the two usual ones."""
        root = self.root()
        return [Store(root)] if root else [Store(paths.run_root()), Store(paths.lasting_root())]

    def store_for(self, driver: str) -> Store:
        """Where the records of this driver's containers are kept."""
        return self.stores()[-1 if driver in LASTING else 0]

    def driver(self, name: str, container_id: str = "", store: Store | None = None) -> "Driver":
        """The driver, asked about one container; ``store`` is where that one was found."""
        root = (store or self.store_for(name)).driver_root(name)
        return get(name, self.facts, root, self.settings(container_id))

    def settings(self, container_id: str = "") -> Settings:
        """Global options that the driver has to be told, and which container it is asked about."""
        manager = self.text("cgroup-manager")
        if self.flag("systemd-cgroup"):
            if manager not in ("", "systemd"):
                raise UsageError(f"--systemd-cgroup contradicts --cgroup-manager {manager}")
            manager = "systemd"
        rootless = self.text("rootless")
        manager = "" if manager == "cgroupfs" else manager
        return Settings(manager, "" if rootless == "auto" else rootless, container_id)

    def output_format(self, *allowed: str) -> str:
        """``--format``, which must be one of ``allowed``; the first is the default."""
        given = self.text("format", allowed[0])
        if given not in allowed:
            raise UsageError(
                f'{self.verb} cannot print the format "{given}"', hint=f"one of: {', '.join(allowed)}"
            )
        return given

    def shows_only(self, plan: "Plan") -> bool:
        """With --dry-run: print ``plan`` to standard output and return True."""
        if not self.flag("dry-run"):
            return False
        from nexcage.cli.output import plan_text
        from nexcage.jsontext import dumps

        if self.output_format("text", "json") == "json":
            print(dumps(plan.describe(), 2))
        else:
            print(plan_text(plan))
        return True
