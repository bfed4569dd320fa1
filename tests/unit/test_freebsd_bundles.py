"""``nexcage bundle`` in a Python that looks like FreeBSD's (freebsd.py): copies, without attributes."""

import io
import json
import os
import stat
import subprocess
import tarfile

import pytest

from tests.unit.image_maker import Maker
from tests.unit.test_freebsd import COMMAND, START, fine, python

IS_ROOT = os.geteuid() == 0
NAME = "Őr-u\u0308.txt"  # the second letter is two, which must not become one
pytestmark = pytest.mark.skipif(not IS_ROOT, reason="a jail is root's, and so are its bundles")


def member(name, content=b"", **facts):
    one = tarfile.TarInfo(name)
    one.size = len(content)
    for key, value in facts.items():
        setattr(one, key, value)
    return one, io.BytesIO(content)


def folder(name, **facts):
    return member(name, type=tarfile.DIRTYPE, mode=0o755, **facts)


def layer(*members):
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for one, content in members:
            archive.addfile(one, content)
    return data.getvalue()


def system():
    """Links on the way, attributes, a letter beyond ASCII, a group that new files would inherit."""
    return layer(
        folder("usr"),
        folder("usr/bin", gid=5),
        member("bin", type=tarfile.SYMTYPE, linkname="usr/bin"),
        member("bin/sh", b"#!/bin/sh\n", mode=0o4755, pax_headers={"SCHILY.xattr.user.note": "kept"}),
        member("usr/bin/made/deep/file", b"in directories that nothing names"),
        member("usr/bin/pipe", type=tarfile.FIFOTYPE),
        member("usr/bin/again", type=tarfile.LNKTYPE, linkname="usr/bin/sh", mode=0o4755),
        member(NAME, b"letters"),
        member("gone", b"x"),
        member("opt/a/file", b"x"),
        member("opt/b", b"x"),
    )


def second():
    """Takes a file away, and all that was in a directory, of which one is a link now."""
    return layer(
        member(".wh.gone"),
        folder("opt"),
        member("opt/a", type=tarfile.SYMTYPE, linkname="/usr"),
        member("opt/.wh..wh..opq"),
    )


@pytest.fixture
def nexcage(tmp_path):
    def run(*words, status=0):
        root = ["--root", str(tmp_path / "root")]
        env = {"NEXCAGE_CACHE": str(tmp_path / "cache")}
        return fine(python(COMMAND, *root, *words, cwd=tmp_path, **env), status)

    return run


def source(kind, tmp_path):
    """What --from says."""
    place = tmp_path / "source"
    if kind == "dir":
        place.mkdir()
        subprocess.run(["tar", "-x", "-C", str(place)], input=system(), check=True)
        os.setxattr(place / "bin/sh", "user.note", b"kept")
        return f"dir:{place}"
    if kind == "tar":
        place.write_bytes(system())
        return f"tar:{place}"
    if kind == "docker-archive":
        parts = {f"{i}/layer.tar": data for i, data in enumerate((system(), second()))}
        config = Maker().config(list(parts.values()), "freebsd/amd64")
        told = [{"Config": "config.json", "RepoTags": ["web:1"], "Layers": list(parts)}]
        parts |= {"config.json": json.dumps(config).encode(), "manifest.json": json.dumps(told).encode()}
        place.write_bytes(layer(*(member(name, data) for name, data in parts.items())))
        return f"docker-archive:{place}"
    made = Maker()
    made.root(made.image("freebsd/amd64", layers=(system(), second())))
    made.write(place)
    if kind == "oci":
        return f"oci:{place}"
    with tarfile.open(tmp_path / "image.tar", "w") as archive:
        archive.add(place, ".")
    return f"oci-archive:{tmp_path / 'image.tar'}"


@pytest.mark.parametrize("kind", ["dir", "tar", "oci", "oci-archive", "docker-archive"])
def test_the_life_of_a_bundle(nexcage, tmp_path, kind):
    made = nexcage(
        "--log-level", "info", "bundle", "create", "--from", source(kind, tmp_path), "web", "--", "/bin/sh"
    )
    assert made.stdout.endswith(", copy\n")
    assert made.stderr.count("extended attributes are neither kept nor recorded") == 1
    bundle = tmp_path / "web"
    config = json.loads((bundle / "config.json").read_text())
    assert "freebsd" in config or kind in ("dir", "tar")
    rootfs = bundle / "rootfs"
    assert os.readlink(rootfs / "bin") == "usr/bin"
    assert stat.S_IMODE(os.stat(rootfs / "usr/bin/sh").st_mode) == 0o4755
    assert os.listxattr(rootfs / "usr/bin/sh") == []
    assert os.stat(rootfs / "usr/bin/again").st_ino == os.stat(rootfs / "usr/bin/sh").st_ino
    assert stat.S_ISFIFO(os.stat(rootfs / "usr/bin/pipe").st_mode)
    assert NAME in os.listdir(rootfs)
    layered = kind not in ("dir", "tar")
    assert (rootfs / "gone").exists() == (not layered)
    assert sorted(os.listdir(rootfs / "opt")) == (["a"] if layered else ["a", "b"])
    assert (rootfs / "opt/a").is_symlink() == layered
    assert b"xattr" not in (bundle / ".nexcage/manifest.mtree").read_bytes()
    assert nexcage("bundle", "verify", "--times", "web").stdout.endswith("nothing changed\n")
    assert "valid" in nexcage("bundle", "validate", "web").stdout
    assert (
        json.loads(nexcage("bundle", "inspect", "--format", "json", "web").stdout)["rootfs"]["mode"] == "copy"
    )
    (rootfs / "usr/bin/sh").write_bytes(b"#!/bin/sa\n")
    changed = nexcage("bundle", "verify", "web", status=1)
    assert "rootfs/usr/bin/sh: content was changed\n" in changed.stdout
    nexcage("bundle", "delete", "web")
    assert not bundle.exists()
    nexcage("bundle", "prune")


