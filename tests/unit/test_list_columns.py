"""nexcage list: columns and forms."""

import json
import os

import pytest

from nexcage.cli.list import COLUMNS, UPSTREAM
from nexcage.cli.main import main
from tests.unit.made_containers import made

STATUSES = {"web": "running", "old": "stopped"}


@pytest.fixture
def listed(tmp_path, monkeypatch, capsys):
    """A function that returns the lines that ``nexcage list`` prints with these words."""
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    (bundle / "config.json").write_text(json.dumps({"process": {"args": ["httpd", "-f", "two words"]}}))
    image = {"org.opencontainers.image.ref.name": "example/web:1"}
    root, programs = made(tmp_path, STATUSES, annotations=image, bundle=str(bundle))
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setenv("NEXCAGE_ROOT", str(root))

    def lines(*words, status=0):
        assert main(["list", *words]) == status
        return capsys.readouterr().out.splitlines()

    return lines


def test_chosen_columns_in_the_order_they_are_named(listed):
    assert listed("--columns", "status,id", "-f", "tsv") == ["STATUS\tID", "stopped\told", "running\tweb"]
    assert listed("--columns", "ID", "-f", "tsv") == ["ID", "old", "web"]


@pytest.mark.parametrize("column", COLUMNS)
def test_every_column_can_be_chosen(listed, column):
    heading, *rows = listed("--columns", column, "--format", "tsv")
    assert heading == column.upper()
    assert len(rows) == 2
    assert all(rows)


def test_image_and_command(listed):
    assert listed("--columns", "image,command", "-f", "tsv")[1] == "example/web:1\thttpd -f 'two words'"


def test_the_columns_of_the_older_nexcage(listed):
    heading, old, web = listed("--columns", "upstream", "-f", "tsv")
    assert heading == "ID\tIMAGE\tCOMMAND\tCREATED\tSTATUS\tBACKEND\tNODE\tNAMES"
    assert heading.split("\t") == list(UPSTREAM)
    cells = ["web", "example/web:1", "httpd -f 'two words'", "2026-01-02T03:04:05.000000Z", "running", "crun"]
    assert web.split("\t") == [*cells, os.uname().nodename, "web"]
    assert old.split("\t")[4] == "stopped"


def test_what_is_not_known(listed, tmp_path):
    (tmp_path / "bundle" / "config.json").unlink()
    assert listed("--columns", "upstream", "-f", "tsv")[1].split("\t")[2] == "unknown"
    assert listed("--columns", "command,node", "-f", "tsv")[1] == "-\t-"


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"process": []}', '{"process": {"args": "x"}}'])
def test_a_config_that_tells_no_command(listed, tmp_path, text):
    (tmp_path / "bundle" / "config.json").write_text(text)
    assert listed("--columns", "command", "-f", "tsv")[1] == "-"


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda path: os.symlink("/dev/zero", path)])
def test_a_config_that_would_never_end(listed, tmp_path, make):
    (tmp_path / "bundle" / "config.json").unlink()
    make(tmp_path / "bundle" / "config.json")
    assert listed("--columns", "command", "-f", "tsv")[1] == "-"


@pytest.mark.parametrize("words", [("-q",), ("--format", "names"), ("-q", "--format", "json")])
def test_only_ids(listed, words):
    assert listed(*words) == ["old", "web"]


def test_json_is_the_same_whatever_the_columns_are(listed):
    assert listed("-f", "json") == listed("-f", "json", "--columns", "id")
    assert [row["id"] for row in json.loads("\n".join(listed("-f", "json")))] == ["old", "web"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("stat", 'unknown column "stat"'),
        ("id,", 'unknown column ""'),
        ("id,id", "a column is named twice"),
        ("id,upstream", 'unknown column "upstream"'),
    ],
)
def test_columns_that_are_none(listed, capsys, given, message):
    assert main(["list", "--columns", given]) == 2
    assert message in capsys.readouterr().err
    assert listed("-q")
