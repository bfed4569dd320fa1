"""The verbs' modules: each has all that help, the parser and the reader of its source rely on."""

import importlib
import pkgutil
import shlex

import pytest

from nexcage import cli
from nexcage.cli.call import GLOBALS
from nexcage.cli.help import overview, package_help, verb_help
from nexcage.cli.main import main
from nexcage.cli.options import parse
from nexcage.cli.verbs import GROUPS, PACKAGES, VERBS, module_name

NOT_VERBS = {
    *("attend", "call", "images", "main", "making", "options", "output", "proxmox", "target"),
    *("unpacking", "verbs", "catalogue", "completing", "log_settings", "manual"),
}
NOT_VERBS_OF = {"bundle": {"wishes", "inspect_text"}}
MODULES = {verb: importlib.import_module(module_name(verb)) for verb in VERBS}
EXAMPLES = [(verb, example) for verb, module in MODULES.items() for _, example in module.EXAMPLES]
each_verb = pytest.mark.parametrize("verb", VERBS)


def test_every_file_is_a_verb_or_shared():
    found = {module.name for module in pkgutil.iter_modules(cli.__path__)}
    assert found == {verb for verb in VERBS if " " not in verb} | {*PACKAGES} | NOT_VERBS


@pytest.mark.parametrize("package", PACKAGES)
def test_every_file_of_a_package_is_a_verb_or_shared(package):
    path = importlib.import_module(f"nexcage.cli.{package}").__path__
    found = {f"{package} {module.name}" for module in pkgutil.iter_modules(path)}
    shared = {f"{package} {name}" for name in NOT_VERBS_OF.get(package, ())}
    assert found == {verb for verb in VERBS if verb.startswith(package + " ")} | shared


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_lists_its_verbs(capsys, package):
    assert main([package, "--help"]) == 0
    assert capsys.readouterr().out == package_help(package) + "\n"
    assert main(["help", package]) == 0
    assert capsys.readouterr().out == package_help(package) + "\n"
    assert all(verb in package_help(package) for verb in VERBS if verb.startswith(package + " "))
    assert main([package]) == 2
    nearest = next(verb for verb in VERBS if verb.startswith(package + " "))
    assert main(nearest[:-1].split()) == 2
    assert f"did you mean {nearest}?" in capsys.readouterr().err


@each_verb
def test_a_verb_has_all_its_parts(verb):
    module = MODULES[verb]
    assert callable(module.run)
    assert (module.run.__doc__ or "").strip()
    assert isinstance(module.OPERANDS, str)
    assert isinstance(module.OPTIONS, tuple)
    assert module.EXAMPLES
    assert VERBS[verb][0] in GROUPS


@each_verb
def test_the_explanation_begins_with_a_sentence(verb):
    first = MODULES[verb].__doc__.split("\n\n")[0]
    assert first[0].isupper()
    assert first.rstrip().endswith(".")
    assert len(MODULES[verb].__doc__.splitlines()[0]) <= 100


@each_verb
def test_no_two_options_share_a_name_or_letter(verb):
    options = MODULES[verb].OPTIONS
    names = [option.name for option in options]
    letters = [option.short for option in (*options, *GLOBALS) if option.short]
    assert len(set(names)) == len(names)
    assert len(set(letters)) == len(letters)


@each_verb
def test_an_option_that_is_also_global_is_read_alike_in_both_places(verb):
    for own in MODULES[verb].OPTIONS:
        for everywhere in GLOBALS:
            if own.name == everywhere.name and (verb, own.name) != ("spec", "rootless"):  # runc's, see below
                assert bool(own.metavar) == bool(everywhere.metavar)


@pytest.mark.parametrize(
    ("words", "rootless"),
    [
        (["spec"], False),
        (["spec", "--rootless"], True),
        (["--rootless", "true", "spec"], True),
        (["--rootless=false", "spec"], False),
        (["spec", "--rootless=false"], False),
    ],
)
def test_rootless_of_spec_is_a_flag_as_in_runc(capsys, words, rootless):
    assert main(["--dry-run", *words]) == 0
    assert ("uidMappings" in capsys.readouterr().out) == rootless


@each_verb
def test_options_are_well_formed(verb):
    for option in (*MODULES[verb].OPTIONS, *GLOBALS):
        assert option.name == option.name.lower().strip("-")
        assert len(option.name) > 1
        assert len(option.short) <= 1
        assert option.help
        assert not option.help.endswith(".")
        assert option.metavar or not (option.many or option.choices)


@pytest.mark.parametrize(("verb", "example"), EXAMPLES)
def test_an_example_can_be_typed(verb, example):
    program, *words = shlex.split(example)
    assert program == "nexcage"
    _, rest = parse(words, GLOBALS, stop_early=True)
    found = rest[: len(verb.split())]
    rest = rest[len(found) :]
    assert " ".join(found) == verb
    module = MODULES[verb]
    _, operands = parse(rest, (*module.OPTIONS, *GLOBALS), stop_early=getattr(module, "STOP_EARLY", False))
    assert operands or not module.OPERANDS or module.OPERANDS.startswith("[") or "--name" in rest


@each_verb
def test_help_shows_usage_options_and_examples(verb):
    module = MODULES[verb]
    text = verb_help(verb, module)
    assert text.startswith(f"Usage: nexcage {verb} ")
    for option in module.OPTIONS:
        assert f"--{option.name}" in text
        assert option.help in text
    for _, command in module.EXAMPLES:
        assert command in text
    assert max(map(len, text.splitlines())) <= 120


def test_the_overview_names_every_verb_and_global_option():
    text = overview()
    for verb, (_, what) in VERBS.items():
        assert f"  {verb} " in text
        assert what in text
    for option in GLOBALS:
        assert f"--{option.name}" in text
    assert max(map(len, text.splitlines())) <= 100
