"""Times and addresses on the command line of check --watch, and the line of a short cut."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from nexcage.errors import NexcageError, UsageError
from nexcage.state import totals
from nexcage.watch import listening
from nexcage.watch.span import seconds

LAUNCHER = Path(__file__).resolve().parents[2] / "nexcage/launcher.sh"


@pytest.mark.parametrize(
    ("text", "value"),
    [("1", 1), ("60s", 60), ("2m", 120), ("24h", 86_400), ("86400", 86_400), ("0001s", 1)],
)
def test_times(text, value):
    assert seconds(text, "interval") == value


@pytest.mark.parametrize(
    "text",
    ["0", "0s", "0m", "-1", "1.5", "1d", "s", "", "25h", "86401", "1e3", "1 s", "1ms", "٣", "1S", "9" * 30],
)
def test_what_is_no_time(text):
    with pytest.raises(UsageError, match="option --interval takes a time from 1s to 24h") as caught:
        seconds(text, "interval")
    assert caught.value.hint


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("127.0.0.1:9787", ("127.0.0.1", 9787)), ("localhost:1", ("127.0.0.1", 1)), ("[::1]:80", ("::1", 80)),
        ("0.0.0.0:0", ("0.0.0.0", 0)), ("[0:0::1]:65535", ("::1", 65535)), ("none", None),  # noqa: S104
    ],
)  # fmt: skip
def test_addresses(text, place):
    assert listening.parse(text) == place


@pytest.mark.parametrize(
    "text",
    [":9787", "9787", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:x", "host:1", "::1:80", "*:80",
     "127.1:80", "[127.0.0.1]:80", "[::1]80", "[]:1", "a:b:c", "127.0.0.1:-1", "", "\0:1", "[fe80::1%lo]:1"],
)  # fmt: skip
def test_what_is_no_address(text):
    with pytest.raises(UsageError, match="--listen"):
        listening.parse(text)


def test_no_address_is_not_all_addresses():
    with pytest.raises(UsageError, match="no address is named") as caught:
        listening.parse(":9787")
    assert caught.value.hint == "--listen 127.0.0.1:9787 for this host alone, 0.0.0.0:9787 for everybody"


@pytest.mark.parametrize(
    ("address", "alone"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("0.0.0.0", False), ("::", False)],  # noqa: S104
)
def test_loopback(address, alone, capsys):
    with listening.listener(address, 0):
        assert ("can be read by whoever reaches" in capsys.readouterr().err) != alone


def test_a_port_that_is_taken_and_one_that_was_just_let_go():
    with listening.listener("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(NexcageError, match=f"cannot listen on 127.0.0.1:{port}: address already in use"):
            listening.listener("127.0.0.1", port)
    listening.listener("127.0.0.1", port).close()


def test_an_address_that_is_not_ours():
    with pytest.raises(NexcageError, match=r"cannot listen on 192\.0\.2\.1:1: "):
        listening.listener("192.0.2.1", 1)


# -- the launcher's count


@pytest.fixture
def home(tmp_path):
    """A container web whose driver always succeeds."""
    made = tmp_path / "web"
    made.mkdir()
    (made / "lock").touch()
    (made / "record.json").write_text("{}")
    (tmp_path / "@crun/web").mkdir(parents=True)
    (tmp_path / "@crun/web/state.json").write_text('{"pid": 1}\n')
    (made / "launch").write_text(f"{shutil.which('true')}\n{tmp_path}/@crun\nweb\n{{}}\n")
    return made


def launch(home, verb, shell="/bin/sh"):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NEXCAGE_")}
    words = [*shell.split(), LAUNCHER, "--root", home.parent, verb, home.name]
    return subprocess.run(words, env=kept, capture_output=True, text=True, timeout=20, check=False)


SHELLS = [name for name in ("dash", "bash", "busybox") if shutil.which(name)]


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("verb", ["start", "delete"])
def test_the_short_cut_is_counted_without_a_duration(home, shell, verb):
    (home.parent / "@operations").touch()
    done = launch(home, verb, "busybox sh" if shell == "busybox" else shell)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    found = totals.read(str(home.parent))
    assert (found.operations, found.durations) == ({(verb, "crun", "ok"): 1}, {})


def test_the_state_is_no_operation(home):
    (home.parent / "@operations").touch()
    launch(home, "state")
    assert totals.read(str(home.parent)).operations == {}


def test_where_python_has_not_begun_to_count_the_short_cut_does_not(home):
    assert launch(home, "start").returncode == 0
    assert not (home.parent / "@operations").exists()


@pytest.mark.parametrize("kind", ["directory", "link", "pipe", "full"])
def test_a_count_that_cannot_be_written_does_no_harm(home, kind):
    path = home.parent / "@operations"
    other = home.parent / "other"
    other.touch()
    {
        "directory": path.mkdir,
        "link": lambda: path.symlink_to(other),
        "pipe": lambda: os.mkfifo(path),
        "full": lambda: path.symlink_to("/dev/full"),
    }[kind]()
    done = launch(home, "start")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert other.read_text() == ""
