"""nexcage/launcher.sh: what it hands to the driver by itself, and that all else goes to Python."""

import fcntl
import json
import os
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from nexcage.cli.start import _failed_before
from nexcage.jsontext import dumps
from nexcage.state.record import Record
from nexcage.state.store import Store

ROOT = Path(__file__).resolve().parents[2]
LAUNCHER = ROOT / "nexcage" / "launcher.sh"
DRIVER = """#!/bin/sh
echo "driver $*" >> {calls}
[ ! -e {place}/broken ] || {{ echo "no such luck" >&2; exit 1; }}
[ "$3" != state ] || cat {place}/said
"""
PYTHON = """#!/bin/sh
shift 4 # -IS -c PROGRAM LIBRARY
echo "python $*" >> {calls}
"""
STATE = """{{
  "ociVersion": "1.0.0",
  "id": "web",
  "pid": {pid},
  "status": "{status}",
  "bundle": "/elsewhere",
  "annotations": {{"\\"pid\\":": "\\"status\\": \\"x\\""}}
}}"""


class Place:
    """The launcher beside a python3 that only says that it was called, and a container web."""

    def __init__(self, path):
        self.path = path
        self.root = path / "root"
        self.home = self.root / "web"
        self.calls_file = path / "calls"
        self.calls_file.touch()
        (path / "bin").mkdir()
        self.program("bin/crun", DRIVER)
        self.program("bin/python3", PYTHON)
        text = LAUNCHER.read_text(encoding="utf-8").replace("/run/nexcage", str(self.root))
        text = text.replace("/etc/nexcage/", f"{path}/etc/")
        (path / "bin" / "nexcage").write_text(text, encoding="utf-8")
        (path / "bin" / "nexcage").chmod(0o755)
        self.record = Record(
            id="web",
            driver="crun",
            handle="web",
            oci_version="1.0.2",
            bundle="/srv/web",
            rootfs="/srv/web/rootfs",
            created="2026-11-22T20:49:38.155239Z",
            owner="root",
            boot_id="b",
            stdio="inherit",
            cgroup_manager="",
            annotations={"a": "b"},
        )
        self.home.mkdir(parents=True)
        (self.home / "lock").touch()
        (self.home / "record.json").write_bytes(self.record.to_json())
        document = dumps(self.record.document("@", 0), 2)
        (self.home / "launch").write_text(f"{path}/bin/crun\n{self.root}/@crun\nweb\n{document}\n")
        kept = self.root / "@crun" / "web"
        kept.mkdir(parents=True)
        (kept / "status").write_text('{\n  "pid": 7\n}\n')
        self.says(7, "running")

    def program(self, name, text):
        (self.path / name).write_text(text.format(calls=self.calls_file, place=self.path))
        (self.path / name).chmod(0o755)

    def says(self, pid, status):
        (self.path / "said").write_text(STATE.format(pid=pid, status=status))

    def run(self, *words, **env):
        """Returns (exit status, standard output, who was called with what)."""
        keep = {name: value for name, value in os.environ.items() if not name.startswith("NEXCAGE_")}
        done = subprocess.run(
            [self.path / "bin" / "nexcage", *words],
            env={**keep, **env}, capture_output=True, text=True, timeout=20, check=False, cwd=self.path,
        )  # fmt: skip
        calls = self.calls_file.read_text().replace("\n\n", "\n").splitlines()
        self.calls_file.write_text("")
        return done.returncode, done.stdout, calls

    def went_to_python(self, *words, **env):
        return [call.partition(" ")[0] for call in self.run(*words, **env)[2]] == ["python"]


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path)


def test_the_shell_accepts_it():
    for shell in ("sh", "bash", "busybox"):
        if program := shutil.which(shell):
            words = [program, "sh"] if shell == "busybox" else [program]
            subprocess.run([*words, "-n", LAUNCHER], check=True)


def test_shellcheck_finds_nothing():
    scripts = [ROOT / name for name in ("test.sh", "demo.sh", "step_defs/v1view.sh", "packaging/setup.sh")]
    subprocess.run(["shellcheck", "-s", "sh", LAUNCHER, *scripts], check=True)


