"""nexcage.drivers.pct.attach: what an exec inherits, its command line, and what lxc-attach says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexcage.drivers import Exec
from nexcage.drivers.pct import attach
from nexcage.errors import NexcageError, Unsupported
from tests.unit.pct_node import answers

ROOT = {"cwd": "/", "user": {"uid": 0, "gid": 0}, "env": [], "args": []}
PROGRAM = "/proc/1/exe"  # of which nobody can tell from outside whether it is there
UNRELATED = "lxc-attach 760 2025 ERROR    utils - ../x.c:f:1 - Unrelated - noise\n"


def line(text, number=2):
    """An error in lxc-attach's log."""
    return f"lxc-attach 760 20250101000000.000 ERROR    {text.replace('@', str(number))}\n"


MISSING = line('attach - ../src/lxc/attach.c:lxc_attach_run_command:1841 - No such file - Failed to exec "x"')
MISSING = MISSING.replace("No such file", "No such file or directory")
DENIED = MISSING.replace("No such file or directory", "Permission denied")
FORMAT = MISSING.replace("No such file or directory", "Exec format error")
ELSE = line("attach - ../src/lxc/attach.c:lxc_attach:1234 - Operation not permitted - Failed to setns")


def test_user_and_directory_of_the_container(tmp_path):
    include = tmp_path / "lxc.conf"
    include.write_text("lxc.init.cwd = /srv\nlxc.init.groups = 5,6,x,²\n# nothing\nlxc.init.gid = 8\n")
    conf = f"arch: amd64\nlxc.init.uid: 7\nlxc.init.gid: 7\nlxc.include: {include}\n"
    assert attach.base(conf) == {
        "cwd": "/srv",
        "user": {"uid": 7, "gid": 8, "additionalGids": [5, 6]},
        "env": [],
        "args": [],
    }


@pytest.mark.parametrize(
    "conf",
    [
        "",
        "arch: amd64\n",
        "lxc.include: /nonexistent\n",
        "lxc.include: /\0\n",
        "lxc.include: /\n",
        "lxc.init.uid: ²\nlxc.init.gid: -1\n",
        f"lxc.init.uid: {'9' * 5000}\n",
        "[old]\nlxc.init.uid: 7\n",
        "hostname: x\n[old]\nlxc.init.cwd: /old\n",
    ],
)
def test_where_nothing_is_said_it_is_root(conf):
    assert attach.base(conf) == ROOT


@given(st.text(max_size=200))
def test_any_configuration_is_read(text):
    for conf in (text, f"lxc.init.uid:{text}", f"lxc.include: {text}", f"lxc.init.groups: {text}"):
        found = attach.base(conf)
        assert isinstance(found["user"]["uid"], int)


def planned(monkeypatch, given=(), **process):
    """The command line of an exec in a container whose first process is this one."""
    answers(monkeypatch)
    call = Exec(
        "760", "/home", "/log", program=["true"], words=[], options=[], given=given,
        process={"args": [PROGRAM], **process},
    )  # fmt: skip
    (step,) = attach.plan(call, 1 << 30)
    return step.argv


def test_the_command_line(monkeypatch):
    argv = planned(
        monkeypatch,
        args=[PROGRAM, "-x", "--", "a b"],
        env=["A=1", "B=x y"],
        user={"uid": 5, "gid": 6},
    )
    assert argv[:3] == ["/usr/bin/lxc-attach", "-n", "760"]
    assert argv[argv.index("--clear-env") :] == [
        "--clear-env", "--set-var", "A=1", "--set-var", "B=x y", "--uid", "5", "--gid", "6",
        "--", PROGRAM, "-x", "--", "a b",
    ]  # fmt: skip


def test_a_directory_without_a_shell(monkeypatch):
    assert planned(monkeypatch, cwd="/srv")[-1] == PROGRAM  # the container's own: it is not asked for
    with pytest.raises(NexcageError, match="needs /bin/sh") as caught:
        planned(monkeypatch, given=("cwd",), cwd="/srv")
    assert caught.value.code == "shell-missing"


def test_what_no_exec_can_have(monkeypatch):
    with pytest.raises(NexcageError, match="pct has no exec --cap"):
        planned(monkeypatch, given=("cap",))
    for name in (*attach._FIXED, "noNewPrivileges"):
        with pytest.raises(Unsupported, match=rf"\$\.{name}: not supported"):
            planned(monkeypatch, **{name: ["x"]})


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (MISSING, "executable-missing", 'executable file "x" not found in $PATH'),
        (DENIED, "executable-denied", 'container "web": executable file "x": permission denied'),
        (FORMAT, "executable-denied", 'container "web": executable file "x": exec format error'),
        (UNRELATED + MISSING, "executable-missing", 'executable file "x" not found'),
    ],
)
def test_why_the_program_did_not_run(tmp_path, text, code, words):
    path = tmp_path / "log"
    path.write_text(text)
    error = attach.failed(attach.said(str(path)), 127, "exec", "web")
    assert (error.code, words in error.message) == (code, True), error.message


def test_another_failure_is_told(tmp_path):
    path = tmp_path / "log"
    path.write_text(ELSE)
    error = attach.failed(attach.said(str(path)), 1, "exec", "web")
    assert "Operation not permitted - Failed to setns" in error.message
    assert "\n" not in error.message


def test_a_log_without_errors_says_nothing(tmp_path):
    path = tmp_path / "log"
    path.write_text(MISSING.replace("ERROR", "INFO ") + "garbage\n - \n")
    assert attach.said(str(path)) == ""
    assert attach.said(str(tmp_path / "none")) == ""
    assert attach.said(str(tmp_path)) == ""


@given(st.text(max_size=200), st.integers(1, 255))
def test_any_log_is_one_error(tmp_path_factory, text, status):
    path = tmp_path_factory.mktemp("log") / "log"
    for content in (text, f"lxc-attach 760 2025 ERROR {text}", f"ERROR - {text}", MISSING.replace("x", text)):
        path.write_bytes(content.encode("utf-8", "surrogatepass"))
        error = attach.failed(attach.said(str(path)), status, "exec", "web")
        assert isinstance(error, NexcageError)
        assert error.message
        assert "\n" not in error.message
