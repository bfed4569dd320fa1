"""nexcage.bundler.config.template: config.json by a Jinja template, in a sandbox."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexcage.bundler.config import template
from nexcage.errors import UsageError

VALUES = {
    "config": {"process": {"args": ["sh"], "env": []}, "hostname": "a<b>'&"},
    "image": {},
    "name": "web",
}


def render(text, **values):
    return template.render(text, "file.j2", {**VALUES, **values})


def refused(text, **values):
    with pytest.raises(UsageError) as caught:
        render(text, **values)
    assert caught.value.code == "template-invalid"
    assert "\n" not in caught.value.message
    return caught.value.message


def test_the_config_goes_through_unchanged():
    assert render("{{ config | tojson }}") == VALUES["config"]
    assert render("{{ config | tojson(2) }}\n") == VALUES["config"]


def test_merge_and_settings():
    text = '{{ config | merge({"process": {"env": ["PORT=" ~ port], "args": none}, "n": number}) | tojson }}'
    assert render(text, port="80", number=5) == {
        "process": {"env": ["PORT=80"]}, "hostname": "a<b>'&", "n": 5,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("target", "patch", "expected"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}), ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}), ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}), ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}), (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "b"}, ["c"], ["c"]), ({"a": "foo"}, None, None), ({"a": "foo"}, "bar", "bar"),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}), ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)  # fmt: skip
def test_merge_does_what_rfc_7396_shows(target, patch, expected):
    assert template.merge(target, patch) == expected


@given(
    st.dictionaries(st.text(max_size=3), st.integers()), st.dictionaries(st.text(max_size=3), st.integers())
)
def test_merge_changes_neither_side(target, patch):
    before = dict(target), dict(patch)
    assert template.merge(target, patch) == {**target, **patch}
    assert (target, patch) == before


@pytest.mark.parametrize(
    ("text", "where", "words"),
    [
        ("{}\n{{ nobody }}", "file.j2:2", "'nobody' is undefined"),
        ("{}\n\n{{ config.nothing.more }}", "file.j2:3", "has no attribute 'nothing'"),
        ("{{ nobody | tojson }}", "file.j2:1", "'nobody' is undefined"),
        ("{{ {'a': [config.missing]} | tojson }}", "file.j2:1", "has no attribute 'missing'"),
        ("{\n{% if %}", "file.j2:2", ""),
        ("{\n{{ name | nofilter }}", "file.j2:2", "no filter named 'nofilter'"),
        ("\n{% include '/etc/passwd' %}", "file.j2:2", "reads no other file"),
        ("{% import 'x' as y %}", "file.j2:1", "reads no other file"),
        ("{% extends 'x' %}", "file.j2:1", "reads no other file"),
        ("{{ 1 / 0 }}", "file.j2:1", "division by zero"),
        ("{{ ''.__class__.__mro__ }}", "file.j2:1", "unsafe"),
        ("{{ config.process.args.append('x') }}", "file.j2:1", "'append' of 'list' object is unsafe"),
        ("{{ name.ljust(1000000000) }}", "file.j2:1", ""),
        ("{{ 'x' * 100000000 }}", "file.j2:1", "too long"),
        ("{{ [1] * 100000000 }}", "file.j2:1", "too long"),
        ("{{ 10 ** 10 ** 10 }}", "file.j2:1", "too large"),
        ("{{ '%1000000000d' % 1 }}", "file.j2:1", "formats no strings"),
        ("{% for i in range(1000000) %}{% endfor %}", "file.j2:1", "range too big"),
        ("{% for i in range(9999) %}{{ 'x' * 1000 }}{% endfor %}", "file.j2", "longer than 4 MiB"),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "file.j2:1", "recursion"),
        ("[]", "file.j2", "the result must be a JSON object"),
        ("", "file.j2", "is no JSON"),
        ('{"a": 1,\n}', "file.j2", "line 2, column 1 of its result is no JSON"),
        ('{"a": 1, "a": 2}', "file.j2", "duplicate key"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_line(text, where, words):
    message = refused(text)
    assert message.startswith(f"template {where}: ")
    assert words in message


def test_a_template_that_never_ends_is_ended(monkeypatch):
    monkeypatch.setattr(template, "SECONDS", 1)
    inner = "{% for b in range(99999) %}{% if b > 999999 %}x{% endif %}{% endfor %}"
    loop = "{% for a in range(99999) %}" + inner + "{% endfor %}"
    assert "takes longer than 1 seconds" in refused(loop)


def test_reading_the_file(tmp_path):
    file = tmp_path / "t.j2"
    file.write_text("{}")
    assert template.read(str(file)) == "{}"
    file.write_bytes(b"\xff")
    with pytest.raises(UsageError, match="is not UTF-8"):
        template.read(str(file))
    file.write_bytes(b" " * (template.LARGEST + 1))
    with pytest.raises(UsageError, match="is larger than 4 MiB"):
        template.read(str(file))
    for path, words in (("nowhere", "no such file or directory"), ("", "is a directory")):
        with pytest.raises(UsageError, match=words) as caught:
            template.read(str(tmp_path / path))
        assert caught.value.code == "template-missing"