def test_a_jail_of_a_new_bundle_is_planned(nexcage, tmp_path):
    words = ["--profile", "freebsd", "--from", source("tar", tmp_path), "web", "--", "/bin/sh"]
    nexcage("bundle", "create", *words)
    assert nexcage("bundle", "validate", "--for", "jail", "web").stdout.endswith("web: valid\n")
    done = nexcage("--runtime", "jail", "--dry-run", "create", "web", "web")
    assert f"path={tmp_path}/web/rootfs" in done.stdout


def test_nothing_at_all_is_a_source(nexcage, tmp_path):
    nexcage("bundle", "create", "--profile", "freebsd", "--from", "scratch", "web", "--", "/bin/sh")
    assert os.listdir(tmp_path / "web/rootfs") == []


def test_programs_of_the_host_are_found_by_ldd(tmp_path):
    words = ["--profile", "freebsd", "--from", "host:sh", "web"]
    tools = tmp_path / "tools"
    tools.mkdir()
    ldd = tools / "ldd"
    lines = [
        "#!/bin/sh",
        'echo "$1:"',
        f"echo '\tlibone.so.1 => {ldd} (0x822b1f000)'",
        "echo '\t[vdso] (0x1)'",
    ]
    ldd.write_text("\n".join(lines) + "\n")
    ldd.chmod(0o755)
    env = {"NEXCAGE_CACHE": str(tmp_path / "cache"), "PATH": f"{tools}:/bin:/usr/bin"}
    done = fine(python(COMMAND, "bundle", "create", *words, cwd=tmp_path, **env))
    assert done.stdout.endswith("host:sh, copy\n")
    assert (tmp_path / "web/rootfs" / str(ldd).lstrip("/")).exists()


@pytest.mark.parametrize("mode", ["overlay", "reflink"])
def test_ways_that_are_for_linux_are_refused_by_name(nexcage, tmp_path, mode):
    done = nexcage("bundle", "create", "--rootfs", mode, "--from", source("oci", tmp_path), "web", status=2)
    assert f"--rootfs {mode} is for Linux" in done.stderr
    assert not (tmp_path / "web").exists()


def test_what_is_missing_is_a_package_of_freebsd(tmp_path):
    env = {"NEXCAGE_CACHE": str(tmp_path / "cache"), "PATH": str(tmp_path)}
    done = python(
        COMMAND, "bundle", "create", "--from", "docker://example.invalid/web", "web", cwd=tmp_path, **env
    )
    assert "install it: pkg install skopeo" in done.stderr


ICONV = """
import ctypes
from nexcage.bundler.layers import lib
lib.functions(held=True)
libc = ctypes.CDLL(None)
libc.getenv.restype = ctypes.c_char_p
print(libc.getenv(b"PATH_I18NMODULE"))
"""


def test_no_iconv_makes_question_marks_of_letters():
    assert fine(python(START + ICONV)).stdout == "b'/nonexistent'\n"


MOUNTED = """
import os
from nexcage.bundler.transient import discard
from nexcage.errors import NexcageError
real, top = os.stat, sys.argv[1]

def other(path, *words, **named):
    facts = real(path, *words, **named)
    if os.fsdecode(path) != "dev":
        return facts
    return os.stat_result((*facts[:2], facts.st_dev + 1, *facts[3:10]))

os.stat = other
try:
    discard(top)
except NexcageError as error:
    print(error.code, error.message)
"""


def test_files_below_a_mount_are_not_removed(tmp_path):
    (tmp_path / "web/rootfs/dev").mkdir(parents=True)
    (tmp_path / "web/rootfs/dev/null").touch()
    done = fine(python(START + MOUNTED, str(tmp_path / "web")))
    assert done.stdout == f"bundle-mounted {tmp_path}/web/rootfs/dev is still mounted\n"
    assert (tmp_path / "web/rootfs/dev/null").exists()


FIFO = """
import os
real = os.stat

def stat(path, *words, **named):
    facts = real(path, *words, **named)
    return facts if path != "pipe" else Facts(facts)

class Facts:
    def __init__(self, facts):
        self.__dict__ = {name: getattr(facts, name) for name in dir(facts) if name.startswith("st_")}
        self.st_rdev = -1

os.stat = stat
from nexcage.bundler.copy import copy_tree
print(copy_tree(*sys.argv[1:]).entries)
"""


def test_a_fifo_is_copied_whatever_number_it_has(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    os.mkfifo(tmp_path / "a/pipe")
    done = fine(python(START + FIFO, str(tmp_path / "a"), str(tmp_path / "b")))
    assert done.stdout == "1\n"
    assert stat.S_ISFIFO(os.stat(tmp_path / "b/pipe").st_mode)
