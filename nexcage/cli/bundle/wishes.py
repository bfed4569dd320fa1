"""The options of ``bundle create`` that change config.json, and what they say.

All is checked here, before anything is fetched or unpacked.
"""

import os

from nexcage import log
from nexcage.bundler.config import Wishes, values
from nexcage.bundler.config.convert import absolute
from nexcage.bundler.config.mounts import gathered
from nexcage.bundler.config.profiles import SUMMARIES
from nexcage.cli.options import Option
from nexcage.errors import UsageError
from nexcage.host.files import utf8

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.cli.call import Call

OPTIONS = (
    Option(
        "profile", "where config.json begins (see bundle template list)", "NAME", choices=tuple(SUMMARIES)
    ),
    Option("arg", "an argument of the program, in place of the image's Cmd", "ARG", many=True),
    Option("entrypoint", "the program, in place of the image's Entrypoint and Cmd", "PROGRAM|JSON"),
    Option("env", "an environment variable; without a value the caller's", "NAME[=VALUE]", many=True),
    Option("user", "who the program runs as", "USER[:GROUP]"),
    Option("cwd", "the program's working directory", "DIR"),
    Option("hostname", "the container's host name", "NAME"),
    Option("mount", "a mount in docker's form: type=bind,src=PATH,dst=PATH,ro", "FIELDS", many=True),
    Option("volume", "mount a path of the host", "SRC:DST[:OPTIONS]", many=True),
    Option("tmpfs", "mount an empty file system in memory", "DST[:OPTIONS]", many=True),
    Option("memory", "the most memory, such as 512m", "SIZE"),
    Option("cpus", "the most processors, such as 1.5", "NUMBER"),
    Option("pids", "the most processes; -1 for any number", "NUMBER"),
    Option("cap-add", "a capability to give, or ALL", "NAME", many=True),
    Option("cap-drop", "a capability to take away, or ALL", "NAME", many=True),
    Option("read-only", "make the root file system read-only"),
    Option("annotation", "an annotation", "NAME=VALUE", many=True),
    Option("device", "a device of the host", "PATH[:DST[:rwm]]", many=True),
    Option("network", "own network without interfaces, the host's, or a namespace", "none|host|ns:PATH"),
    Option("template", "write config.json by this Jinja template", "FILE.j2"),
    Option("set", "a value for the template; NAME:=JSON for other than strings", "NAME=VALUE", many=True),
)


def wishes(call: "Call") -> Wishes:
    """What the options say; the operands that are left are the program's arguments. Raises `UsageError`."""
    for option in OPTIONS:
        if not all(utf8(text) for text in call.many(option.name)):
            raise UsageError(f"--{option.name} is not UTF-8, so config.json cannot say it")
    if not all(utf8(word) for word in call.operands):
        raise UsageError("the program's arguments are not UTF-8, so config.json cannot say them")
    wished = Wishes()
    wished.profile = call.text("profile")
    wished.args = call.many("arg") + call.operands
    call.operands = []
    if call.text("entrypoint"):
        wished.entrypoint = values.words(call.text("entrypoint"))
    wished.environment = _environment(call.many("env"))
    wished.user = values.user(call.text("user")) if call.text("user") else ""
    wished.hostname = values.hostname(call.text("hostname")) if call.text("hostname") else ""
    if call.text("cwd"):
        if not call.text("cwd").startswith("/"):
            raise UsageError(f'--cwd "{call.text("cwd")}" must be an absolute path')
        wished.cwd = absolute(call.text("cwd"))
    wished.mounts = gathered(
        (name, text) for name in ("mount", "volume", "tmpfs") for text in call.many(name)
    )
    if call.text("memory"):
        wished.memory = values.size(call.text("memory"), "memory")
    if call.text("cpus"):
        wished.cpu_quota = values.quota(call.text("cpus"))
    if call.text("pids"):
        wished.pids = values.pids(call.text("pids"))
    wished.cap_add = [values.capability(name) for name in call.many("cap-add")]
    wished.cap_drop = [values.capability(name) for name in call.many("cap-drop")]
    wished.read_only = call.flag("read-only")
    wished.annotations = dict(values.pair(text, "annotation") for text in call.many("annotation"))
    for device in map(values.device, call.many("device")):
        wished.devices += [device] if wished.profile == "freebsd" else values.examined(device)
    wished.network = _network(call.text("network"))
    _template(call, wished)
    return wished


def _environment(given: list[str]) -> list[str]:
    """NAME=VALUE; NAME alone takes the caller's value, and is left out where the caller has none (docker)."""
    found = []
    for text in given:
        name, equals, _ = text.partition("=")
        if not name:
            raise UsageError("option --env takes NAME=VALUE or NAME")
        if not equals and name not in os.environ:
            log.warning(f"--env {name}: the caller has no such variable, so it is left out", code="env-unset")
            continue
        if not equals and not utf8(os.environ[name]):
            raise UsageError(f"--env {name}: the caller's value is not UTF-8, so config.json cannot say it")
        found.append(text if equals else f"{name}={os.environ[name]}")
    return found


def _network(text: str) -> str:
    if text in ("", "none", "host"):
        return text
    path = text.removeprefix("ns:")
    if path == text or not path.startswith("/"):
        raise UsageError(f'--network must be none, host or ns:PATH, not "{text[:200]}"')
    if not os.path.exists(path):
        raise UsageError(
            f'--network "{text}": there is no such namespace', hint="ip netns add makes /run/netns/NAME"
        )
    return text


def _template(call: "Call", wished: Wishes) -> None:
    wished.settings = dict(values.setting(text) for text in call.many("set"))
    path = call.text("template")
    if not path:
        if wished.settings:
            raise UsageError("--set is for a template, and there is none", hint="add --template FILE.j2")
        return
    from nexcage.bundler.config.template import check, read

    wished.template_name, wished.template = path, read(path)
    if not wished.template.strip():
        raise UsageError(f'--template "{path}" is empty', code="template-invalid")
    check(wished.template, path)
