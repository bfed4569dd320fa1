"""nexcage.drivers.jail.made: what create made, as it is kept."""

import pytest

from nexcage.drivers.jail.made import Made, read
from nexcage.errors import StateCorrupt


def test_it_comes_back_as_it_was(tmp_path):
    made = Made(str(tmp_path))
    made.name, made.jid, made.pid, made.alias = "a@b", 7, 123, True
    made.points = [("/r/a", True)]
    made.aliases = [["lo1", "inet", "10.0.0.1"]]
    made.hooks = {"poststop": [{"path": "/bin/true"}]}
    made.write()
    found = read(str(tmp_path))
    assert found is not None
    points = [tuple(row) for row in found.points]
    assert {**vars(found), "points": points} == vars(made)
    assert (tmp_path / "jail.json").stat().st_mode & 0o777 == 0o600
    found.forget()
    assert read(str(tmp_path)) is None


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"format": 2}', '{"format": 1, "jid": "7"}', '{"format": 1, "points": {}}']
)
def test_what_cannot_be_read_is_said(tmp_path, text):
    (tmp_path / "jail.json").write_text(text)
    with pytest.raises(StateCorrupt, match=r"jail\.json"):
        read(str(tmp_path))
