# SPDX-License-Identifier: Apache-2.0
"""``--hosts=ssh://...``: a selection runs there, its status and report come back, and nothing stays there.

An sshd of the test's own on loopback stands for the other machine, a tiny tree with a ``test.sh`` for ours.
"""

import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

PLUGIN = Path(__file__).resolve().parents[2] / "step_defs/remote.py"
SSHD = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin")
lacks = next(
    (
        lack
        for lack, is_so in {
            "sshd is not installed (openssh-server)": SSHD is None,
            "ssh is not installed (openssh-client)": shutil.which("ssh") is None,
            "not root": os.geteuid() != 0,
        }.items()
        if is_so
    ),
    "",
)
pytestmark = pytest.mark.skipif(bool(lacks) and "CI" not in os.environ, reason=lacks)

PYPROJECT = """
[tool.pytest.ini_options]
addopts = ["-p", "testinfra.plugin", "-p", "no:cacheprovider"]
pythonpath = ["."]
"""
CONFTEST = """
pytest_plugins = ["step_defs.remote"]
def pytest_addoption(parser):
    parser.addoption("--spec-report", default="report")
"""
# what it was given, where it ran, and a report
TEST = """#!/bin/sh
printf '%s\\n' "$@" >"$EVIDENCE/words"
pwd >"$EVIDENCE/pwd"
find . -type f | sort >"$EVIDENCE/files"
mkdir -p report/deep
echo told >report/deep/one.txt
echo "this is the run's output"
exit 7
"""
# a run that is told to end takes its time, as pytest does to take containers down
LONG = """#!/bin/sh
trap 'sleep 0.3; touch "$EVIDENCE/interrupted"; exit 2' INT
pwd >"$EVIDENCE/pwd"
touch "$EVIDENCE/began"
for turn in $(seq 300); do sleep 0.1; done
"""


