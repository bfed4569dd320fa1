"""A signal that arrives while libarchive asks for more must not be taken for the end of the archive."""

import pytest

from nexcage.bundler.layers.lib import Reader
from nexcage.errors import Interrupted


def test_what_raises_in_a_callback_is_raised_by_the_call(monkeypatch, capfd):
    def interrupted(*_arguments):
        raise Interrupted(2)

    monkeypatch.setattr(Reader, "_more", interrupted)
    with pytest.raises(Interrupted), Reader(iter([b""]), format="tar") as reader:
        reader.next()
    assert capfd.readouterr().err == ""
