"""Tasks that run programs: binaries, OmpSs programs, Julia scripts, nested applications. Those with MPI ranks are in ``_mpi``."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from ._commands import Command, fill, flat, names_in, run, split, text_of
from ._containers import Container
from ._definition import Definition, decorate
from ._errors import UsageError
from ._keywords import canonical, expand, nearest, truth
from ._parameters import AccessMode, Kind, Parameter, Stream
from ._signature import Bound, Signature

__all__ = [
    "COMMON", "Program", "Step", "Unsupported", "common", "mandatory", "paths_in",
    "binary", "ompss", "julia", "compss", "opencl", "decaf", "prolog", "epilog",
]  # fmt: skip


class Program(NamedTuple):
    """A program as a task; its result is its exit code.

    ``head`` is the program and the arguments that always come first; ``args`` are the further ones, as one text with ``{{name}}`` for
    parameters (None: the task's parameters in order, each after its prefix).
    """

    decorator: str
    head: tuple[str, ...]
    args: str | None = None
    working_dir: str | None = None
    fail_by_exit_value: bool = True
    environment: Mapping[str, str] = {}

    def templates(self, definition: Definition, bound: Bound, signature: Signature) -> list[str]:
        """The argument vector, in templates."""
        head = [expand(part, f"@{self.decorator}") for part in self.head]
        if self.args is not None:
            templates = split(f"args of @{self.decorator}", expand(self.args))
            self._check(templates, definition, bound)
            return head + templates
        names = [name for name in bound.named if definition.parameter(name).stream is None and name != "self"]
        templates = [definition.parameter(name).prefix + "{{" + name + "}}" for name in names if bound.named[name] is not None]
        templates += ["{{%s.%d}}" % (signature.varargs, index) for index in range(len(bound.varargs))]
        return head + templates + ["{{%s}}" % name for name in bound.keywords]

    def _check(self, templates: list[str], definition: Definition, bound: Bound) -> None:
        known = {*bound.named, *bound.keywords}
        for name in sorted(names_in(templates)):
            if name not in known and not name.startswith("task.") and name.rpartition(".")[0] == "":
                raise UsageError(
                    f"args of @{self.decorator} mentions {{{{{name}}}}}, but the task has no parameter of that name{nearest(name, known)}"
                )

    def run_here(self, definition: Definition, function: Callable, args: tuple, kwargs: dict) -> int:
        signature = Signature(function)
        bound = signature.bind(args, kwargs)
        command = self.command(definition, bound, signature)
        return run(command, _name(function), lambda code: self.fail_by_exit_value and code != 0)

    def command(self, definition: Definition, bound: Bound, signature: Signature) -> Command:
        """The program with the call's arguments, to be started on this machine."""
        values = command_values(definition, bound, signature)
        what = f"args of @{self.decorator}"
        templates = self.templates(definition, bound, signature)
        argv = [argument for template in templates for argument in fill(what, template, values)]
        working_dir = None
        if self.working_dir is not None:
            [working_dir] = fill(f"working_dir of @{self.decorator}", expand(self.working_dir), values)
            working_dir = os.path.abspath(working_dir)
        argv[0] = located(argv[0])
        if definition.container is not None:
            folders = {os.path.dirname(path) for path in paths_in(definition, bound)}
            argv = definition.container.command(argv, working_dir or os.getcwd(), folders)
        streams, appended = _streams(definition, bound)
        environment = {name: fill(what, text, values)[0] for name, text in self.environment.items()}
        return Command(argv, streams.get("stdin"), streams.get("stdout"), streams.get("stderr"), appended, working_dir, environment)


class Unsupported(NamedTuple):
    """A task whose decorator can be written, and which cannot be called."""

    decorator: str
    instead: str

    def run_here(self, definition: Definition, function: Callable, args: tuple, kwargs: dict) -> Any:
        raise self.unavailable(_name(function))

    def unavailable(self, task: str) -> UsageError:
        """What to tell a program that calls such a task."""
        return UsageError(f"{task} is an @{self.decorator} task, which Colla does not run; {self.instead}")


class Step(NamedTuple):
    """A program that runs before or after a task, on its node."""

    decorator: str
    program: str
    args: str = ""
    fail_by_exit_value: bool = True

    def run(self, task: str, values: Mapping[str, Any]) -> None:
        """Runs it here, with the task's arguments for the names in its own."""
        what = f"args of @{self.decorator}"
        program = located(expand(self.program, f"@{self.decorator}"))
        argv = [program, *(each for template in split(what, expand(self.args)) for each in fill(what, template, values))]
        run(Command(argv), f"@{self.decorator} of {task}", lambda code: self.fail_by_exit_value and code != 0)


def command_values(definition: Definition, bound: Bound, signature: Signature) -> dict[str, Any]:
    """What the names in templates stand for: the call's arguments (paths made absolute) and what is known of the task."""
    values: dict[str, Any] = {"task.cores": 1, "task.memory_mb": 0, "task.id": 0, "task.nodes": os.uname().nodename}
    for name, value in (*bound.named.items(), *bound.keywords.items()):
        values[name] = absolute(definition.parameter(name), value)
    for index, value in enumerate(bound.varargs):
        values[f"{signature.varargs}.{index}"] = absolute(definition.varargs, value)
    if signature.varargs is not None:
        values[signature.varargs] = [absolute(definition.varargs, value) for value in bound.varargs]
    return values


def absolute(parameter: Parameter, value: Any) -> Any:
    """The argument, with paths made absolute if it is one or a collection of them."""
    if parameter.is_path:
        return os.path.abspath(text_of(value)) if isinstance(value, (str, os.PathLike)) else value
    if parameter.kind is Kind.COLLECTION_FILE:
        return [absolute(parameter, each) if isinstance(each, (list, tuple)) else os.path.abspath(text_of(each)) for each in value]
    return value


def located(program: str) -> str:
    """The program by its absolute path if it is a path or a file here, else its name, to be looked up on the PATH."""
    if os.sep in program:
        return os.path.abspath(os.path.expanduser(program))
    return program


def _streams(definition: Definition, bound: Bound) -> tuple[dict[str, str], frozenset[str]]:
    streams = {}
    appended = set()
    for name, value in bound.named.items():
        parameter = definition.parameter(name)
        if parameter.stream is None:
            continue
        path = os.path.abspath(text_of(value))
        streams[parameter.stream.value] = path
        if parameter.stream is not Stream.STDIN and parameter.mode is not AccessMode.OUT:
            appended.add(path)
    return streams, frozenset(appended)


def paths_in(definition: Definition, bound: Bound) -> Iterator[str]:
    """The absolute paths among the arguments."""
    for name, value in (*bound.named.items(), *bound.keywords.items()):
        parameter = definition.parameter(name)
        if parameter.is_path or parameter.kind is Kind.COLLECTION_FILE:
            yield from map(text_of, flat(absolute(parameter, value)))


def _name(function: Callable) -> str:
    return getattr(function, "__qualname__", repr(function))


def _program_decorator(program: Program, keywords: Mapping[str, Any]) -> Callable[[Any], Any]:
    def change(definition: Definition) -> Definition:
        changed = definition._replace(execution=program)
        if keywords.get("engine") is not None:
            changed = changed._replace(container=Container.of(keywords["engine"], keywords.get("image"), keywords.get("options")))
        if keywords.get("computing_nodes") is not None:
            changed = changed._replace(computing_nodes=keywords["computing_nodes"])
        return changed

    return decorate(change)


COMMON = ("args", "params", "working_dir", "fail_by_exit_value")
"""Keywords of all decorators of programs."""


def common(decorator: str, keywords: Mapping[str, Any]) -> dict[str, Any]:
    """What the keywords ``COMMON`` say, as a ``Program`` takes it."""
    args = keywords.get("args", keywords.get("params"))
    working_dir = keywords.get("working_dir")
    return {
        "args": None if args is None else str(args),
        "working_dir": None if working_dir is None else text_of(working_dir),
        "fail_by_exit_value": truth(f"fail_by_exit_value of @{decorator}", keywords.get("fail_by_exit_value", True)),
    }


def mandatory(decorator: str, keywords: Mapping[str, Any], name: str) -> str:
    """The text of a keyword. Raises ``UsageError`` without it."""
    value = keywords.get(name)
    if value is None or not str(value):
        raise UsageError(f"@{decorator} needs the keyword {name!r}")
    return text_of(value)


def binary(**keywords: Any) -> Callable[[Any], Any]:
    """The task is a program; the function's body is not run.

    Keywords: ``binary`` (a path, or a name on the PATH; needed), ``args`` (a text, split as a shell would; ``{{name}}`` stands for a
    parameter's value or its file's path; without it the parameters are the arguments, in order), ``working_dir``,
    ``fail_by_exit_value`` (True: an exit code other than 0 fails the task). With ``returns=int`` the result is the exit code.

    Raises ``UsageError`` for a keyword that it does not have.
    """
    given = canonical("binary", keywords, ("binary", *COMMON, "engine", "image", "options", "computing_nodes"))
    return _program_decorator(Program("binary", (mandatory("binary", given, "binary"),), **common("binary", given)), given)


def ompss(**keywords: Any) -> Callable[[Any], Any]:
    """The task is an OmpSs or OpenMP program: as ``@binary``, with as many threads as the task has cores."""
    given = canonical("ompss", keywords, ("binary", *COMMON, "computing_nodes"))
    environment = {"NX_ARGS": "--smp-cpus={{task.cores}} --smp-workers={{task.cores}}", "OMP_NUM_THREADS": "{{task.cores}}"}
    program = Program("ompss", (mandatory("ompss", given, "binary"),), environment=environment, **common("ompss", given))
    return _program_decorator(program, given)


def julia(**keywords: Any) -> Callable[[Any], Any]:
    """The task is a Julia script.

    Keywords: ``script`` (needed), ``executor`` (the interpreter and its options; default ``julia``), ``computing_nodes``, and
    ``args``, ``working_dir``, ``fail_by_exit_value`` as for ``@binary``.
    """
    given = canonical("julia", keywords, ("script", "executor", *COMMON, "computing_nodes"))
    head = (*shlex.split(str(given.get("executor") or "julia")), text_of(mandatory("julia", given, "script")))
    return _program_decorator(Program("julia", head, **common("julia", given)), given)


def compss(**keywords: Any) -> Callable[[Any], Any]:
    """The task is an application with tasks of its own, run by a ``colla run`` within the task.

    Keywords: ``app_name`` (the script; needed), ``flags`` (options of ``colla run``), ``runcompss`` (another command instead of it),
    ``computing_nodes``, ``worker_in_master``, and ``args``, ``working_dir``, ``fail_by_exit_value`` as for ``@binary``.
    """
    names = ("app_name", "runcompss", "flags", "worker_in_master", *COMMON, "computing_nodes")
    given = canonical("compss", keywords, names)
    application = mandatory("compss", given, "app_name")
    command = shlex.split(str(given["runcompss"])) if given.get("runcompss") else _nested_run()
    head = (*command, *shlex.split(str(given.get("flags") or "")), application)
    return _program_decorator(Program("compss", head, **common("compss", given)), given)


def _nested_run() -> list[str]:
    home = os.environ.get("COLLA_HOME")
    if home:
        return [os.path.join(home, "bin", "colla"), "run"]
    import shutil

    return ["colla", "run"] if shutil.which("colla") else [sys.executable]


_OPENCL = Unsupported("opencl", "use @binary, or a Python function that calls the device")
_DECAF = Unsupported("decaf", "start its programs together by @mpmd_mpi")


def opencl(**keywords: Any) -> Callable[[Any], Any]:
    """The task is an OpenCL kernel. The decorator can be written; a call raises ``UsageError``."""
    canonical("opencl", keywords, ("kernel", "working_dir"))
    return decorate(lambda definition: definition._replace(execution=_OPENCL))


def decaf(**keywords: Any) -> Callable[[Any], Any]:
    """The task is a Decaf data flow. The decorator can be written; a call raises ``UsageError``."""
    names = ("df_script", "df_executor", "df_lib", "runner", "working_dir", "computing_nodes", "processes", "fail_by_exit_value", "args")
    canonical("decaf", keywords, names)
    return decorate(lambda definition: definition._replace(execution=_DECAF))


def prolog(**keywords: Any) -> Callable[[Any], Any]:
    """A program that runs on the task's node before the task.

    Keywords: ``binary`` (needed), ``args`` (``{{name}}`` as for ``@binary``), ``fail_by_exit_value`` (True).
    """
    step = _step("prolog", keywords)
    return decorate(lambda definition: definition._replace(prolog=step))


def epilog(**keywords: Any) -> Callable[[Any], Any]:
    """A program that runs on the task's node after the task; keywords as for ``@prolog`` (``fail_by_exit_value`` is False here)."""
    step = _step("epilog", keywords)
    return decorate(lambda definition: definition._replace(epilog=step))


def _step(decorator: str, keywords: Mapping[str, Any]) -> Step:
    given = canonical(decorator, keywords, ("binary", "args", "params", "fail_by_exit_value"))
    described = common(decorator, {"fail_by_exit_value": decorator == "prolog", **given})
    return Step(decorator, mandatory(decorator, given, "binary"), described["args"] or "", described["fail_by_exit_value"])
