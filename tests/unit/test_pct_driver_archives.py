"""nexcage.drivers.pct.archives and cli.images: what pct create unpacks, and how it is named."""

import subprocess
import tarfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexcage.cli.images import named
from nexcage.drivers import Create
from nexcage.drivers.pct import archives
from nexcage.errors import CommandFailed, DriverUnavailable, InvalidImage, NexcageError, NoSpace, NotFound
from nexcage.host.process import Completed
from nexcage.plan import Remove, Write
from tests.unit.pct_node import answers


def test_a_tree_is_packed_with_all_that_it_has(monkeypatch):
    answers(monkeypatch)
    (run,), rest = archives.pack("/b/rootfs", "/h/rootfs.tar", mapped=False)
    assert rest == []
    assert run.argv[:6] == ["/usr/bin/tar", "--create", "--file", "/h/rootfs.tar", "--directory", "/b/rootfs"]
    assert run.argv[-1] == "."
    wanted = {"--numeric-owner", "--sparse", "--xattrs", "--xattrs-include=*", "--acls", "--one-file-system"}
    assert set(run.argv[6:-1]) == wanted


def test_owners_of_a_user_namespace_are_taken_back(monkeypatch):
    answers(monkeypatch)
    (owners, run), (rest,) = archives.pack("/b/rootfs", "/h/rootfs.tar", mapped=True)
    assert isinstance(owners, Write)
    assert isinstance(rest, Remove)
    assert owners.path == rest.path == "/h/rootfs.tar.owners"
    lines = owners.data.decode().splitlines()
    assert (len(lines), lines[0], lines[-1]) == (65536, "+100000 +0:0", "+165535 +65535:65535")
    assert {f"--owner-map={owners.path}", f"--group-map={owners.path}"} <= set(run.argv)


def test_tar_takes_these_words(tmp_path):
    rootfs = tmp_path / "rootfs"
    (rootfs / "-x").mkdir(parents=True)
    (rootfs / "-x/file").write_text("text")
    (owners, run), _ = archives.pack(str(rootfs), str(tmp_path / "a.tar"), mapped=True)
    (tmp_path / "a.tar.owners").write_bytes(owners.data)
    subprocess.run(run.argv, check=True, capture_output=True)
    with tarfile.open(tmp_path / "a.tar") as made:
        assert sorted(made.getnames()) == [".", "./-x", "./-x/file"]


@pytest.mark.parametrize(
    ("status", "stderr", "kind", "words"),
    [
        (0, "", None, ""),
        (1, "tar: ./a: file changed as we read it\n", CommandFailed, "file changed as we read it"),
        (2, "tar: ./a: Cannot open\ntar: a: No space left on device\n", NoSpace, "no space left"),
        (2, "tar: first\ntar: Exiting with failure\n", CommandFailed, "first"),
        (137, "", CommandFailed, "killed by signal 9"),
    ],
)
def test_what_tar_comes_to(status, stderr, kind, words):
    error = archives.packed(Completed(["/usr/bin/tar", "-c"], status, "", stderr))
    assert (kind is None) if error is None else isinstance(error, kind)
    assert words in (error.message if error else "")


def test_a_program_that_is_missing_is_named(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(DriverUnavailable, match="tar is not installed, which packs the rootfs") as caught:
        archives.pack("/b/rootfs", "/h/rootfs.tar", mapped=False)
    assert caught.value.hint == "install it: apt install tar"


def test_an_image_is_fetched_by_skopeo(monkeypatch, tmp_path):
    answers(monkeypatch)
    authfile = tmp_path / "auth.json"
    authfile.touch()
    wishes = {"authfile": [str(authfile)], "src-tls-verify": ["false"]}
    image = named("docker://example.com/web:1")
    call = Create("760", "/h", [], "null", wishes=wishes)
    (run,) = archives.fetch(image, "/h/image.tar", call)
    assert run.argv[:2] == ["/usr/bin/skopeo", "copy"]
    assert run.argv[-2:] == ["docker://example.com/web:1", "oci-archive:/h/image.tar"]
    assert {f"--src-authfile={authfile}", "--src-tls-verify=false"} <= set(run.argv)


@pytest.fixture
def there(monkeypatch, tmp_path):
    """A working directory with a bundle, archives of each kind, and what looks like one."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bundle.tar").mkdir()
    kinds = {
        "plain.tar": ["etc/passwd"],
        "oci.tar": ["oci-layout", "index.json", "blobs/sha256/x"],
        "docker.tar": ["manifest.json", "0" * 64 + ".json"],
        "noname": ["etc/passwd"],
    }
    for name, entries in kinds.items():
        with tarfile.open(tmp_path / name, "w") as made:
            for entry in entries:
                made.addfile(tarfile.TarInfo(entry))
    (tmp_path / "gz.tar.gz").write_bytes(b"\x1f\x8b\x08\x00rest")
    (tmp_path / "docker:x").write_text("no image\n")
    return tmp_path


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("bundle.tar", None, ""),
        (".", None, ""),
        ("missing", None, ""),
        ("a/b", None, ""),
        ("tar", None, ""),
        ("http://example.com/x", None, ""),
        ("docker:busybox", None, ""),
        ("template:local:vztmpl/a.tar.zst", "template", "local:vztmpl/a.tar.zst"),
        ("local:vztmpl/a.tar.zst", "template", "local:vztmpl/a.tar.zst"),
        ("plain.tar", "template", "{here}/plain.tar"),
        ("./plain.tar", "template", "{here}/plain.tar"),
        ("tar:plain.tar", "template", "{here}/plain.tar"),
        ("noname", "template", "{here}/noname"),
        ("gz.tar.gz", "template", "{here}/gz.tar.gz"),
        ("oci.tar", "archive", "{here}/oci.tar"),
        ("oci-archive:oci.tar", "archive", "{here}/oci.tar"),
        ("oci-archive:oci.tar:latest", "source", "oci-archive:oci.tar:latest"),
        ("docker.tar", "source", "docker-archive:{here}/docker.tar"),
        ("docker-archive:docker.tar", "source", "docker-archive:docker.tar"),
        ("docker-daemon:web:1", "source", "docker-daemon:web:1"),
        ("docker://busybox", "source", "docker://busybox"),
        ("oci:/layout:latest", "source", "oci:/layout:latest"),
    ],
)
def test_what_a_name_means(there, text, kind, expected):
    found = named(text)
    assert (found and (found.kind, found.text)) == (kind and (kind, expected.format(here=there)))


@pytest.mark.parametrize("text", ["a.tar", "b.tar.zst", "tar:c", "a/b.tgz"])
@pytest.mark.usefixtures("there")
def test_an_archive_that_is_not_there(text):
    with pytest.raises(NotFound, match="does not exist") as caught:
        named(text)
    assert caught.value.code == "source-missing"


def test_what_is_no_file(there):
    with pytest.raises(InvalidImage, match='"/dev/null" is no archive'):
        named("/dev/null")
    with pytest.raises(InvalidImage, match="is no archive"):
        named(f"tar:{there}")


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30))
def test_any_name_is_an_image_a_bundle_or_an_error(text):
    for prefix in ("", "/nonexistent/", "tar:", "template:", "oci-archive:", "docker://"):
        try:
            found = named(prefix + text)
        except NexcageError:
            continue
        assert found is None or found.kind in ("template", "archive", "source")
