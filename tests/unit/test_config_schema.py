"""The published schema: it is current, and it and ``nexcage config check`` agree."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from nexcage.config import checked, schema
from nexcage.config.document import NAMES
from nexcage.config.keys import KEYS, PATTERNS
from nexcage.drivers.pct.translate import network, resources, root
from nexcage.routing import DRIVERS

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "packaging").glob("config*.json"))
PUBLISHED = (ROOT / "docs/config.schema.json").read_text(encoding="utf-8")
VALIDATOR = Draft202012Validator(json.loads(PUBLISHED))
# of these faults a schema cannot tell
UNSEEN = {
    "config-twice": re.compile(r": contradicts "),
    "config-rule": re.compile(r"(pattern|name|annotation|crun_name_patterns\[\d+\]): "),
}


def test_the_published_schema_is_current():
    assert schema.text() == PUBLISHED, "run: python -m nexcage.config.schema > docs/config.schema.json"


def test_it_is_a_schema():
    Draft202012Validator.check_schema(json.loads(PUBLISHED))


def test_it_describes_every_key():
    properties = json.loads(PUBLISHED)["properties"]
    for name, key in NAMES.items():
        section, point, member = name.partition(".")
        found = properties[section]["properties"][member] if point else properties[section]
        assert found["description"] == (key.meaning if name == key.name else f"the same as {key.name}")


def problems(document):
    """Of a document or a text, as ``config check`` finds them in a file."""
    text = document if isinstance(document, str) else json.dumps(document)
    return checked.of_text("own.json", text.encode())


def agree(document):
    """Both accept it, or both refuse it, or only check does: for a reason that a schema cannot see."""
    found = problems(document)
    if VALIDATOR.is_valid(document):
        for problem in found:
            assert UNSEEN[problem.code].search(problem.message), problem.message
    else:
        assert found, [error.message for error in VALIDATOR.iter_errors(document)]


WORDS = (
    [
        "", "a", "512m", "1.5G", "512", "5 m", "1e3", "8kib", "8b", "8mib", "1.5.5", "1.", ".5", "1234567890",
        " 5", "5\u212a", "\n", "1\n", "/var/log/x", "/a\n", "a/b", "journald:x", "syslog:", "syslog:x",
        "file:/x", "file:x", "dhcp", "dhcp\n", "192.0.2.1", "192.0.2.1/24",
        "192.0.2.1/33", "192.0.2.256", "01.2.3.4", "192.0.2.1/024", "info", "trace", "warn", "json", "text",
        "a\0b", "/a\0", "^a$", "^(a", "[a", "KEY=web-*", "KEY=", "=x", "linux", "plan9", "٣",
        *DRIVERS, "lxc", "proxmox-lxc", "vm", "qemu", "docker",
    ]
)  # fmt: skip
FIGURES = [0, 1, -1, 2.0, 1.5, 15, 16, 8192, 8193, 10**6, 10**6 + 1, 10**9, 10**9 + 1, 10**400, 0.0005, 1e-9]
TEXTS, NUMBERS = st.sampled_from(WORDS), st.sampled_from(FIGURES)
RULE = st.dictionaries(
    st.sampled_from(["pattern", "name", "annotation", "os", "runtime", "when"]), TEXTS | NUMBERS, max_size=4
) | st.fixed_dictionaries({"runtime": st.sampled_from([*DRIVERS, "vm"])}, optional={"pattern": TEXTS})
VALUE = (
    TEXTS | NUMBERS | st.none() | st.booleans() | st.text(max_size=5)
    | st.lists(RULE | TEXTS | NUMBERS, max_size=3) | st.dictionaries(TEXTS, TEXTS, max_size=1)
)  # fmt: skip
OTHERS = [
    "proxmox.nothing",
    "proxmox.node",
    "proxmox.legacy_api",
    "storage.x",
    "nothing",
    "$schema",
    "ociVersion",
]
PLACES = st.sampled_from([*NAMES, PATTERNS, *OTHERS, "proxmox", "network", "runtime"])


def nested(pairs):
    document = {}
    for name, value in pairs.items():
        section, point, member = name.partition(".")
        if not point:
            document[section] = value
        elif isinstance(document.setdefault(section, {}), dict):
            document[section][member] = value
    return document


@given(pairs=st.dictionaries(PLACES, VALUE, max_size=5))
def test_check_and_schema_agree_on_any_document(pairs):
    agree(nested(pairs))


@pytest.mark.parametrize("name", [*NAMES, PATTERNS])
def test_check_and_schema_agree_on_values_of_a_key(name):
    for value in (*WORDS, *FIGURES, None, True, False, [], {}, [*WORDS], [{}], {"a": 1}):
        agree(nested({name: value}))


@given(rule=RULE)
def test_check_and_schema_agree_on_any_rule(rule):
    agree({"runtime": {"routing": [rule]}})


def test_numbers_that_no_float_holds():
    for text in ('{"proxmox": {"cpulimit": 1e999}}', '{"proxmox": {"timeout": -1e999}}'):
        assert problems(text)
        assert not VALIDATOR.is_valid(json.loads(text))


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.name)
def test_the_examples_are_valid(file):
    document = json.loads(file.read_text(encoding="utf-8"))
    assert not problems(document)
    assert VALIDATOR.is_valid(document)


def test_there_are_examples():
    assert ROOT / "packaging/config.example.json" in EXAMPLES


def test_the_defaults_are_those_of_the_driver():
    default = {key.name: key.default for key in KEYS}
    assert default["network.bridge"] == network.BRIDGE
    assert default["resources.memory"] == str(resources._MEMORY)
    assert default["proxmox.swap"] == str(resources._SWAP)
    assert default["proxmox.cores"] == str(resources._CORES)
    assert default["proxmox.storage"] == root._STORAGE
    assert default["resources.disk"] == str(int(root._SIZE) * 1024)