@pytest.mark.parametrize(
    ("status", "pid"), [("created", 7), ("running", 4194304), ("paused", 1), ("stopped", 0)]
)
def test_state_is_the_document_with_the_words_of_the_driver(place, status, pid):
    place.says(pid or 9, status)
    code, out, calls = place.run("--root", place.root, "state", "web")
    assert (code, calls) == (0, [f"driver --root {place.root}/@crun state web"])
    assert json.loads(out) == place.record.document(status, pid)
    assert out == dumps(place.record.document(status, pid), 2) + "\n"


def test_start_and_delete_are_handed_on_in_silence(place):
    for verb in ("start", "delete"):
        assert place.run(verb, "web", NEXCAGE_ROOT=str(place.root)) == (
            0, "", [f"driver --root {place.root}/@crun {verb} web"],
        )  # fmt: skip
    assert not place.home.exists()


@pytest.mark.parametrize(
    "words",
    [["state", "web"], ["--root={}", "state", "web"],
     ["state", "--root", "{}", "web"], ["state", "web", "--root={}"],
     ["--log", "/x", "--log-format=json", "--root", "{}", "--log-format", "json", "state", "web"]],
)  # fmt: skip
def test_what_engines_put_before_the_verb_does_not_slow_it_down(place, words):
    calls = place.run(*(word.format(place.root) for word in words))[2]
    assert calls == [f"driver --root {place.root}/@crun state web"]


def test_a_delete_beside_another_command_is_pythons(place):
    with (place.home / "lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert place.went_to_python("--root", place.root, "delete", "web")
    (place.home / "lock").unlink()
    assert place.went_to_python("--root", place.root, "delete", "web")
    (place.home / "lock").symlink_to("record.json")
    assert place.went_to_python("--root", place.root, "delete", "web")
    assert place.home.exists()


@pytest.mark.parametrize("verb", ["state", "start", "delete"])
def test_a_failure_goes_to_python_with_all_its_words(place, verb):
    (place.path / "broken").touch()
    _, out, calls = place.run("--root", place.root, verb, "web")
    assert [call.split()[0] for call in calls] == ["driver", "python"]
    assert calls[1].endswith(f" --root {place.root} {verb} web")
    assert out == ""
    assert (place.home / "record.json").exists()


def test_a_failed_start_leaves_the_words_of_the_driver(place):
    (place.path / "broken").touch()
    place.run("--root", place.root, "start", "web")
    assert (place.home / "start.log").read_text() == "no such luck\n"


def test_a_start_that_succeeded_is_no_failure_for_python(place):
    assert place.run("--root", place.root, "start", "web")[0] == 0
    store = Store(str(place.root))
    assert _failed_before(SimpleNamespace(store=store, record=place.record)) is None


@pytest.mark.parametrize(
    "words",
    [
        [], ["state"], ["help"], ["kill", "web", "9"], ["run", "web"], ["state", "web", "web"],
        ["state", "."], ["state", ".."], ["state", "../root/web"], ["state", ""], ["", "state", "web"],
        ["state", "none"], ["--debug", "state", "web"], ["state", "--debug", "web"],
        ["state", "web", "--help"],
        ["delete", "--force", "web"], ["delete", "-f", "web"], ["--nonsense", "state", "web"],
        ["state", "--", "web"], ["--log-level", "debug", "state", "web"], ["--dry-run", "delete", "web"],
        ["state", "we b"], ["state", "web\n"], ["state", "w\u00e9b"], ["state", "*"], ["state", "@crun"],
        ["--runtime", "crun", "state", "web"], ["-v"], ["--version"],
    ],
)  # fmt: skip
def test_whatever_is_not_plain_goes_to_python(place, words):
    assert place.went_to_python(*words, NEXCAGE_ROOT=str(place.root))


@pytest.mark.parametrize(
    "words", [["--root="], ["--root", ""], ["--log="], ["--log", ""], ["--log-format", "xml"]]
)
def test_an_option_that_python_refuses_is_left_to_python(place, words):
    assert place.went_to_python(*words, "state", "web")


@pytest.mark.parametrize("option", ["--root", "--log", "--log-format"])
def test_an_option_without_its_value_is_left_to_python(place, option):
    assert place.went_to_python("state", "web", option, NEXCAGE_ROOT=str(place.root))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NEXCAGE_DEBUG", "1"),
        ("NEXCAGE_LOG_LEVEL", "debug"),
        ("NEXCAGE_LOG_FORMAT", "xml"),
        ("NEXCAGE_CONFIG", "/x"),
        ("NEXCAGE_LOG", "journald:x"),
    ],
)
def test_an_environment_that_asks_for_more_goes_to_python(place, name, value):
    assert place.went_to_python("state", "web", **{"NEXCAGE_ROOT": str(place.root), name: value})


