"""With --debug the log tells every external command and every step, without secrets."""

import json
import os
import sys

import pytest

from nexcage import log
from nexcage.errors import CommandFailed, Timeout
from nexcage.host import process
from nexcage.host.execute import execute
from nexcage.plan import MakeDir, Plan, Run, Write


@pytest.fixture
def told(tmp_path):
    """The entries so far."""
    path = tmp_path / "log.json"
    log.begin()
    log.configure(level="debug", path=str(path), format="json")
    yield lambda: [json.loads(line) for line in path.read_text().splitlines()]
    log.begin()


def test_a_command_with_status_and_duration(told):
    process.run(["/bin/sh", "-c", "exit 3"])
    entry = told()[-1]
    assert (entry["msg"], entry["status"]) == ("ran /bin/sh -c 'exit 3'", 3)
    assert 0 < entry["duration_ms"] < 30_000


def test_a_command_that_took_too_long(told):
    with pytest.raises(Timeout):
        process.run(["/bin/sleep", "60"], timeout=0.05)
    assert told()[-1]["msg"] == "ran /bin/sleep 60"
    assert told()[-1]["status"] == "ended for taking too long"


@pytest.mark.parametrize("way", [process.attached, process.foreground])
def test_a_command_that_has_our_stdio(told, way):
    way(["/bin/true"], "null")
    assert (told()[-1]["msg"], told()[-1]["status"]) == ("ran /bin/true", 0)


def test_a_command_that_goes_on(told):
    pid = process.started(["/bin/sleep", "60"], "null")
    os.kill(pid, 9)
    os.waitpid(pid, 0)
    assert (told()[-1]["msg"], told()[-1]["pid"]) == ("started /bin/sleep 60", pid)


def test_a_detached_command_that_ended_at_once(told):
    process.detached(["/bin/false"])
    assert (told()[-1]["msg"], told()[-1]["status"]) == ("ran /bin/false", 1)


@pytest.mark.parametrize(
    "argv",
    [
        ["--password", "s3cret"],
        ["--password=s3cret"],
        ["--env", "DB_PASSWORD=s3cret"],
        ["http://me:s3cret@host/"],
    ],
)
def test_secrets_are_masked(told, argv):
    process.run(["/bin/true", *argv])
    assert "s3cret" not in json.dumps(told())
    assert "***" in told()[-1]["msg"]


def test_steps_and_what_is_undone(told, tmp_path):
    steps = [MakeDir(f"{tmp_path}/a"), Write(f"{tmp_path}/a/f", b"x"), Run(["/bin/false"])]
    with pytest.raises(CommandFailed):
        execute(Plan("make", "web", "none", steps))
    messages = [entry["msg"] for entry in told()]
    assert messages == [
        f"step 1 of 3: mkdir {tmp_path}/a",
        f"step 2 of 3: write {tmp_path}/a/f (1 bytes)",
        "ran /bin/false",
        f"undoing: write {tmp_path}/a/f (1 bytes)",
        f"undoing: mkdir {tmp_path}/a",
    ]


def test_without_debug_the_masks_are_not_even_imported(tmp_path):
    code = "import sys; from nexcage.host import process; process.run(['/bin/true']); "
    code += "sys.exit('nexcage.redact' in sys.modules)"
    tree = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    done = process.run([sys.executable, "-c", code], env={"PYTHONPATH": tree, "HOME": str(tmp_path)})
    assert done.status == 0
