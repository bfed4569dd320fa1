"""``host:``: programs of this machine run from the tree, at the same paths."""

import os
import stat

import pytest

from nexcage.bundler.sources import SourceWishes, host, needs, opened
from nexcage.errors import NexcageError, NotFound, UsageError
from nexcage.host import process
from tests.unit.test_source_copy import facts

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root: chroot")


@pytest.fixture
def tree(tmp_path):
    """Fills a new directory from a source."""

    def filled(rest, name="tree"):
        (tmp_path / name).mkdir()
        source = opened(f"host:{rest}", str(tmp_path), SourceWishes())
        source.fill(str(tmp_path / name))
        return tmp_path / name, source.args

    return filled


def output(root, *argv):
    chroot = process.which("chroot")
    return process.run([chroot, str(root), *argv]).check().stdout.strip()


@needs_root
def test_named_programs_run_where_they_are_here(tree):
    root, args = tree("sh,id,cat")
    assert args == [process.which("sh")]
    assert output(root, process.which("id"), "-un") == "root"
    assert output(root, process.which("sh"), "-c", "cat /etc/group; echo ~").endswith("/root")
    for name in ("bin", "lib64"):
        assert os.path.islink(f"/{name}") == (root / name).is_symlink()


@needs_root
def test_without_a_name_it_is_a_small_system(tree):
    root, args = tree("")
    assert output(root, *args, "-c", "ls -d /proc /sys /dev /run /var/tmp").split()[0] == "/dev"
    modes = {
        name: stat.S_IMODE((root / name).stat().st_mode) for name in ("tmp", "var/tmp", "root", "proc", "etc")
    }
    assert modes == {"tmp": 0o1777, "var/tmp": 0o1777, "root": 0o700, "proc": 0o755, "etc": 0o755}
    assert (root / "etc/passwd").read_text().startswith("root:x:0:0:root:/root:/bin/sh\n")


@needs_root
def test_the_interpreter_of_a_script_comes_along(tree, tmp_path, monkeypatch):
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "real").write_text("#!/usr/bin/env sh\necho works\n")
    (tools / "real").chmod(0o755)
    (tools / "tool").symlink_to("real")
    monkeypatch.setenv("PATH", f"{tools}:{os.environ['PATH']}")
    root, args = tree("tool")
    assert args == [str(tools / "tool")]
    assert output(root, *args) == "works"
    assert os.readlink(f"{root}{tools}/tool") == "real"


def test_equal_input_gives_an_equal_tree(tree, monkeypatch):
    one, two = tree("sh,id", "one")[0], tree("sh,id", "two")[0]
    assert facts(one) == facts(two)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    third = facts(tree("sh,id", "three")[0])
    assert {entry[3] for entry in third.values()} == {86400 * 10**9}


@pytest.mark.parametrize("rest", ["nosuchprogram", "sh,nosuchprogram", "/nosuchprogram"])
def test_an_unknown_program_is_named(tmp_path, rest):
    with pytest.raises(NotFound, match='nosuchprogram" is not on this machine') as found:
        host.open(rest, str(tmp_path), SourceWishes())
    assert found.value.code == "source-missing"


def test_an_empty_name_is_refused(tmp_path):
    with pytest.raises(UsageError, match="a name is empty"):
        host.open("sh,,ls", str(tmp_path), SourceWishes())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"text", "neither a program nor a script"),
        (b"#!\n", "names no interpreter"),
        (b"#!/nosuch\n", 'needs "/nosuch"'),
        (b"#!/usr/bin/env -S nosuch\n", 'needs "nosuch"'),
        (b"\x7fELF", "is a damaged program"),
        (b"\x7fELF\2\1" + b"\xff" * 200, "is a damaged program"),
    ],
)
def test_what_cannot_run_is_said(tmp_path, content, words):
    (tmp_path / "p").write_bytes(content)
    with pytest.raises(NexcageError) as found:
        needs.needed(str(tmp_path / "p"))
    assert words in found.value.message


def test_a_missing_library_is_named(monkeypatch):
    listing = "\tlibgone.so.1 => not found\n\tlibc.so.6 => /lib/libc.so.6 (0x1)\n"
    monkeypatch.setattr(process, "run", lambda argv, **_: process.Completed(argv, 0, listing))
    with pytest.raises(NotFound, match=r'needs the library "libgone\.so\.1"'):
        needs.needed(process.which("cat"))
