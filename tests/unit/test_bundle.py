"""nexcage.oci.bundle: opening a bundle, and the program that it names."""

import hashlib
import json
import sys

import pytest

from nexcage.errors import InvalidBundle
from nexcage.oci import bundle
from nexcage.oci.spec import default


def with_args(args):
    config = default()
    config["process"]["args"] = args
    return config


@pytest.fixture
def directory(tmp_path):
    (tmp_path / "rootfs").mkdir()
    (tmp_path / "config.json").write_text(json.dumps(default()))
    return tmp_path


def load_error(directory):
    with pytest.raises(InvalidBundle) as caught:
        bundle.load(str(directory))
    return caught.value.message, caught.value.code


def test_a_bundle_is_opened_with_absolute_paths(directory, monkeypatch):
    monkeypatch.chdir(directory.parent)
    opened = bundle.load(directory.name)
    assert (opened.path, opened.rootfs) == (str(directory), f"{directory}/rootfs")


def test_the_digest_is_that_of_the_file_as_it_was_read(directory):
    text = (directory / "config.json").read_bytes() + b" "
    (directory / "config.json").write_bytes(text)
    (directory / "other.json").write_bytes(text + b"\n")
    assert bundle.load(str(directory)).digest == "sha256:" + hashlib.sha256(text).hexdigest()
    other = bundle.load(str(directory), "other.json")
    assert other.digest == bundle.digest(text + b"\n")
    assert other.file == f"{directory}/other.json"


def test_a_python_without_its_own_sha256_has_the_digest_too(monkeypatch):
    usual = bundle.digest(b"x")
    for name in ("_sha256", "_sha2"):
        monkeypatch.setitem(sys.modules, name, None)
    assert bundle.digest(b"x") == usual == "sha256:" + hashlib.sha256(b"x").hexdigest()


def test_what_is_wrong_with_a_bundle_is_said(directory):
    assert load_error(directory / "none") == (f"bundle {directory}/none does not exist", "bundle-missing")
    (directory / "rootfs").rmdir()
    assert load_error(directory) == (
        f'config.json: $.root.path: "{directory}/rootfs" does not exist', "bundle-rootfs-missing",
    )  # fmt: skip
    (directory / "config.json").write_text('{\n  "a": }')
    assert load_error(directory) == (
        "config.json: line 2, column 8: expecting value",
        "bundle-config-malformed",
    )
    (directory / "config.json").unlink()
    assert load_error(directory) == (f"config.json: does not exist in {directory}", "bundle-config-missing")


@pytest.mark.parametrize(
    ("args", "there", "missing"),
    [(["sh"], False, True), (["/bin/sh"], False, True), (["sh"], True, False), (["/bin/sh"], True, False)],
)
def test_a_program_that_cannot_be_there_is_missing(directory, args, there, missing):
    (directory / "config.json").write_text(json.dumps(with_args(args)))
    if there:
        (directory / "rootfs" / "bin").mkdir()
        (directory / "rootfs" / "bin" / "sh").touch()
    opened = bundle.load(str(directory))
    if not missing:
        bundle.check_executable(opened)
        return
    with pytest.raises(InvalidBundle, match=r"\$\.process\.args\[0\]") as caught:
        bundle.check_executable(opened)
    assert caught.value.code == "executable-missing"


@pytest.mark.parametrize(
    "change", [{"hooks": {"prestart": [{"path": "/bin/true"}]}}, {"mounts": [{"destination": "/bin"}]}]
)
def test_a_program_that_may_still_come_is_left_to_the_driver(directory, change):
    config = {**default(), **change}
    bundle.check_executable(bundle.Bundle(str(directory), "", config, str(directory / "rootfs")))


def test_a_link_on_the_way_is_followed_within_the_rootfs(directory):
    (directory / "rootfs" / "usr" / "bin").mkdir(parents=True)
    (directory / "rootfs" / "usr" / "bin" / "sh").touch()
    (directory / "rootfs" / "bin").symlink_to("/usr/bin")
    (directory / "config.json").write_text(json.dumps(with_args(["/bin/sh"])))
    bundle.check_executable(bundle.load(str(directory)))
