"""The codes of errors and warnings that the sources of nexcage can give, read from their syntax trees."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SLUG = re.compile(r"[a-z]+(-[a-z]+)*")
ROW = 5  # of a table of a tool's words: pattern, class, code, message, hint
RAISERS = {"_Failed": {0}}  # classes whose first argument is a code
# codes that are put together: file, what is written there, what it can come to
COMPOSED = {
    ("drivers/jail/translate/identity.py", "f'{key}-invalid'"): ("hostname", "domainname"),
    ("drivers/pct/copies.py", "f'{option}-invalid'"): ("user", "group"),
    ("drivers/pct/translate/annotations.py", "_code(name)"): (
        "cmode", "debug", "ha-managed", "hookscript", "nameserver", "onboot", "pool", "protection", "startup",
        "timezone",
    ),
}  # fmt: skip


def trees():
    for path in sorted((ROOT / "nexcage").rglob("*.py")):
        if path.stem != "catalogue" and "catalogue" not in path.parts:
            name = str(path.relative_to(ROOT / "nexcage"))
            yield name, ast.parse(path.read_text(encoding="utf-8"))


def named(tree):
    """Texts that have a name in a module, a class or a function."""
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(text))):
                yield name, text


def takers(tree):
    """Functions with a parameter ``code``, and its place among what a caller gives."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            names = [argument.arg for argument in node.args.args]
            names = names[1:] if names[:1] in (["self"], ["cls"]) else names
            if "code" in names:
                yield node.name, names.index("code")


def texts(node, names):
    """What an expression can be, as far as its form tells."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.Name(id=name) | ast.Attribute(attr=name) if name in names:
            yield names[name]
        case ast.IfExp(body=one, orelse=other):
            yield from (*texts(one, names), *texts(other, names))
        case ast.BoolOp(values=several):
            for one in several:
                yield from texts(one, names)
        case ast.Call(func=ast.Attribute(attr="get"), args=[_, default]):
            yield from texts(default, names)


def defaults(node):
    given = node.args
    pairs = [*zip(given.args[::-1], given.defaults[::-1], strict=False)]
    pairs += zip(given.kwonlyargs, given.kw_defaults, strict=True)
    return [value for argument, value in pairs if argument.arg == "code" and value is not None]


def expressions(tree, functions):
    """The expressions of a module that are codes; and whether such a text has to look like one."""
    for node in ast.walk(tree):
        match node:
            case ast.keyword(arg="code", value=value):
                yield value, True
            case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name), args=arguments):
                places = [at for at in functions.get(name, ()) if at < len(arguments)]
                yield from ((arguments[at], False) for at in places)
            case ast.ClassDef(body=body):
                for item in body:
                    if isinstance(item, ast.Assign) and ast.unparse(item.targets[0]) == "code":
                        yield item.value, True
            case ast.FunctionDef():
                yield from ((value, True) for value in defaults(node))
            case ast.Tuple(elts=[_, ast.Name(id=kind), code, _, _]) if kind[:1].isupper():
                yield code, True
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Dict(values=values)):
                if name.endswith("CODES"):
                    yield from ((value, True) for value in values)


def found():
    """Each code with the places that give it."""
    parsed = dict(trees())
    functions = {name: set(places) for name, places in RAISERS.items()}
    for tree in parsed.values():
        for name, place in takers(tree):
            functions.setdefault(name, set()).add(place)
    shared = {name: text for tree in parsed.values() for name, text in named(tree) if name.isupper()}
    codes = {}
    for path, tree in parsed.items():
        names = {**shared, **dict(named(tree))}
        for node, sure in expressions(tree, functions):
            words = COMPOSED.get((path, ast.unparse(node)))
            seen = [f"{word}-invalid" for word in words] if words else list(texts(node, names))
            for code in seen:
                if SLUG.fullmatch(code) and (sure or "-" in code):
                    codes.setdefault(code, []).append(f"{path}:{node.lineno}")
    return codes
