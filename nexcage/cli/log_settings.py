"""Where the lines of the log go, in which form, and how many: settled once per command."""

import os

from nexcage import log
from nexcage.cli.call import CONFIG
from nexcage.config import file_in_use, load
from nexcage.errors import InvalidConfig, NexcageError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.cli.options import Values
    from nexcage.config import Config
    from nexcage.log import Sink

# what is wrong with the configuration, these say by themselves, or need not know
TELL_THEMSELVES = ("check", "completion", "config check", "config show", "health", "help", "version")
# option: the variables that stand for it, the first one first, and the key of the configuration
_SETTINGS = {
    "log-level": (("NEXCAGE_LOG_LEVEL",), "runtime.log_level"),
    "log": (("NEXCAGE_LOG", "NEXCAGE_LOG_FILE"), "runtime.log_path"),
    "log-format": (("NEXCAGE_LOG_FORMAT",), "runtime.log_format"),
}
_STANDARD_ERROR = ("-", "/dev/stderr", "/dev/fd/2", "/proc/self/fd/2")
_LONGEST_NAME = 128
_LARGEST = 2 << 20


def logging(values: "Values", verb: str) -> InvalidConfig | None:
    """Settle the log: command line before environment before configuration file before defaults.

    What is right is in force before an error about the rest is raised, so that the log gets it. A
    configuration that cannot be used is an error only if ``--config`` names it; otherwise it is returned,
    since who uses it for more says so.
    """
    wrong: list[NexcageError] = []
    config, unusable = _configuration(values)
    level, origin = _setting("log-level", values, config)
    level = log.OTHER_LEVELS.get(level, level)
    if level and level not in log.LEVELS:
        wrong.append(InvalidConfig(f'{origin}: "{level}" is not one of {", ".join(log.LEVELS)}'))
        level = ""
    form, origin = _setting("log-format", values, config)
    if form and form not in log.FORMATS:
        wrong.append(InvalidConfig(f'{origin}: "{form}" is not one of {", ".join(log.FORMATS)}'))
        form = ""
    sink = None
    path, origin = _setting("log", values, config)
    try:
        path, sink = _place(path, origin)
    except NexcageError as error:
        wrong.append(error)
        path = ""
    level = "debug" if _debug(values) else level or "warning"
    log.configure(level=level, path=path, format=form or "text", verb=verb, sink=sink)
    if unusable and values.get(CONFIG) and verb not in TELL_THEMSELVES:
        wrong.append(unusable)
    if wrong:
        raise wrong[0]
    return unusable


def _debug(values: "Values") -> bool:
    if "debug" in values:
        return bool(values["debug"])
    return os.environ.get("NEXCAGE_DEBUG", "") in ("1", "true")


def _setting(option: str, values: "Values", config: "Config | None") -> tuple[str, str]:
    """The value of a setting, and where it was found."""
    variables, key = _SETTINGS[option]
    given = values.get(option)
    if given:
        return given[0], f"--{option}"
    for variable in variables:
        text = os.environ.get(variable)
        if text:
            return text, variable
    text = config.text(key) if config else ""
    return text, f"{config.path}: {key}" if config else ""


def _configuration(values: "Values") -> "tuple[Config | None, InvalidConfig | None]":
    """The configuration, if it has something to say: most commands never import its reader."""
    if all(values.get(option) or any(map(os.environ.get, names)) for option, (names, _) in _SETTINGS.items()):
        return None, None
    path = (values.get(CONFIG) or [""])[0]
    if not path and not _speaks_of_logs():
        return None, None
    try:
        return load(path), None
    except InvalidConfig as error:
        return None, error


def _speaks_of_logs() -> bool:
    """Whether the file that would be read may have settings of the log; one that cannot be read may."""
    path = file_in_use()
    if not path:
        return False
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    try:
        text = os.read(handle, _LARGEST)
    except OSError:
        return True
    finally:
        os.close(handle)
    return b"log_" in text or b"\\u" in text


def _place(text: str, origin: str) -> "tuple[str, Sink | None]":
    """The file or the sink that ``text`` names; the file absolute, as a command may change its directory."""
    kind, colon, rest = text.partition(":")
    if colon and kind in ("journald", "syslog"):
        return "", _system(kind, rest, origin)
    if colon and kind == "file":
        text = rest
        if not text:
            raise _refused(origin, "file: names no file")
    if not text or text in _STANDARD_ERROR:
        return "", None
    if "\0" in text:
        raise _refused(origin, "the path of the log has a NUL character")
    try:
        return os.path.abspath(text), None
    except OSError:  # the working directory is gone
        return text, None


def _system(kind: str, name: str, origin: str) -> "Sink":
    if not name or not name.isprintable() or len(name) > _LONGEST_NAME:
        raise _refused(origin, f"{kind}: needs a name for the lines", f"write {kind}:NAME")
    from nexcage.log import system

    try:
        return system.opened(kind, name)
    except OSError as error:
        what = "the journal" if kind == "journald" else "syslog"
        why = "is missing" if isinstance(error, FileNotFoundError) else "answers nobody"
        raise _refused(
            origin,
            f"{what} does not run here: {error.filename} {why}",
            "name a file instead: --log PATH",
            "log-unavailable",
        ) from None


def _refused(origin: str, reason: str, hint: str = "", code: str = "") -> NexcageError:
    kind = UsageError if origin.startswith("--") else InvalidConfig
    return kind(f"{origin}: {reason}", code=code, hint=hint)
