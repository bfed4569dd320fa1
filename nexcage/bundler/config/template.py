"""``--template FILE``: a config.json written by a Jinja template.

The template gives the whole file. It sees ``config`` (what was generated so far), ``image`` (the image's
configuration, {} without one), ``name`` (the host name) and each ``--set``, and has two filters of its own:
``tojson`` without HTML escapes, and ``merge``, a JSON merge patch (RFC 7396)::

    {{ config | merge({"process": {"env": ["PORT=" ~ port]}}) | tojson(2) }}

It is sandboxed: no other files, no Python internals, a bounded range, output and time. An undefined name is
an error. The seccomp filter was made before, for the capabilities that ``config`` has.
"""

import os

from nexcage.errors import NexcageError, UsageError
from nexcage.oci.rules import Object

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType
    from typing import Any

LARGEST = 4 << 20  # characters of the result, and bytes of the template
SECONDS = 10
_LONGEST_REPEAT = 1 << 20
_PADDING = ("center", "expandtabs", "format", "format_map", "ljust", "rjust", "zfill")


class _TooMuch(Exception):
    pass


def read(path: str) -> str:
    """The text of a template file; raises `UsageError`."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        with open(descriptor, "rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f'cannot read --template "{path}": {reason}', code="template-missing") from None
    if len(data) > LARGEST:
        raise UsageError(f'--template "{path}" is larger than {LARGEST >> 20} MiB', code="template-invalid")
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise UsageError(f'--template "{path}" is not UTF-8', code="template-invalid") from None


def merge(target: object, patch: object) -> object:
    """RFC 7396: objects are merged member by member, null removes, all else replaces."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merge(result.get(name), value)
    return result


def check(text: str, path: str) -> None:
    """Refuse a template that cannot be read as one, before anything else is done."""
    _compiled(text, path)


def _compiled(text: str, path: str) -> "Any":  # noqa: ANN401 -- jinja2 is imported only here
    from nexcage.comfort import need

    jinja2 = need("jinja2")
    environment = _environment()
    try:
        code = environment.compile(text, path, path)
    except jinja2.TemplateSyntaxError as error:
        raise _invalid(path, error.lineno, str(error.message)) from None
    except (RecursionError, ValueError, OverflowError, SyntaxError) as error:  # of the Python that it becomes
        raise _invalid(path, 0, str(error)) from None
    return environment.template_class.from_code(environment, code, environment.make_globals(None))


def render(text: str, path: str, values: dict[str, object]) -> Object:
    """What the template ``text`` of file ``path`` gives; raises `UsageError` with the line."""
    from nexcage.comfort import need
    from nexcage.jsontext import Malformed, loads

    jinja2 = need("jinja2")
    template = _compiled(text, path)
    try:
        with _Clock():
            result = "".join(_bounded(template.generate(values)))
    except jinja2.TemplateNotFound as error:
        raise _invalid(
            path, _line(error, path), f'a template reads no other file, not "{error}" either'
        ) from None
    except NexcageError:
        raise
    except Exception as error:  # noqa: BLE001 -- a template can raise anything that an expression can
        raise _invalid(path, _line(error, path), str(error) or type(error).__name__) from None
    try:
        config = loads(result.encode())
    except Malformed as error:
        where = f"line {error.line}, column {error.column} of its result"
        raise _invalid(path, 0, f"{where} is no JSON: {error.reason}") from None
    if not isinstance(config, dict):
        raise _invalid(path, 0, "the result must be a JSON object")
    return config


def _invalid(path: str, line: int, reason: str) -> UsageError:
    where = f"{path}:{line}" if line else path
    words = " ".join(reason.split()).removesuffix(".")
    return UsageError(f"template {where}: {words[:1].lower()}{words[1:300]}", code="template-invalid")


def _line(error: BaseException, path: str) -> int:
    """The innermost line of the template in the traceback, which Jinja has rewritten to point there."""
    line, trace = 0, error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename == path:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _bounded(chunks: "Iterator[str]") -> "Iterator[str]":
    total = 0
    for chunk in chunks:
        total += len(chunk)
        if total > LARGEST:
            raise _TooMuch(f"the result is longer than {LARGEST >> 20} MiB")
        yield chunk


class _Clock:
    """Ends a template that takes too long; only the main thread can be interrupted (signal(7))."""

    def __enter__(self) -> None:
        import signal
        import threading

        self.armed = threading.current_thread() is threading.main_thread()
        if self.armed:
            self.before = signal.signal(signal.SIGALRM, self.ring)
            signal.setitimer(signal.ITIMER_REAL, SECONDS)

    def __exit__(self, *_: object) -> None:
        import signal

        if self.armed:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self.before)

    @staticmethod
    def ring(_signal: int, _frame: "FrameType | None") -> None:
        raise _TooMuch(f"it takes longer than {SECONDS} seconds")


def _environment() -> "Any":  # noqa: ANN401 -- jinja2 is imported only here
    from jinja2 import FunctionLoader, StrictUndefined, Undefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    from nexcage.jsontext import dumps

    class Environment(ImmutableSandboxedEnvironment):
        """With arithmetic that cannot fill the memory."""

        intercepted_binops = frozenset(["*", "**", "%"])

        def is_safe_attribute(self, owner: object, name: str, value: "Any") -> bool:  # noqa: ANN401
            padding = isinstance(owner, str) and name in _PADDING
            return not padding and super().is_safe_attribute(owner, name, value)

        def call_binop(self, context: "Any", operator: str, left: "Any", right: "Any") -> "Any":  # noqa: ANN401
            numbers = isinstance(left, int | float) and isinstance(right, int | float)
            if operator == "**" and not (numbers and abs(right) < 64 and abs(left) < 2**32):
                raise _TooMuch("a power is too large")
            if operator == "*" and not numbers:
                times, row = (left, right) if isinstance(left, int) else (right, left)
                if not isinstance(times, int) or len(row) * max(times, 0) > _LONGEST_REPEAT:
                    raise _TooMuch("a repetition is too long")
            if operator == "%" and isinstance(left, str):
                raise _TooMuch('the operator % formats no strings here: join them by "~"')
            return super().call_binop(context, operator, left, right)

    def tojson(value: object, indent: int = 0) -> str:
        _defined(value)
        return dumps(value, indent)

    def _defined(value: object) -> None:
        if isinstance(value, Undefined):
            value._fail_with_undefined_error()
        for part in (
            value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
        ):
            _defined(part)

    environment = Environment(
        undefined=StrictUndefined, loader=FunctionLoader(lambda _: None), keep_trailing_newline=True
    )
    environment.filters = {
        name: filter
        for name, filter in environment.filters.items()
        # these can make a text of any length, or HTML
        if name
        not in ("center", "format", "indent", "pprint", "xmlattr", "urlize", "forceescape", "escape", "e")
    } | {"tojson": tojson, "merge": merge}
    return environment
