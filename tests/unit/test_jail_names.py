"""nexcage.drivers.jail.names: every container id has a jail name, and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexcage.drivers.jail.names import LONGEST, container_id, is_legal, jail_name

PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.+-"
IDS = st.text(PLAIN, min_size=1, max_size=1024).filter(lambda text: text not in (".", ".."))
TRICKY = st.text("0.+-a", min_size=1, max_size=6).filter(lambda text: text not in (".", ".."))


@pytest.mark.parametrize(
    ("id", "name"),
    [
        ("web", "web"),
        ("Web_1-a+b", "Web_1-a+b"),
        ("12ab", "12ab"),
        ("web.1", "web@1"),
        ("...", "@@@"),
        ("123", "%123"),
        ("0123", "%0123"),
        ("+5", "%+5"),
        ("-5", "%-5"),
        ("-web", "%-web"),
        ("-", "%-"),
        ("+", "+"),
        ("1.2", "1@2"),
    ],
)
def test_the_name_for_an_id(id, name):
    assert jail_name(id) == name
    assert container_id(name) == id


@given(IDS | TRICKY)
def test_each_id_has_a_legal_name_that_leads_back(id):
    name = jail_name(id)
    assert is_legal(name)
    assert "." not in name
    assert not name.startswith("-")
    assert not name.removeprefix("+").isdigit()  # strtoul(3) takes a sign
    assert len(name.encode()) <= LONGEST
    expected = id if len(id) < LONGEST - 1 else container_id(name)
    assert container_id(name) == expected


@given(IDS | TRICKY, IDS | TRICKY, st.integers(34, LONGEST))
def test_two_ids_never_have_one_name(one, other, most):
    assert (jail_name(one, most) == jail_name(other, most)) == (one == other)
    assert len(jail_name(one, most)) <= most


def test_long_ids_that_begin_alike_differ():
    names = {jail_name("a" * 1023 + last) for last in "xyz"}
    assert len(names) == 3
    assert {len(name) for name in names} == {LONGEST}
    assert {container_id(name) for name in names} == {None}


@pytest.mark.parametrize(
    "name", ["", "a b", "%web", "%%1", "a%b", "%", "@", "@@", "123", "-a", "a.b", "\ud800"]
)
def test_names_that_are_nobody_s_id(name):
    assert container_id(name) is None


@given(st.text(PLAIN + "@% ", max_size=300))
def test_no_two_names_lead_to_one_id(name):
    id = container_id(name)
    assert id is None or jail_name(id) == name


@pytest.mark.parametrize("name", ["pod", "pod.c1", "a@b", "%12", "x" * 255])
def test_legal_names(name):
    assert is_legal(name)


@pytest.mark.parametrize(
    "name",
    ["", ".", "a.", ".a", "a..b", "12", "a.12", "-a", "a:b", "a b", "a/b", "a=b", "x" * 256, "a\n", "*"],
)
def test_illegal_names(name):
    assert not is_legal(name)
