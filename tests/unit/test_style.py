"""The source keeps the rules of the design: short files, imports one way, no shell, stable codes."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("nexcage", "step_defs", "benchmarks")
LONGEST = 400
SOURCES = {
    str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
    for part in PARTS
    for path in sorted((ROOT / part).rglob("*"))
    if path.suffix in (".py", ".sh", ".toml", ".feature", ".md", ".j2") and "__pycache__" not in path.parts
}
PYTHON = {name: ast.parse(text) for name, text in SOURCES.items() if name.endswith(".py")}
RUNTIME = {name: tree for name, tree in PYTHON.items() if name.startswith("nexcage/")}
# who may import whom inside nexcage: a layer knows only those before it
LAYERS = (
    {"", "errors", "ids", "jsontext", "paths", "log", "comfort", "config"},
    {"host", "oci", "plan", "state", "drivers", "bundler"},
    {"repair"},
    {"checks"},
    {"watch"},
    {"cli"},
    {"start", "hot", "__main__"},
)
MACHINE = re.compile(r"/(?:work|root|home/\w+)/|\b\d+\.\d+\.\d+\.\d+:\d+\b")
SLUG = re.compile(r"[a-z]+(-[a-z]+)*")
each_source = pytest.mark.parametrize("name", SOURCES)
each_module = pytest.mark.parametrize("name", RUNTIME)


def only_for_types(tree):
    """The imports below ``if TYPE_CHECKING``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            yield from (inner for inner in ast.walk(node) if isinstance(inner, ast.Import | ast.ImportFrom))


def imported(tree):
    """Names of nexcage's modules that are imported when the code runs."""
    ignored = set(only_for_types(tree))
    for node in ast.walk(tree):
        if node in ignored:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("nexcage"))
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("nexcage"):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def layer(module):
    part = [*module.split("."), ""][1]
    found = [i for i, names in enumerate(LAYERS) if part in names]
    return found[0] if found else 0  # a name of the package itself, such as __version__


@each_source
def test_no_file_is_long(name):
    assert len(SOURCES[name].splitlines()) <= LONGEST


@each_source
def test_no_path_of_one_machine(name):
    assert not MACHINE.findall(SOURCES[name])


@each_module
def test_imports_point_one_way(name):
    own = layer(name.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
    wrong = [found for found in imported(RUNTIME[name]) if layer(found) > own]
    assert wrong == []


@each_module
def test_no_shell_and_one_place_that_starts_programs(name):
    names = {node.attr for node in ast.walk(RUNTIME[name]) if isinstance(node, ast.Attribute)}
    assert not names & {"system", "popen", "spawnv", "spawnvp", "getoutput"}
    assert not any(isinstance(n, ast.keyword) and n.arg == "shell" for n in ast.walk(RUNTIME[name]))
    assert "posix_spawn" not in names or name == "nexcage/host/process.py"
    modules = {alias.name for n in ast.walk(RUNTIME[name]) if isinstance(n, ast.Import) for alias in n.names}
    assert "subprocess" not in modules


@pytest.mark.parametrize("name", [name for name in PYTHON if name not in RUNTIME])
def test_the_harness_uses_no_shell_either(name):
    for node in ast.walk(PYTHON[name]):
        assert not (isinstance(node, ast.keyword) and node.arg == "shell")
        assert not (isinstance(node, ast.Attribute) and node.attr in ("system", "popen", "getoutput"))


def codes(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "code" and isinstance(node.value, ast.Constant):
            yield node.value.value
        elif isinstance(node, ast.ClassDef):
            for item in node.body:
                if isinstance(item, ast.Assign) and [getattr(t, "id", "") for t in item.targets] == ["code"]:
                    yield item.value.value


def test_every_error_code_is_a_slug():
    found = {code for tree in RUNTIME.values() for code in codes(tree)}
    assert {"container-missing", "bundle-config-missing", "clipped", "internal"} <= found
    assert [code for code in sorted(found) if not SLUG.fullmatch(code)] == [""] * ("" in found)


@each_module
def test_messages_have_no_full_stop(name):
    for node in ast.walk(RUNTIME[name]):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args:
            first = node.exc.args[0]
            last = first.values[-1] if isinstance(first, ast.JoinedStr) else first
            if isinstance(last, ast.Constant) and isinstance(last.value, str):
                assert not last.value.endswith(".")
                assert "\n" not in last.value


@each_module
def test_every_module_says_what_it_is_for(name):
    assert (ast.get_docstring(RUNTIME[name]) or "").strip()
