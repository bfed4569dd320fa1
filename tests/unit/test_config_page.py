"""docs/configuration.md: its table is the table of keys, and what it says of other files is so."""

import json
import re
from pathlib import Path

import pytest

from nexcage.config import checked, page
from nexcage.config.document import NAMES
from nexcage.config.keys import instead

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/configuration.md").read_text(encoding="utf-8")


def test_its_table_is_current():
    assert page.renewed(TEXT) == TEXT, "run: python -m nexcage.config.page docs/configuration.md"


def test_every_key_is_in_it():
    assert all(f"`{name}`" in page.table() for name in NAMES)


def test_its_links_lead_somewhere():
    for target in re.findall(r"\]\(([^)]+)\)", TEXT):
        assert (ROOT / "docs" / target).exists(), target


FOREIGN = re.findall(
    r"`((?:proxmox|network|runtime|storage|profiles|temp_dir)[a-z_.*]*)`", TEXT.split("Zig program")[1]
)
OTHERS = sorted(
    {name for name in FOREIGN if name not in NAMES and not name.endswith((".*", "runtime", "proxmox"))}
)


@pytest.mark.parametrize("name", [*OTHERS, "storage"])
def test_keys_that_mean_nothing_here_are_refused_with_a_hint(name):
    assert instead(name)
    section, point, member = name.partition(".")
    document = {section: {member: "5ecre7"} if point else "5ecre7"}
    (problem,) = checked.of_text("own.json", json.dumps(document).encode())
    assert problem.message == f'own.json: unknown key "{name}"'
    assert problem.hint == instead(name)
