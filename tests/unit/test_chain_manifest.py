"""nexcage.bundler.rootfs: the manifest of cached layers, which a prune may take at any moment."""

from types import SimpleNamespace

import pytest

from nexcage.bundler import rootfs
from nexcage.errors import NexcageError


def site(path, gone):
    """One whose manifest is at ``path``, but has gone the first times that it is looked for."""
    looks = iter(range(1000))

    def chain_manifest(*_):
        return path if next(looks) >= gone else path.with_name("pruned")

    unpacking = SimpleNamespace(chain_manifest=chain_manifest)
    return SimpleNamespace(cache=SimpleNamespace(directory="/cache"), unpacking=unpacking)


def test_it_is_made_anew_when_it_was_pruned(tmp_path):
    (tmp_path / "manifest").write_text("text")
    rootfs._copy_of_chain([], None, site(tmp_path / "manifest", gone=99), str(tmp_path / "copy"))
    assert (tmp_path / "copy").read_text() == "text"


def test_a_prune_without_end_is_told(tmp_path):
    (tmp_path / "manifest").write_text("text")
    with pytest.raises(NexcageError, match="/cache is pruned again and again") as error:
        rootfs._copy_of_chain([], None, site(tmp_path / "manifest", gone=100), str(tmp_path / "copy"))
    assert error.value.code == "cache-busy"
    assert not (tmp_path / "copy").exists()