class There:
    """The machine behind an sshd."""

    def __init__(self, home, **environment):
        self.home = home
        self.evidence = home / "evidence"
        self.evidence.mkdir(parents=True)
        for name in ("host", "user"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", home / name], check=True)
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            self.port = found.getsockname()[1]
        given = {"EVIDENCE": self.evidence, **environment}
        (home / "sshd_config").write_text(
            f"ListenAddress 127.0.0.1\nPort {self.port}\nHostKey {home}/host\nPidFile none\n"
            f"AuthorizedKeysFile {home}/user.pub\nStrictModes no\nUsePAM no\nPermitRootLogin yes\n"
            f"SetEnv {' '.join(f'{name}={value}' for name, value in given.items())}\n"
        )
        self.config = home / "ssh_config"
        self.config.write_text(
            f"Host *\n  HostName 127.0.0.1\n  IdentityFile {home}/user\n  IdentitiesOnly yes\n"
            "  UserKnownHostsFile /dev/null\n  StrictHostKeyChecking no\n  LogLevel FATAL\n"
            f"Host node other\n  User root\n  Port {self.port}\n"
        )
        Path("/run/sshd").mkdir(exist_ok=True)
        self.daemon = subprocess.Popen(
            ["env", "--default-signal=INT", SSHD, "-D", "-f", home / "sshd_config"],
            stderr=subprocess.DEVNULL,
        )
        until(self.answers, "sshd answers")

    def answers(self):
        with socket.socket() as tried:
            return tried.connect_ex(("127.0.0.1", self.port)) == 0

    def sessions(self):
        """The processes by which sshd serves connections."""
        return (
            subprocess.run(
                ["pgrep", "-P", str(self.daemon.pid)], capture_output=True, check=False, encoding="ascii"
            )
            .stdout.strip()
            .split()
        )

    def end(self):
        self.daemon.terminate()
        self.daemon.wait()

    def told(self, name):
        return (self.evidence / name).read_text()


def until(condition, what, patience=20.0):
    end = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < end, f"not within {patience} s: {what}"
        time.sleep(0.02)


@pytest.fixture
def make_there(tmp_path):
    if lacks:
        pytest.fail(lacks, pytrace=False)
    made = []

    def make(**environment):
        made.append(There(tmp_path / f"there{len(made)}", **environment))
        return made[-1]

    yield make
    for there in made:
        there.end()


@pytest.fixture
def there(make_there):
    return make_there()


@pytest.fixture
def project(tmp_path):
    top = tmp_path / "project"
    (top / "features").mkdir(parents=True)
    (top / "pyproject.toml").write_text(PYPROJECT)
    (top / "conftest.py").write_text(CONFTEST)
    (top / "step_defs").mkdir()
    shutil.copy(PLUGIN, top / "step_defs")
    (top / "test_here.py").write_text("def test_here(): print('ran here')\n")
    (top / ".gitignore").write_text("*.pyc\n__pycache__/\n.venv/\nreport/\n")
    for kept_back in (".venv/big", "report/old.html", ".git/config", ".vagrant/key", "features/x.pyc"):
        (top / kept_back).parent.mkdir(parents=True, exist_ok=True)
        (top / kept_back).write_text("stays here")
    (top / "features/a b.feature").write_text("Feature: x")
    script(top, TEST)
    return top


def script(project, text):
    (project / "test.sh").write_text(text)
    (project / "test.sh").chmod(0o755)


def argv(there, *words, hosts="ssh://node"):
    own = [f"--hosts={hosts}", f"--ssh-config={there.config}"]
    return ["env", "--default-signal=INT", sys.executable, "-m", "pytest", *words, *own]


def environment():
    """Ours, without what steers the run around us; plugins that nobody asked for only cost time."""
    kept = {name: value for name, value in os.environ.items() if name not in ("CI", "PYTEST_ADDOPTS")}
    return kept | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


def run(project, there, *words, hosts="ssh://node", where="."):
    return subprocess.run(
        argv(there, *words, hosts=hosts),
        cwd=project / where,
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def test_the_selection_runs_there_and_its_status_and_report_come_back(project, there):
    words = ["features/a b.feature", "-k", 'it\'s $HOME; `x` "y"', "-m", "oci and not (exec)"]
    done = run(project, there, *words)

    assert done.returncode == 7, done.stderr
    assert "this is the run's output\n" in done.stdout
    assert there.told("words").splitlines() == [*words, "--hosts=local://node"]
    assert (project / "report/deep/one.txt").read_text() == "told\n"
    assert not Path(there.told("pwd").strip()).exists()


def test_a_fresh_private_directory_gets_the_tree_and_nothing_that_was_made_in_it(project, there):
    run(project, there)
    run_there = Path(there.told("pwd").strip())
    first = there.told("files").split("\n")
    run(project, there)

    assert run_there != Path(there.told("pwd").strip())
    assert first[:-1] == [
        "./.gitignore",
        "./conftest.py",
        "./features/a b.feature",
        "./pyproject.toml",
        "./step_defs/remote.py",
        "./test.sh",
        "./test_here.py",
    ]


def test_paths_are_meant_from_where_the_caller_stands(project, there):
    run(project, there, "a b.feature::test_x", "--spec-report", "../elsewhere", where="features")

    assert there.told("words").splitlines()[0] == "features/a b.feature::test_x"
    assert "--spec-report" not in there.told("words")


def test_user_port_and_identity_can_stand_in_the_command_line(project, there):
    there.config.write_text("")
    done = run(
        project,
        there,
        f"--ssh-identity-file={there.home}/user",
        "--ssh-extra-args=-o StrictHostKeyChecking=no -o 'UserKnownHostsFile /dev/null'",
        hosts=f"ssh://root@127.0.0.1:{there.port}",
    )

    assert done.returncode == 7, done.stderr
    assert there.told("words") == f"--hosts=local://root@127.0.0.1:{there.port}\n"


def test_several_machines_run_one_after_the_other_and_each_has_its_report(project, there):
    script(project, TEST.replace("exit 7", '[ "$1" != --hosts=local://node ] || exit 3'))
    done = run(project, there, hosts="ssh://node,ssh://other")

    assert done.returncode == 3, done.stderr
    assert done.stdout.count("this is the run's output") == 2
    assert [(project / f"report/{name}/deep/one.txt").exists() for name in ("node", "other")] == [True, True]


def test_a_machine_that_cannot_be_reached_is_one_line_and_does_not_stop_the_next(project, there):
    done = run(project, there, hosts="ssh://root@127.0.0.1:1,ssh://other")

    assert done.returncode == 4
    assert done.stderr == (
        "ERROR: root@127.0.0.1:1: cannot be reached: "
        "ssh: connect to host 127.0.0.1 port 1: Connection refused\n"
    )
    assert there.told("words") == "--hosts=local://other\n"


def test_a_key_that_is_not_taken_is_said(project, there):
    (there.home / "user.pub").write_text("")
    done = run(project, there)

    assert done.returncode == 4
    assert done.stderr.startswith("ERROR: node: cannot be reached: root@127.0.0.1: Permission denied (")
    assert done.stderr.count("\n") == 1


def programs(directory, *names, **scripts):
    """A directory for PATH with only these programs."""
    directory.mkdir()
    for name in names:
        (directory / name).symlink_to(shutil.which(name))
    for name, text in scripts.items():
        (directory / name).write_text(f"#!/bin/sh\n{text}\n")
        (directory / name).chmod(0o755)
    return directory


def test_a_machine_without_tar_is_one_line(project, make_there, tmp_path):
    done = run(project, make_there(PATH=programs(tmp_path / "bin", "sh", "id")))

    assert (done.returncode, done.stderr) == (4, "ERROR: node: tar is not installed there\n")


def test_a_user_who_cannot_become_root_is_one_line(project, make_there, tmp_path):
    done = run(project, make_there(PATH=programs(tmp_path / "bin", "sh", id="echo 1000", sudo="exit 1")))

    assert (done.returncode, done.stderr) == (
        4,
        "ERROR: node: not root there, and no sudo without a password\n",
    )


def test_another_user_runs_all_by_sudo(project, make_there, tmp_path):
    sudo = 'test "$1" = -n; echo x >>"$EVIDENCE/sudo"; shift; exec "$@"'
    place = programs(tmp_path / "bin", id="echo 1000", sudo=sudo)
    there = make_there(PATH=f"{place}:/usr/sbin:/usr/bin:/sbin:/bin")
    done = run(project, there)

    assert done.returncode == 7, done.stderr
    assert there.told("sudo") == "x\nx\n", "asked, then used"


@pytest.fixture
def long_run(project, there):
    """A run that has begun there and would never end."""
    script(project, LONG)
    process = subprocess.Popen(
        argv(there),
        cwd=project,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        until((there.evidence / "began").exists, "the run has begun")
        yield process
    finally:
        process.kill()
        process.communicate()


def gone(there):
    """Wait until neither the run nor its directory is there."""
    directory = Path(there.told("pwd").strip())
    until((there.evidence / "interrupted").exists, "the run was told to end")
    until(lambda: not directory.exists(), f"{directory} is removed")


def test_ctrl_c_ends_the_run_there_before_it_ends_here(long_run, there):
    long_run.send_signal(signal.SIGINT)
    out, err = long_run.communicate(timeout=30)

    assert long_run.returncode == 2
    assert out.splitlines()[-1] == "node: interrupted; nothing of the run is left there"
    assert "Traceback" not in err
    assert (there.evidence / "interrupted").exists()
    assert not Path(there.told("pwd").strip()).exists()


def test_when_this_side_is_killed_the_run_there_ends(long_run, there):
    long_run.kill()
    gone(there)


def test_when_the_connection_breaks_the_run_there_ends_and_here_it_is_said(long_run, there):
    for session in there.sessions():
        os.kill(int(session), signal.SIGKILL)
    _, err = long_run.communicate(timeout=30)

    assert long_run.returncode == 4
    assert err.startswith("ERROR: node: the run is lost there and ends: ")
    assert err.count("\n") == 1
    gone(there)


@pytest.mark.parametrize(
    ("hosts", "words", "complaint"),
    [
        ("docker://box", [], "--hosts=docker://box: neither ssh://[USER@]NAME[:PORT] nor, alone, local://"),
        ("node", [], "--hosts=node: neither"),
        ("ssh://node,local://", [], "--hosts=local://: neither"),
        ("ssh://node:port", [], "--hosts=ssh://node:port: Port could not be cast"),
        ("ssh://root:secret@node", [], "--hosts=ssh://root:secret@node: neither"),
        ("ssh://node/path", [], "--hosts=ssh://node/path: neither"),
        ("ssh://node", ["--junitxml=x.xml"], "--junitxml=x.xml: from a host only what lies below report/"),
        ("ssh://node", [".", "/etc/passwd"], "/etc/passwd: lies outside of the tree that is sent"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_sent(project, there, hosts, words, complaint):
    done = run(project, there, *words, hosts=hosts)

    assert done.returncode == 4
    assert f"ERROR: {complaint}" in done.stderr
    assert not (there.evidence / "words").exists()


def test_local_runs_here(project, there):
    done = run(project, there, "-s", hosts="local://node")

    assert done.returncode == 0
    assert "ran here" in done.stdout


def test_a_word_is_one_word_for_the_far_shell():
    from step_defs.remote import Machine

    far = Machine("x", ("ssh", "x")).argv("17", "a b", "$(c)")[-1]
    assert shlex.split(far)[-3:] == ["17", "a b", "$(c)"]
