"""nexcage.cli.manual: the pages say what the program knows, and man/ holds them as they would be made now."""

import importlib
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from nexcage.cli.call import GLOBALS
from nexcage.cli.catalogue import CODES
from nexcage.cli.manual import roff, verbs
from nexcage.cli.manual.__main__ import main, stale
from nexcage.cli.manual.pages import pages
from nexcage.cli.verbs import VERBS, module_name
from nexcage.config.keys import KEYS

ROOT = Path(__file__).resolve().parents[2]
PAGES = pages()
OWN = {"NEXCAGE_FAILED"}  # between the launcher and Python, nobody's to set
needs_mandoc = pytest.mark.skipif(
    not shutil.which("mandoc") and "CI" not in os.environ, reason="mandoc is not installed"
)


def rendered(name, tmp_path):
    """A page as a reader sees it, without what overstrikes, on lines that are never broken."""
    file = tmp_path / "page"
    file.write_text(PAGES[name])
    done = subprocess.run(
        ["mandoc", "-T", "ascii", "-O", "width=1000", file], capture_output=True, text=True, check=True
    )
    return re.sub(".\b", "", done.stdout)


def test_the_pages_in_the_repository_are_current():
    assert stale(ROOT / "man") == [], "python -m nexcage.cli.manual man writes them"


def test_there_is_a_page_for_everything():
    assert {f"man1/nexcage-{verb.replace(' ', '-')}.1" for verb in VERBS} <= PAGES.keys()
    assert {"man1/nexcage.1", "man5/nexcage-config.5", "man7/nexcage-errors.7"} <= PAGES.keys()


@needs_mandoc
@pytest.mark.parametrize("name", PAGES)
def test_mandoc_has_no_error_and_no_warning(name, tmp_path):
    file = tmp_path / "page"
    file.write_text(PAGES[name])
    done = subprocess.run(
        ["mandoc", "-T", "lint", "-W", "warning", file], capture_output=True, text=True, check=False
    )
    assert done.stdout == ""
    assert done.returncode == 0


@needs_mandoc
@pytest.mark.parametrize("verb", VERBS)
def test_a_page_has_usage_text_options_and_examples(verb, tmp_path):
    module = importlib.import_module(module_name(verb))
    text = rendered(f"man1/{verbs.names()[verb]}.1", tmp_path)
    flat = " ".join(text.split())
    assert VERBS[verb][1] in flat
    assert f"nexcage {verb} [option ...]" in flat
    assert module.OPERANDS.replace("\t", " ") in flat
    for option in module.OPTIONS:
        assert f"--{option.name}" in flat
        assert " ".join(option.help.split()) in flat
    for _, command in module.EXAMPLES:
        assert command in text
    first = " ".join(module.__doc__.split("\n\n")[0].split())
    assert first in flat


@needs_mandoc
def test_the_overview_has_verbs_options_variables_and_files(tmp_path):
    text = rendered("man1/nexcage.1", tmp_path)
    for verb, name in verbs.names().items():
        assert f"{name}(1)" in text
        assert VERBS[verb][1] in text
    assert all(f"--{option.name}" in text for option in GLOBALS)
    assert all(name in text for name in (*verbs.ENVIRONMENT, *verbs.FILES))


@needs_mandoc
def test_every_key_and_code_is_explained(tmp_path):
    text = rendered("man5/nexcage-config.5", tmp_path)
    for key in KEYS:
        assert all(name in text for name in (key.name, *key.others, *key.variables))
    text = " ".join(rendered("man7/nexcage-errors.7", tmp_path).split())
    for code, entry in CODES.items():
        assert f" {code} " in text
        assert entry.action.rstrip(".") in text


def test_every_variable_that_the_program_reads_is_explained():
    files = [*(ROOT / "nexcage").rglob("*.py"), *(ROOT / "nexcage").rglob("*.sh")]
    read = {name for file in files for name in re.findall(r"NEXCAGE_[A-Z]+(?:_[A-Z]+)*", file.read_text())}
    explained = set(verbs.ENVIRONMENT) | {name for key in KEYS for name in key.variables}
    assert read - OWN <= explained
    assert {name for name in verbs.ENVIRONMENT if name.startswith("NEXCAGE_")} <= read


def test_a_reference_leads_to_a_page():
    known = {name.rpartition("/")[2] for name in PAGES} | {"crun.1", "runc.8"}
    for name, text in PAGES.items():
        for target, section in re.findall(r"Xr (\S+) (\d)", text):
            assert f"{target}.{section}" in known, name


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("one.  Two\nthree", ["one.", "Two three"]),
        (".Sh is no heading", ["\\&.Sh is no heading"]),
        ("'quoted' words", ["\\&'quoted' words"]),
        ("a \\ stays", ["a \\e stays"]),
        ("with --root DIR and -q", ["with \\-\\-root DIR and \\-q"]),
        ("a well-known name", ["a well-known name"]),
    ],
)
def test_text_that_roff_could_obey(text, lines):
    assert roff.filled(text) == lines


@pytest.mark.parametrize(("text", "words"), [("Op", "\\&Op"), ("a b", '"a b"'), ("[,", "[,"), (",", "\\&,")])
def test_a_word_that_could_be_a_macro(text, words):
    assert roff.word(text) == words


def test_an_indented_paragraph_is_shown_as_it_is():
    assert roff.prose("text\n\n  a  b\n  c") == ["text", *roff.literal(["a  b", "c"])]


def test_pages_are_written_compared_and_removed(tmp_path, capsys):
    assert main(["--check", str(tmp_path)]) == 1
    assert "man1/nexcage.1 is not current" in capsys.readouterr().out
    assert main([str(tmp_path)]) == 0
    assert main(["--check", str(tmp_path)]) == 0
    (tmp_path / "man1" / "nexcage-gone.1").write_text("")
    (tmp_path / "man1" / "nexcage.1").write_text("old")
    assert stale(tmp_path) == ["man1/nexcage-gone.1", "man1/nexcage.1"]
    assert main([str(tmp_path)]) == 0
    assert stale(tmp_path) == []