@pytest.mark.parametrize("words", [["--log", "journald:x"], ["--log=journald:x"], ["--log", "syslog:x"]])
def test_a_log_that_may_not_be_there_is_left_to_python(place, words):
    assert place.went_to_python(*words, "--root", place.root, "state", "web")


@pytest.mark.parametrize("name", ["config.json", "nexcage.json"])
@pytest.mark.parametrize(
    ("text", "own"),
    [
        ('{"runtime": {"log_level": "debug"}}', True),
        ('{"log_file": "/x"}', True),
        ('{"runtime": {"root_path": "/x"}}', True),
        ('{\n"data_dir": "/x"\n}\n', True),
        ('{"runtime": {"\\u006cog_level": "debug"}}', True),
        ('{"network": {"bridge": "vmbr0"}}', False),
        ("", False),
    ],
)
def test_a_configuration_that_speaks_of_logs_or_records_is_left_to_python(place, name, text, own):
    (place.path / "etc").mkdir()
    (place.path / "etc" / name).write_text(text)
    assert place.went_to_python("--root", place.root, "state", "web") == own


@pytest.mark.parametrize("make", [lambda p: p.mkdir(), lambda p: p.symlink_to("/nowhere/config.json")])
def test_a_configuration_that_cannot_be_read_is_left_to_python(place, make):
    (place.path / "etc").mkdir()
    make(place.path / "etc" / "config.json")
    assert place.went_to_python("--root", place.root, "state", "web")


@pytest.mark.parametrize("missing", ["launch", "record.json"])
def test_a_container_that_is_not_whole_goes_to_python(place, missing):
    (place.home / missing).unlink()
    assert place.went_to_python("--root", place.root, "delete", "web")
    assert place.home.exists()


def test_a_launch_file_cut_short_goes_to_python(place):
    (place.home / "launch").write_text("/bin/true\n")
    assert place.went_to_python("--root", place.root, "state", "web")


def test_it_finds_its_place_through_a_link(place):
    os.symlink(place.path / "bin" / "nexcage", place.path / "link")
    subprocess.run([place.path / "link", "version"], check=True, timeout=20)
    assert place.calls_file.read_text().endswith(" version\n")


@pytest.mark.parametrize(
    ("there", "taken"),
    [
        (["python3.9", "python3.11", "python3.12", "python3.12-config"], "python3.12"),
        (["python3.11"], "python3.11"),
        (["python3", "python3.12"], "python3"),
    ],
)
@pytest.mark.parametrize("path", [True, False])
def test_a_system_whose_packages_have_no_plain_python3(tmp_path, there, taken, path):
    """FreeBSD's are below /usr/local, where PATH of engines does not always lead."""
    local = tmp_path / "local"
    local.mkdir()
    for name in there:
        (local / name).write_text(f"#!/bin/sh\necho {name} $5\n")
        (local / name).chmod(0o755)
    (tmp_path / "bin").mkdir()
    for name in ("dirname", "readlink"):
        (tmp_path / "bin" / name).symlink_to(shutil.which(name))
    text = LAUNCHER.read_text(encoding="utf-8")
    for name, place in (("/usr/local/bin", local), ("/usr/bin/python3", "/nowhere"), ("/usr/bin:/bin", "")):
        assert name in text
        text = text.replace(name, str(place))
    (tmp_path / "nexcage").write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["/bin/sh", tmp_path / "nexcage", "version"],
        env={"PATH": str(tmp_path / "bin") if path else ""},
        capture_output=True, text=True, timeout=20, check=False,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == (f"{taken} version\n", "")
