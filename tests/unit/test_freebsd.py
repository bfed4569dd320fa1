"""nexcage in a Python that looks like FreeBSD's: names that only Linux has are not there (freebsd.py)."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
MODULES = sorted(
    ".".join(path.relative_to(TOP).with_suffix("").parts).removesuffix(".__init__")
    for path in (TOP / "nexcage").rglob("*.py")
    if path.name != "__main__.py"
)
START = f"""
import sys
sys.path[:0] = [{str(TOP / "tests/unit")!r}, {str(TOP)!r}]
import freebsd
freebsd.become(sys.argv.pop(1))
"""
COMMAND = START + "from nexcage.cli.main import main; sys.exit(main(sys.argv[1:]))"
IMPORTS = (
    START
    + """
import traceback
for name in sys.argv[1:]:
    try:
        __import__(name)
    except Exception:
        print(name, traceback.format_exc().strip().splitlines()[-1])
"""
)


def python(code, *words, cwd=TOP, platform="freebsd15", **env):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NEXCAGE_")}
    return subprocess.run(
        [sys.executable, "-B", "-IS", "-c", code, platform, *words],
        env={**kept, "PATH": "/bin:/usr/bin", **env},
        cwd=cwd,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


@pytest.fixture
def bundle(tmp_path):
    (tmp_path / "rootfs/bin").mkdir(parents=True)
    program = tmp_path / "rootfs/bin/sh"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    config = {
        "ociVersion": "1.3.0",
        "root": {"path": "rootfs"},
        "process": {"args": ["/bin/sh"], "cwd": "/", "env": ["PATH=/bin"], "user": {"uid": 0, "gid": 0}},
        "hostname": "web",
        "mounts": [{"destination": "/dev", "type": "devfs", "source": "devfs"}],
        "freebsd": {"jail": {"ip4": "inherit"}},
    }
    (tmp_path / "config.json").write_text(json.dumps(config))
    return tmp_path


def fine(done, status=0):
    """Nobody looked for what is not there, and nothing broke."""
    assert "LINUX ONLY" not in done.stderr
    assert "internal error" not in done.stderr
    assert "Traceback" not in done.stderr
    assert done.returncode == status, done.stderr
    return done


@pytest.mark.parametrize("platform", ["freebsd14", "freebsd15"])
def test_every_module_can_be_imported(platform):
    done = fine(python(IMPORTS, *MODULES, platform=platform))
    assert done.stdout == ""


def test_every_module_is_one_of_the_oldest_python_that_is_promised():
    for name in MODULES:
        path = TOP.joinpath(*name.split("."))
        path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        compile(path.read_bytes(), str(path), "exec", dont_inherit=True)


@pytest.mark.parametrize(
    "words", [["version"], ["--version"], ["help"], ["help", "create"], ["create", "--help"], ["list"],
              ["list", "--format", "json"], ["bundle", "template", "list"], ["delete", "--force", "none"]],
)  # fmt: skip
def test_verbs_that_need_no_container(tmp_path, words):
    root = ["--root", str(tmp_path / "root")]
    done = fine(python(COMMAND, *root, *words))
    assert done.stderr == ""


@pytest.mark.parametrize(
    "words",
    [["state"], ["start"], ["kill"], ["delete"], ["stop"], ["logs"], ["ps"], ["pause"], ["resume"],
     ["update", "--memory", "1m"], ["events", "--stats"]],
)  # fmt: skip
def test_a_container_that_does_not_exist_is_named(tmp_path, words):
    verb, *options = words
    done = fine(python(COMMAND, "--root", str(tmp_path / "root"), verb, *options, "none"), status=1)
    assert 'container "none" does not exist' in done.stderr


def test_a_bundle_is_judged_for_jails(bundle):
    done = fine(python(COMMAND, "bundle", "validate", "--for", "jail", str(bundle)))
    assert "jail" in done.stdout


@pytest.mark.parametrize("form", ["text", "json"])
def test_the_plan_for_a_jail(bundle, tmp_path, form):
    words = ["--root", str(tmp_path / "root"), "--runtime", "jail", "--dry-run", "--format", form]
    done = fine(python(COMMAND, *words, "create", "web", str(bundle)))
    assert "jail" in done.stdout
    assert not (tmp_path / "root").exists()


PATHS = """
from nexcage import config, paths
import os
os.geteuid = lambda: 0
print(paths.run_root(), paths.lasting_root(), *config.FILES)
"""


def test_files_lie_where_freebsd_has_them():
    assert fine(python(START + PATHS)).stdout.split() == [
        "/var/db/nexcage/run",
        "/var/db/nexcage/containers",
        "/usr/local/etc/nexcage/config.json",
        "/usr/local/etc/nexcage/nexcage.json",
    ]


FACTS = """
import ctypes, os
if os.environ.get("OLD"):
    freebsd._Libc.sysctlbyname = lambda *_: -1
from nexcage.host.facts import Facts
facts = Facts()
os.geteuid = lambda: 0
print(facts.boot_id(), facts.cgroup_mode(), facts.may_raise_limits(), len(facts.grantable()))
"""


@pytest.mark.parametrize(("old", "boot"), [({}, bytes(range(16)).hex()), ({"OLD": "1"}, "unknown")])
def test_facts_of_a_host_without_capabilities_and_cgroups(old, boot):
    done = python(START + FACTS, **old)
    assert done.stdout.split() == [boot, "none", "True", "41"], done.stderr


SIGNALS = """
from nexcage.errors import UsageError
from nexcage.host import signals
print(signals.number("RTMIN"), signals.number("RTMAX"), signals.number("126"))
for text in ("127", "RTMIN+62", "PWR", "STKFLT"):
    try:
        print(signals.number(text))
    except UsageError as error:
        print(error.hint.split(" or ")[0])
"""


def test_signals_are_those_of_the_host():
    lines = fine(python(START + SIGNALS)).stdout.splitlines()
    assert lines == ["65 126 126"] + ["a number from 1 to 126"] * 4


# what a driver that was cut short leaves is looked for with ps(1), and cgroups are not looked for at all
LEFT = """
import os, time
from nexcage.host import leftovers
child = os.posix_spawn("/bin/sh", ["sh", "-c", "sleep 60 & echo; wait"], {"PATH": "/bin:/usr/bin"})
time.sleep(0.3)
found = leftovers.descendants({os.getpid()})
print(child in found, len(found) >= 2, leftovers.descendants({child}) < found)
for pid in found:
    leftovers._kill(pid)
leftovers.remove_cgroup("crun", "/nexcage/web", 0.0)
leftovers.end_workers("crun", "/nowhere", "web")
"""


def test_descendants_are_found_without_proc():
    code = LEFT.replace("leftovers.remove_cgroup", 'leftovers._CGROUPS = "/nowhere"\nleftovers.remove_cgroup')
    done = python(START + code)
    assert done.stdout.split() == ["True", "True", "True"], done.stderr
    assert done.returncode == 0, done.stderr
