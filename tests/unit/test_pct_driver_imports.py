"""What ``state`` of a pct container loads: it is asked often, and modules cost milliseconds."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from nexcage.state.record import Record
from tests.unit.pct_node import Etc

TREE = Path(__file__).resolve().parents[2]
PROGRAM = """
import sys
sys.path.insert(0, {tree!r})
from nexcage.drivers.pct import node
node.ETC = {etc!r}
from nexcage.cli.main import main
status = main(["--root", {root!r}, {verb!r}, "web"])
sys.stdout.flush()
sys.stderr.write("\\n".join(sys.modules))
sys.exit(status)
"""
# beyond what an interpreter and os bring; all of them are C
STANDARD = {"_json", "_signal", "errno", "fcntl", "select"}
OURS = ("nexcage.drivers.pct.", "nexcage.oci", "nexcage.config", "nexcage.bundler")
# nexcage.config looks whether there is a file; what reads one is in modules of its own
NEEDED = {
    "nexcage.config",
    "nexcage.drivers.pct.driver",
    "nexcage.drivers.pct.lxc",
    "nexcage.drivers.pct.node",
}


@pytest.fixture
def place(tmp_path):
    """A node with the container "web", which runs as far as lxc-info says."""
    etc = Etc(tmp_path / "etc")
    etc.conf(760, "#nexcage id=web bundle=/b\narch: amd64\nhostname: web\n")
    tool = tmp_path / "lxc-info"
    tool.write_text("#!/bin/sh\necho 'State:          RUNNING'\necho 'PID:            4711'\n")
    tool.chmod(0o755)
    fields = dict.fromkeys(
        ("oci_version", "bundle", "rootfs", "created", "owner", "boot_id", "stdio", "cgroup_manager"), ""
    )
    record = Record(id="web", driver="pct", handle="760", annotations={}, **fields)
    (tmp_path / "root/web").mkdir(parents=True)
    (tmp_path / "root/web/record.json").write_bytes(record.to_json())
    return tmp_path


def modules(code, place):
    """What an interpreter holds at its end, and what it printed."""
    done = subprocess.run(
        ["python3", "-IS", "-c", code],
        env={"PATH": f"{place}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stderr.split()), done.stdout


def test_state_loads_nothing_that_it_does_not_need(place):
    bare, _ = modules('import os, sys\nsys.stderr.write("\\n".join(sys.modules))', place)
    code = PROGRAM.format(tree=str(TREE), etc=str(place / "etc"), root=str(place / "root"), verb="state")
    loaded, said = modules(code, place)
    state = json.loads(said)
    assert (state["status"], state["pid"]) == ("running", 4711)
    added = {name for name in loaded - bare if name.partition(".")[0] != "nexcage"}
    assert added <= STANDARD, f"state imports {', '.join(sorted(added - STANDARD))}"
    own = {name for name in loaded if name.startswith(OURS)}
    assert own == NEEDED, f"state imports {', '.join(sorted(own - NEEDED))}"
