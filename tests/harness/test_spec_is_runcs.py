"""What ``nexcage spec`` writes is what runc would write, but for the name."""

import json
import os
import shutil
import subprocess

import pytest

from nexcage.oci.spec import default

RUNC = shutil.which("runc")


def without_names(config):
    return {name: value for name, value in config.items() if name not in ("hostname", "ociVersion")}


@pytest.mark.skipif(not RUNC and "CI" not in os.environ, reason="runc is not installed")
@pytest.mark.parametrize("rootless", [False, True])
def test_the_default_config_is_runcs(tmp_path, rootless):
    words = ["--rootless"] if rootless else []
    subprocess.run(["runc", "spec", *words, "--bundle", tmp_path], check=True)
    theirs = json.loads((tmp_path / "config.json").read_text())
    ours = default(rootless=rootless, uid=os.geteuid(), gid=os.getegid())
    assert without_names(ours) == without_names(theirs)
    assert theirs["ociVersion"].startswith(ours["ociVersion"])
