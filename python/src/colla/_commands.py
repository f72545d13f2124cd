"""Command lines of programs: templates with ``{{name}}``, and a program run in this process's own place."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from ._errors import TaskFailedError, UsageError
from ._keywords import nearest

__all__ = ["Command", "split", "fill", "names_in", "flat", "text_of", "run"]

_NAME = re.compile(r"\{\{\s*([A-Za-z_][\w.]*)\s*\}\}")


class Command(NamedTuple):
    """A program that can be started: its argument vector and where its streams go (None: as this process's).

    Output files are added to when their name is in ``appended``.
    """

    argv: Sequence[str]
    stdin: str | None = None
    stdout: str | None = None
    stderr: str | None = None
    appended: frozenset[str] = frozenset()
    working_dir: str | None = None
    environment: Mapping[str, str] = {}


def split(what: str, text: str) -> list[str]:
    """The arguments in a text, split as a shell would but without any other of its powers; ``{{ name }}`` stays one piece."""
    try:
        return shlex.split(_NAME.sub(r"{{\1}}", text))
    except ValueError as error:
        raise UsageError(f"{what} is {text!r}, which cannot be split into arguments: {str(error).lower()}") from None


def names_in(templates: Iterable[str]) -> set[str]:
    """The names that the templates mention."""
    return {name for template in templates for name in _NAME.findall(template)}


def text_of(value: Any) -> str:
    """A value as a program's argument says it."""
    if isinstance(value, bytes):
        return os.fsdecode(value)
    return os.fspath(value) if isinstance(value, os.PathLike) else str(value)


def fill(what: str, template: str, values: Mapping[str, Any]) -> list[str]:
    """The arguments that one template stands for: one, or one for each element if it is only the name of a list.

    Raises ``UsageError`` for a name that is not a parameter.
    """
    whole = _NAME.fullmatch(template)
    if whole is not None:
        value = _value(what, whole.group(1), values)
        return [text_of(element) for element in flat(value)]
    return [_NAME.sub(lambda found: text_of(_value(what, found.group(1), values)), template)]


def _value(what: str, name: str, values: Mapping[str, Any]) -> Any:
    if name in values:
        return values[name]
    known = [each for each in values if not each.startswith("task.")]
    raise UsageError(f"{what} mentions {{{{{name}}}}}, but the task has no parameter of that name{nearest(name, known)}")


def flat(value: Any) -> Iterable[Any]:
    """The elements of nested lists and dictionaries; the value itself if it is neither."""
    if isinstance(value, (list, tuple)):
        for element in value:
            yield from flat(element)
    elif isinstance(value, dict):
        for element in value.values():
            yield from flat(element)
    else:
        yield value


def run(command: Command, what: str, fails: Callable[[int], bool] = lambda code: code != 0) -> int:
    """Runs the program here, waits for it and returns its exit code.

    Raises ``TaskFailedError`` if it cannot be started, is killed by a signal, or if ``fails`` says so of its exit code.
    """
    import subprocess

    opened = []
    try:
        streams = {}
        for name, path, mode in (("stdin", command.stdin, "rb"), ("stdout", command.stdout, "wb"), ("stderr", command.stderr, "wb")):
            if path is None:
                continue
            if name == "stderr" and path == command.stdout:
                streams[name] = subprocess.STDOUT
                continue
            opened.append(open(path, "ab" if path in command.appended else mode))  # noqa: SIM115
            streams[name] = opened[-1]
        environment = {**os.environ, **command.environment} if command.environment else None
        ended = subprocess.run(list(command.argv), cwd=command.working_dir, env=environment, **streams)  # noqa: S603
    except OSError as error:
        raise TaskFailedError(f"{what} could not run {command.argv[0]!r}: {error.strerror or error} ({error.filename})", what) from error
    finally:
        for stream in opened:
            stream.close()
    code = ended.returncode
    if code < 0:
        raise TaskFailedError(f"{what}: {command.argv[0]} was killed by signal {-code}", what)
    if fails(code):
        raise TaskFailedError(f"{what}: {command.argv[0]} ended with exit code {code}", what)
    return code
