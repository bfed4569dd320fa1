# SPDX-License-Identifier: Apache-2.0
"""The language of steps and the paths into JSON documents."""

import pytest

from step_defs import documents
from step_defs.phrases import phrase


def test_a_hole_does_not_run_across_quotes():
    """One step never answers to the text of another."""
    step = phrase('container "{id}" is deleted')

    assert step.parse_arguments('container "web" is deleted') == {"id": "web"}
    assert not step.is_matching('container "web" is created and "db" is deleted')
    assert not step.is_matching('container "web" is deleted by force')


def test_a_text_hole_may_hold_quotes():
    assert phrase('the error says "{text:text}"').parse_arguments('the error says "no "web" here"') == {
        "text": 'no "web" here'
    }


def test_holes_are_converted():
    found = phrase("{n:int} of {path:path} is {value:json}").parse_arguments('3 of $.a[0] is {"b": 1}')

    assert found == {"n": 3, "path": "$.a[0]", "value": {"b": 1}}


def test_documents_are_changed_by_path():
    document = {"a": [1, 2], "x.y": {}}
    documents.put(document, '$["x.y"].z', 3)
    documents.append(document, "$.a", 4)
    documents.append(document, "$.new", 5)
    documents.remove(document, "$.a[0]")

    assert document == {"a": [2, 4], "x.y": {"z": 3}, "new": [5]}
    assert documents.get(document, "$.a[-1]") == 4


@pytest.mark.parametrize("path", ["$.nothing", "$.a[7]", "$.a.b"])
def test_a_place_that_does_not_exist_is_an_error(path):
    with pytest.raises(LookupError, match=r"\$"):
        documents.get({"a": [1]}, path)


@pytest.mark.parametrize("path", ["a.b", "$a", "$.a["])
def test_a_malformed_path_is_an_error(path):
    with pytest.raises(ValueError, match="a"):
        documents.parts(path)
