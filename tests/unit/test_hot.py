"""nexcage.hot: the snapshot of the hot verbs is used only while it is true, and the imports stay few."""

import ast
import marshal
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from nexcage import hot

PACKAGE = Path(__file__).resolve().parents[2] / "nexcage"
TAG = sys.implementation.cache_tag
TOO_DEAR = (
    "argparse collections contextlib dataclasses datetime enum functools json logging pathlib re shutil "
    "subprocess tempfile typing"
)
HOT = "main create run exec start state kill delete pause resume"
LOOK = """
import sys
sys.path.insert(0, {lib!r})
from nexcage import hot
used = hot.install()
for name in {names!r}:
    __import__(name)
held = sorted(n for n, m in sys.modules.items() if m.__spec__ and m.__spec__.loader is hot.Loader)
print(dict(used=used, held=held, modules=sorted(sys.modules)))
"""
NAMES = [f"nexcage.cli.{name}" for name in HOT.split()]
NAMES += [f"nexcage.drivers.{name}" for name in ("crun", "runc", "support")]


class Installed:
    """A copy of the package."""

    def __init__(self, lib):
        self.lib = lib
        self.package = lib / "nexcage"
        self.snapshot = self.package / "__pycache__" / f"hot.{TAG}.snapshot"
        shutil.copytree(PACKAGE, self.package, ignore=shutil.ignore_patterns("__pycache__"))

    def python(self, code):
        done = subprocess.run(
            [sys.executable, "-IS", "-c", code], capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def run(self, *words):
        code = f"import sys; sys.path.insert(0, {str(self.lib)!r}); sys.argv[1:] = {list(words)!r}; "
        return self.python(code + "from nexcage.start import main; main()")

    def look(self):
        return ast.literal_eval(self.python(LOOK.format(lib=str(self.lib), names=NAMES)))


@pytest.fixture
def installed(tmp_path):
    return Installed(tmp_path / "lib")


@pytest.fixture
def fast(installed):
    """A copy whose snapshot has been written."""
    installed.run("version")
    assert installed.snapshot.exists()
    return installed


def test_the_first_run_writes_the_snapshot_and_the_next_uses_it(fast):
    before = fast.snapshot.stat().st_mtime_ns
    assert fast.run("version").startswith("nexcage version ")
    assert fast.snapshot.stat().st_mtime_ns == before
    assert fast.snapshot.stat().st_mode & 0o777 == 0o644
    seen = fast.look()
    assert seen["used"]
    core = {f"nexcage.{name}" for name in hot.ROOTS}
    assert core <= set(seen["held"])
    # whatever hosts it ran on before: neither other drivers nor cold verbs come along
    assert not [name for name in seen["held"] if ".pct" in name or ".jail" in name or ".bundler" in name]


def test_what_ran_first_does_not_change_the_snapshot(fast):
    usual = fast.look()["held"]
    fast.snapshot.unlink()
    code = f"import sys; sys.path.insert(0, {str(fast.lib)!r}); sys.argv[1:] = ['version']; "
    code += "import nexcage.drivers.pct.driver, nexcage.bundler.sources; "
    code += "from nexcage.start import main; main()"
    fast.python(code)
    assert fast.look()["held"] == usual


def test_the_snapshot_gives_the_same_modules(fast):
    code = f"""
import sys
sys.path.insert(0, {str(fast.lib)!r})
from nexcage import hot
if WITH: assert hot.install()
for name in {NAMES!r}: __import__(name)
for name, module in sorted(sys.modules.items()):
    if name.startswith("nexcage"):
        facts = {{k: repr(v).split(" at 0x")[0] for k, v in vars(module).items() if not k.startswith("__")}}
        where = getattr(module, "__path__", ""), module.__file__, module.__package__
        print(name, where, module.__doc__, sorted(facts))
"""
    assert fast.python(code.replace("WITH", "True")) == fast.python(code.replace("WITH", "False"))


def test_a_verb_that_is_not_hot_works_with_it(fast):
    assert "nexcage list" in fast.run("help", "list")


def test_a_changed_source_is_not_hidden_by_it(fast):
    with open(fast.package / "ids.py", "a", encoding="utf-8") as file:
        file.write("LONGEST = 3\n")
    assert not fast.look()["used"]
    fast.run("version")
    assert fast.look()["used"]


def test_a_touched_or_missing_source_makes_it_useless(fast):
    os.utime(fast.package / "ids.py", (1, 1))
    assert not fast.look()["used"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"N",
        b"\0" * 64,
        b"garbage",
        marshal.dumps([1]),
        marshal.dumps({"a": 1}),
        marshal.dumps({"a": (1, 2)}),
    ],
)
def test_a_broken_snapshot_is_not_used_and_written_anew(fast, data):
    fast.snapshot.write_bytes(data)
    assert fast.run("version").startswith("nexcage version ")
    assert fast.look()["used"]


def test_a_snapshot_cut_short_is_not_used(fast):
    fast.snapshot.write_bytes(fast.snapshot.read_bytes()[:-100])
    assert not fast.look()["used"]


def test_a_copied_tree_does_not_run_the_code_of_the_old_one(fast, tmp_path):
    shutil.copytree(fast.lib, tmp_path / "copy")
    copy = tmp_path / "copy" / "nexcage"
    (copy / "cli" / "main.py").write_text("def main(argv):\n    print('the copy')\n    return 0\n")
    code = f"import sys; sys.path.insert(0, {str(copy.parent)!r}); from nexcage.start import main; main()"
    assert fast.python(code) == "the copy\n"


def test_a_place_that_cannot_be_written_is_no_failure(fast):
    fast.snapshot.unlink()
    shutil.rmtree(fast.package / "__pycache__")
    (fast.package / "__pycache__").touch()
    assert fast.run("version").startswith("nexcage version ")


@pytest.mark.parametrize("with_snapshot", [False, True])
def test_the_hot_path_imports_nothing_dear(installed, with_snapshot):
    if with_snapshot:
        installed.run("version")
    seen = installed.look()
    assert seen["used"] == with_snapshot
    assert not set(TOO_DEAR.split()) & set(seen["modules"])


@pytest.mark.parametrize("words", [["state", "nope"], ["delete", "--force", "nope"], ["start", "nope"]])
def test_a_hot_verb_imports_nothing_dear_when_it_runs(installed, tmp_path, words):
    code = f"""
import sys
sys.path.insert(0, {str(installed.lib)!r})
from nexcage.cli.main import main
main(["--root", {str(tmp_path / "root")!r}, *{words!r}])
print(*sys.modules)
"""
    assert not set(TOO_DEAR.split()) & set(installed.python(code).split())


def test_the_support_table_imports_nothing():
    code = "import sys, nexcage.drivers as d; b = set(sys.modules); import nexcage.drivers.support as s; "
    code += "print(sorted(set(sys.modules) - b))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['nexcage.drivers.support']"
