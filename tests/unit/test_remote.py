"""What step_defs.remote runs on a machine, with that machine's tools, GNU's or not: nothing stays there."""

import io
import os
import subprocess
import tarfile

import pytest

from step_defs.remote import AS_ROOT, BEGAN, RUN

# FreeBSD's rm has no long options; -x keeps it on one file system
RM = """echo "rm $*" >>{log}
[ "$1 $2" = "-rf -x" ] || exit 64
exec /bin/rm -rf "$3"
"""


def tree():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, text in (("hello", b"hello\n"), ("report/index.html", b"<html>\n")):
            member = tarfile.TarInfo(name)
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text))
    return out.getvalue()


@pytest.fixture
def front(tmp_path):
    """A directory of tools before the machine's own; returns a way to run there."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "run").mkdir()

    def tool(name, text):
        path = tmp_path / "bin" / name
        path.write_text("#!/bin/sh\n" + text)
        path.chmod(0o755)

    def run(*argv):
        packed = tree()
        script = RUN.replace("/var/tmp/", f"{tmp_path}/run/")
        words = ["sh", "-c", AS_ROOT, "root", "sh", "-c", script, "nexcage", str(len(packed)), *argv]
        with subprocess.Popen(
            words,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PATH": f"{tmp_path}/bin:/usr/bin:/bin"},
            process_group=0,
        ) as process:
            process.stdin.write(packed)
            process.stdin.flush()
            process.stdin, kept = None, process.stdin  # stays open while it runs, as ssh keeps it
            out, err = process.communicate(timeout=60)
            kept.close()
            return process.returncode, out, err.decode()

    run.tool, run.home = tool, tmp_path
    return run


@pytest.mark.skipif(os.geteuid() != 0, reason="not root")
@pytest.mark.parametrize("system", ["Linux", "FreeBSD"])
def test_a_run_gives_its_report_and_status_and_leaves_nothing(front, system):
    log = front.home / "log"
    front.tool("uname", f"echo {system}\n")
    front.tool("chflags", f'echo "chflags $*" >>{log}\n')
    if system == "FreeBSD":
        front.tool("rm", RM.format(log=log))
    status, out, err = front("sh", "-c", "cat hello; exit 3")

    assert (status, err) == (3, "hello\n")
    before, _, report = out.partition(BEGAN)
    assert before == b""
    with tarfile.open(fileobj=io.BytesIO(report)) as archive:
        assert "report/index.html" in archive.getnames()
    assert os.listdir(front.home / "run") == []
    if system == "FreeBSD":
        flags, removed = log.read_text().splitlines()
        assert flags.startswith("chflags -R -x noschg /")
        assert removed.startswith("rm -rf -x /")


@pytest.mark.skipif(os.geteuid() != 0, reason="not root")
def test_a_tree_that_cannot_be_unpacked_is_named_by_its_status(front):
    front.tool("tar", "exit 1\n")
    assert front("true")[0] == 252
    assert os.listdir(front.home / "run") == []
