"""One call of the command: its options, and what every verb needs from them."""

import os

from nexcage import log, paths
from nexcage.cli.options import Option, Values, whole
from nexcage.config import Config, load
from nexcage.drivers import LASTING, Settings, get
from nexcage.errors import InvalidConfig, UsageError
from nexcage.host.facts import Facts
from nexcage.host.files import utf8
from nexcage.state.store import Store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.drivers import Driver
    from nexcage.plan import Plan

# verbs that make containers, or say what is configured
_NEED_IT = ("create", "run", "restore", "repair", "route", "config show", "config check")

# where --config of the command is found: --config of create is the bundle's file
CONFIG = "configuration"

GLOBALS = (
    Option("config", "nexcage's own configuration, in place of the usual file", "FILE", key=CONFIG),
    Option("root", "directory of the records", "DIR"),
    Option("log", "append log lines to this file", "PATH"),
    Option("log-format", "form of log lines", "text|json", choices=log.FORMATS),
    Option("log-level", "least level that is logged", "LEVEL", choices=log.LEVELS),
    Option("debug", "log every external command and decision"),
    Option("systemd-cgroup", "let systemd make the cgroups"),
    Option(
        "cgroup-manager",
        "who makes the cgroups",
        "cgroupfs|systemd|disabled",
        choices=("cgroupfs", "systemd", "disabled"),
    ),
    Option("rootless", "run without root", "true|false|auto", choices=("true", "false", "auto")),
    Option("runtime", "driver that holds the container", "pct|jail|crun|runc"),
    Option("backend", "the same as --runtime", "pct|jail|crun|runc"),
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
        self._config: Config | None = None
        self.told_unusable = False  # that the configuration cannot be used

    def config(self) -> Config:
        """nexcage's own configuration, read once, with the command line's values over it.

        `InvalidConfig`, each time, when it cannot be used.
        """
        if self._config is None:
            self._config = load(self.config_path()).over(self._given())
            if self._config.path:
                log.debug(f"configuration {self._config.path} is in use")
        return self._config

    def config_path(self) -> str:
        """The file that --config names, else ""."""
        return self.text(CONFIG)

    def reload(self, *, ignoring: bool = False) -> None:
        """Read the configuration anew when it is next asked for; ``ignoring``: go on without a file."""
        self._config = Config().over(self._given()) if ignoring else None

    def cache(self) -> str:
        """Where layers are kept: --cache, NEXCAGE_CACHE, the configuration's cache_dir, the usual place."""
        from nexcage.bundler.cache import directory

        return directory(self.text("cache") or self.config().text("cache_dir"))

    def _given(self) -> dict[str, str]:
        """What global options say of keys of the configuration."""
        found = {
            f"runtime.{key}": self.text(option)
            for key, option in (
                ("log_level", "log-level"),
                ("log_path", "log"),
                ("log_format", "log-format"),
                ("root_path", "root"),
            )
            if self.text(option)
        }
        if self.flag("debug"):
            found["runtime.log_level"] = "debug"
        return found

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
        """The only root, absolute, that --root or NEXCAGE_ROOT asks for; "" for the usual places."""
        given = self.text("root") or os.environ.get("NEXCAGE_ROOT", "")
        if not given.isascii() and not utf8(given):
            raise UsageError(f"--root {ascii(given)[1:-1]} is not UTF-8, so no record could name it")
        return os.path.abspath(given) if given else ""

    def stores(self) -> list[Store]:
        """Where records are looked for: the given root alone, else the configured one and the usual two."""
        root = self.root()
        if root:
            return [Store(root)]
        places = [self._configured_root(), paths.run_root(), paths.lasting_root()]
        return [Store(place) for place in dict.fromkeys(places) if place]

    def store_for(self, driver: str) -> Store:
        """Where the records of this driver's new containers are kept."""
        return Store(self._places(driver)[0])

    def keeps(self, store: Store, driver: str) -> bool:
        """Whether records of this driver's containers may be in ``store``."""
        return store.root in self._places(driver)

    def _places(self, driver: str) -> list[str]:
        """The roots of a driver's containers, that of new ones first."""
        root = self.root()
        usual = paths.lasting_root() if driver in LASTING else paths.run_root()
        return [root] if root else [place for place in (self._configured_root(), usual) if place]

    def _configured_root(self) -> str:
        """``runtime.root_path`` of the file; the directory that holds the lasting records stands for them."""
        try:
            path = self.config().text("runtime.root_path")
        except InvalidConfig as error:
            if self.verb in _NEED_IT:
                raise
            # who stops or removes containers must not have to mend a file first
            log.warning(f"{error.message}: the configuration is not in use", code=error.code)
            self.told_unusable = True
            self.reload(ignoring=True)
            path = ""
        path = os.path.normpath(path) if path else ""
        lasting = paths.lasting_root()
        return lasting if path and path == os.path.dirname(lasting) else path

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
        return Settings(manager, "" if rootless == "auto" else rootless, container_id, self.config)

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
