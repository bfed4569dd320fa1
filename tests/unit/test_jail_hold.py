"""nexcage.drivers.jail.hold: what a process does before it is the container's program."""

import os
import sys

import pytest

from nexcage.drivers.jail import hold, holding, kernel
from nexcage.drivers.jail.translate.translated import Held


def document(**more):
    held = Held()
    held.args = ["tool"]
    return {**holding.document(held, 7), **more}


@pytest.fixture
def entering(monkeypatch, tmp_path):
    """What the kernel is asked, with the interpreter as it was afterwards."""
    asked = []
    monkeypatch.setattr(kernel, "untraceable", lambda: asked.append("untraceable"))
    monkeypatch.setattr(kernel, "jail_attach", lambda jid: asked.append(f"attach {jid}"))
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    monkeypatch.chdir(tmp_path)
    before = os.umask(0o022)
    yield asked
    os.umask(before)


def test_it_cannot_be_traced_when_it_is_inside_and_imports_nothing_more(entering):
    hold._enter(document(cwd="/"))
    assert entering == ["untraceable", "attach 7"]
    assert sys.path == []
    assert sys.meta_path == []


@pytest.mark.usefixtures("entering")
def test_a_directory_that_is_missing_is_made_for_the_first_process_only(tmp_path):
    wanted = tmp_path / "work/here"
    hold._enter(document(cwd=str(wanted)))
    assert not wanted.exists()
    hold._enter(document(cwd=str(wanted), makes_cwd=True))
    assert wanted.is_dir()
    (tmp_path / "file").touch()
    with pytest.raises(hold._Failed, match="not a directory"):
        hold._enter(document(cwd=str(tmp_path / "file/below"), makes_cwd=True))


@pytest.mark.usefixtures("entering")
def test_a_jail_that_has_gone_is_said(monkeypatch):
    def gone(_jid):
        raise OSError(22, "Invalid argument")

    monkeypatch.setattr(kernel, "jail_attach", gone)
    with pytest.raises(hold._Failed) as caught:
        hold._enter(document(cwd="/"))
    assert caught.value.args[:2] == ("attach-failed", "a process could not enter its jail: invalid argument")
    assert sys.path  # nothing was given up


@pytest.fixture
def programs(tmp_path):
    """Two directories of a PATH, the first with a file that cannot be run."""
    for name, mode in (("a/tool", 0o644), ("b/tool", 0o755), ("b/other", 0o600)):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
        path.chmod(mode)
    return tmp_path


@pytest.mark.parametrize(
    ("args", "path", "found"),
    [
        ("tool", "a:b", "b/tool"),
        ("tool", "b:a", "b/tool"),
        ("./b/tool", "nowhere", "./b/tool"),
        ("tool", "nowhere", "executable-missing"),
        ("other", "a:b", "executable-denied"),
        ("tool", "a", "executable-denied"),
        ("./a", "b", "executable-denied"),
        ("./c/tool", "b", "executable-missing"),
    ],
)
def test_the_program_is_looked_for_in_its_own_path(programs, args, path, found):
    path = ":".join(f"{programs}/{one}" for one in path.split(":"))
    wanted = document(args=[args], cwd=str(programs), env=["PATH=/nowhere", f"PATH={path}"])
    if found.startswith("executable"):
        with pytest.raises(hold._Failed) as caught:
            hold._found(wanted)
        assert caught.value.args[0] == found
        assert caught.value.args[2] == {"executable-missing": 127, "executable-denied": 126}[found]
    else:
        assert os.path.normpath(hold._found(wanted)) == os.path.normpath(f"{programs}/{found}")


def test_a_failure_is_one_line_that_comes_back_whole():
    line = hold._line(hold._Failed("hook-failed", "startContainer hook /x: exit status 3: a\tb\nc", 1))
    error = holding.failure(line.decode(), "")
    assert (error.code, error.message) == ("hook-failed", "startContainer hook /x: exit status 3: a b c")
    assert holding.failure("going\n", "it ended").message == "it ended"


def test_a_limit_that_this_system_does_not_have_is_named():
    with pytest.raises(hold._Failed, match=r"process\.rlimits: RLIMIT_NOSUCH"):
        hold._become(document(limits=[["RLIMIT_NOSUCH", 1, 1]]))
