"""nexcage.catalogue and the code agree: each error has an entry, each entry an error and a scenario."""

import re

import pytest

from nexcage.catalogue import Entry
from nexcage.cli import catalogue
from nexcage.errors import UsageError
from tests.unit import code_finder

ROOT = code_finder.ROOT
FOUND = code_finder.found()
# codes whose scenario asks for the words of the message, as people do; the words are in the sources too
WORDS = {
    "annotation-contradicts": "contradicts $.freebsd.jail.",
    "bundle-layers-missing": "the cache has lost",
    "bundle-mounted": "is still mounted",
    "cache-corrupt": "delete the bundles that use it, then run nexcage bundle prune",
    "check-changed": "warning: state: {root}/web/record.json",
    "clipped": "lowered to",
    "container-creating": '" is being created',
    "container-elsewhere": "run nexcage there, or move it back: pct migrate",
    "container-half-made": '" is half made: its create was cut short',
    "container-locked": " is locked by another command",
    "copy-missing": '" was not made, though nothing was said',
    "cwd-missing": 'process.cwd "',
    "file-invalid": '" is a directory',
    "hook-failed": "poststart hook",
    "image-label": "of the image is left out",
    "image-volume": "of the image is left out",
    "internal": "internal error",
    "interrupted": "interrupted by signal ",
    "logs-not-kept": '" is not kept: it goes to whoever created it',
    "manifest-malformed": "manifest.mtree:",
    "not-as-in-the-image": "only root can give",
    "not-confirmed": "to mend, and nobody to ask",
    "not-created": ", then create it again",
    "operations-damaged": "is damaged: operations are counted anew",
    "pct-warning": "pct: DHCP failed - got no address",
    "rootfs-moved": "has been moved or removed",
    "ruleset-missing": "has no rules, so all devices of the host would be seen",
    "state-corrupt": "is the record of ",
    "state-newer": ", which a newer nexcage has written",
    "terminal-failed": "cannot make the terminal:",
    "too-deep": "nested too deeply",
    "undo-failed": "could not undo:",
    "unsupported-verb": "jail has no ",
    "watch-trouble": "the check: did not end within",
    "wrong-status": "it is already running",
}
# no scenario raises these: the same race lost a hundred times within microseconds; a system without overlays
# (unit tests do: test_chain_manifest, test_freebsd_bundles)
UNSEEN = ("cache-busy", "rootfs-unsupported")
each_entry = pytest.mark.parametrize("entry", catalogue.CODES.values(), ids=lambda entry: entry.code)


def asserted():
    """The codes that steps of scenarios ask for: in a sentence, or in a column called code."""
    codes = set()
    for path in sorted((ROOT / "features").rglob("*.feature")):
        text = path.read_text(encoding="utf-8")
        codes.update(re.findall(r'code "([a-z-]+)"|code=([a-z-]+)', text))
        column = -1
        for line in text.splitlines():
            cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip())[1:-1]]
            if not line.strip().startswith("|"):
                column = -1
            elif column < 0:
                column = cells.index("code") if "code" in cells else len(cells)
            elif column < len(cells):
                codes.add((cells[column], ""))
    return {one or other for one, other in codes}


def test_the_finder_finds_codes_of_every_form():
    forms = {
        "container-missing",  # of a class
        "bundle-config-missing",  # a keyword
        "bundle-mount-kind",  # a constant handed on
        "image-corrupt",  # one of two
        "ct-locked",  # a row of a tool's words
        "tags-invalid",  # a table of options
        "cmode-invalid",  # put together
        "terminal-failed",  # from the process that waits in a jail
        "bundle-doubtful",  # a default
    }
    assert forms <= set(FOUND)


def test_every_code_of_the_sources_is_in_the_catalogue():
    assert {code: places for code, places in FOUND.items() if code not in catalogue.CODES} == {}


def test_every_code_of_the_catalogue_is_in_the_sources():
    assert set(catalogue.CODES) - set(FOUND) == set()


def test_every_code_is_raised_by_a_scenario():
    seen = asserted()
    assert sorted(set(catalogue.CODES) - seen - set(WORDS) - set(UNSEEN)) == []
    assert sorted({*WORDS, *UNSEEN} & seen) == [], "these are seen now"


@pytest.mark.parametrize(("code", "words"), WORDS.items())
def test_the_words_of_a_code_are_what_a_scenario_asks_for(code, words):
    assert code in catalogue.CODES
    steps = re.compile(rf"^ *(?:(?:Then|And|But) .*|\|.*){re.escape(words)}", re.MULTILINE)
    features = (path.read_text(encoding="utf-8") for path in (ROOT / "features").rglob("*.feature"))
    assert any(steps.search(text) for text in features)


@each_entry
def test_entries_are_written_as_messages_are(entry: Entry):
    assert code_finder.SLUG.fullmatch(entry.code)
    for text in (entry.meaning, entry.cause, entry.action):
        assert text == text.strip()
        assert text
        assert text.isprintable()
        assert not text.endswith(".") or text.endswith(" .")
    assert entry.meaning[0].islower() or entry.meaning.startswith(("Proxmox", "FreeBSD", "/", "--"))


def test_the_list_has_a_line_for_each():
    lines = catalogue.text().splitlines()
    for code, entry in catalogue.CODES.items():
        assert f"  {code:<30} {entry.meaning}" in lines


def test_one_entry_has_all_that_is_known():
    assert catalogue.text("ct-locked") == (
        "ct-locked\n  meaning: the guest is locked\n"
        "  cause:   a backup, a migration or a snapshot works on it, or was cut short\n"
        "  action:  wait for it; when nothing works on it any more: pct unlock VMID"
    )
    assert catalogue.text("clipped").startswith("clipped: a warning\n")


def test_a_mistyped_code():
    with pytest.raises(UsageError, match='unknown error code "ct-loked"') as error:
        catalogue.text("ct-loked")
    assert error.value.hint == "did you mean ct-locked?"


def test_the_page_of_the_documentation_is_current():
    page = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    assert page == catalogue.document(), "run: python -m nexcage.cli.catalogue >docs/errors.md"
