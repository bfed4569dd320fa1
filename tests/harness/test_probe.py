# SPDX-License-Identifier: Apache-2.0
"""The probe's report: written by the real script on this machine, and parsed."""

import os
import shutil
import subprocess

import pytest

from step_defs.bundle_store import TEMPLATES
from step_defs.probe import Report


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    """Run the probe as a plain program, with a hostile environment and a hostile directory name."""
    if shutil.which("busybox") is None:
        pytest.fail("busybox is missing: run ./test.sh, which installs it")
    place = tmp_path_factory.mktemp("probe") / 'with "quotes"\tand tab'
    place.mkdir()
    (place / "file").write_text("first\nsecond \\ line\n")
    answer = subprocess.run(
        ["busybox", "sh", str(TEMPLATES / "probe"), str(place / "file"), str(place), "/nowhere"],
        capture_output=True,
        text=True,
        check=True,
        cwd=place,
        env={"PATH": os.environ["PATH"], "PLAIN": "a=b", "LINES": "one\ntwo", "QUOTED": '"\\\t'},
    )
    return Report(answer.stdout), place


def test_the_environment_survives_every_character(seen):
    report, _ = seen

    assert {name: report.environment[name] for name in ("PLAIN", "LINES", "QUOTED")} == {
        "PLAIN": "a=b",
        "LINES": "one\ntwo",
        "QUOTED": '"\\\t',
    }


def test_identity_and_limits(seen):
    report, place = seen

    assert report.raw["cwd"] == str(place)
    assert report.status["Uid"].split()[0] == str(os.getuid())
    assert len(report.limit("RLIMIT_NOFILE")) == 2
    assert report.raw["namespaces"]["pid"] == os.readlink("/proc/self/ns/pid")
    assert report.mount("/proc").kind == "proc"


def test_paths_are_looked_at_read_and_written(seen):
    report, place = seen
    file = report.path(str(place / "file"))

    assert file["content"] == "first\nsecond \\ line"
    assert file["readable"]
    assert file["writable"]
    assert report.path(str(place))["stat"].startswith("directory|")
    assert report.path("/nowhere")["stat"] == ""
    with pytest.raises(LookupError, match="did not look at /other"):
        report.path("/other")


def test_capabilities_are_named():
    status = "CapBnd:\t0000000000000420\nCapEff:\t0000000000000001"
    report = Report('{"status": "' + status.replace("\n", "\\n").replace("\t", "\\t") + '"}')

    assert report.capabilities("bounding") == {"CAP_KILL", "CAP_NET_BIND_SERVICE"}
    assert report.capabilities("effective") == {"CAP_CHOWN"}
