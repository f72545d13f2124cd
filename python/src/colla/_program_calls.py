"""Calls of tasks that are programs: an argument vector in templates, and what stands for the names in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from os import PathLike
from typing import TYPE_CHECKING, Any

from . import _groups, _returns
from ._calls import file_datum
from ._commands import names_in, text_of
from ._errors import UsageError
from ._futures import Future
from ._keywords import expand
from ._mpi import MpiProgram
from ._parameters import AccessMode, Kind, Parameter
from ._programs import Program, located
from ._signature import Bound, Signature
from ._templates import Needs, lookup_of, treatment
from ._wire import scalar

if TYPE_CHECKING:
    from ._session import Session
    from ._tasks import TaskFunction

__all__ = ["ProgramPlan"]


class ProgramPlan:
    """What all calls of a task that is a program have in common in one session."""

    def __init__(self, task: TaskFunction, session: Session) -> None:
        self.task = task
        self.session = session
        self.name = task.__qualname__
        self.definition = task.definition
        execution = task.definition.execution
        assert isinstance(execution, (Program, MpiProgram))
        self.program = execution.first if isinstance(execution, MpiProgram) else execution
        self._programs = execution.programs if isinstance(execution, MpiProgram) else (execution,)
        self.signature = Signature(task.function)
        self.results = _results(task)
        self._templates: dict[Any, int] = {}

    def call(self, args: tuple, kwargs: dict[str, Any]) -> Future | None:
        """Calls the task; the result is the future of its exit code if it has one."""
        bound = self.signature.bind(args, kwargs)
        arguments = _Arguments(self, bound)
        commands = [self._command(program, bound, arguments) for program in self._programs]
        template = self._template(bound, commands, arguments)
        data = self.session.submit_program(template, arguments.accesses, self.results, arguments.values, _groups.innermost)
        return Future(self.session, data[0], self.name) if data else None

    def _command(self, program: Program, bound: Bound, arguments: _Arguments) -> tuple[str, ...]:
        """The program and its arguments, in templates."""
        templates = program.templates(self.definition, bound, self.signature)
        return tuple(each for template in templates for each in arguments.spread(template))

    def _template(self, bound: Bound, commands: list[tuple[str, ...]], arguments: _Arguments) -> int:
        needs = Needs(self.name, self.definition, lookup_of(self.task.function, self.signature, bound.named))
        working_dir = self._working_dir(arguments)
        key = (tuple(commands), tuple(arguments.names), working_dir, needs.key())
        known = self._templates.get(key)
        if known is None:
            implementation = {
                **self._what_runs(commands, needs),
                "parameters": list(arguments.names),
                **arguments.streams,
                "working_dir": working_dir,
                "fail_by_exit_value": self.program.fail_by_exit_value,
                **needs.description(),
            }
            known = self._templates[key] = self.session.template({
                "name": self.name, "implementations": [implementation], "timeout": needs.timeout, **treatment(self.name, self.definition)
            })  # fmt: skip
        return known

    def _what_runs(self, commands: list[tuple[str, ...]], needs: Needs) -> dict[str, Any]:
        described = [
            {"program": located(command[0]), "arguments": list(command[1:]), "environment": dict(program.environment)}
            for program, command in zip(self._programs, commands)
        ]
        if self.program.decorator == "ompss":
            described[0].update(environment={}, ompss=True)  # the worker makes its environment
        if len(described) == 1:
            return {"kind": "binary", **described[0]}
        return {"kind": "mpmd", "programs": [{**each, "ranks": count} for each, count in zip(described, needs.rank_counts)]}

    def _working_dir(self, arguments: _Arguments) -> str:
        """The program's own folder, as without a run, unless the decorator says another."""
        if self.program.working_dir is None:
            return os.getcwd()
        folder = expand(self.program.working_dir, f"working_dir of @{self.program.decorator}")
        arguments.need(folder)
        return folder if folder.startswith("{{") else os.path.abspath(folder)


def _results(task: TaskFunction) -> int:
    definition = task.definition
    if definition.returns_given:
        count = _returns.declared(task.__qualname__, definition.returns)
    else:
        count = _returns.annotated(task.function)
    if count not in (0, 1):
        said = f"its decorator says returns={definition.returns!r}"
        raise UsageError(f"{task.__qualname__} is a program, so it returns its exit code or nothing; {said}")
    return int(count)


class _Arguments:
    """The arguments of one call, by the names that templates give them.

    ``names`` and ``values`` belong together: an encoded value, or the number of an access.
    """

    def __init__(self, plan: ProgramPlan, bound: Bound) -> None:
        self._plan = plan
        self.names: list[str] = []
        self.values: list[Any] = []
        self.accesses: list[tuple[int, int]] = []
        self.streams: dict[str, str] = {}
        self._lists: dict[str, list[str]] = {}
        definition = plan.definition
        for name, value in (*bound.named.items(), *bound.keywords.items()):
            self._add(name, definition.parameter(name), value)
        for index, value in enumerate(bound.varargs):
            self._add(f"{plan.signature.varargs}.{index}", definition.varargs, value)
        if plan.signature.varargs is not None:
            self._lists[plan.signature.varargs] = [f"{plan.signature.varargs}.{index}" for index in range(len(bound.varargs))]

    def spread(self, template: str) -> Iterator[str]:
        """The templates that one stands for: one for each element, if it is the name of a list."""
        name = template[2:-2] if template.startswith("{{") and template.endswith("}}") else None
        if name in self._lists:
            for element in self._lists[name]:
                yield from self.spread("{{" + element + "}}")
        else:
            self.need(template)
            yield template

    def need(self, template: str) -> None:
        """Raises ``UsageError`` if the template needs a list to be one text."""
        for name in names_in([template]) & self._lists.keys():
            raise UsageError(f"{self._plan.name}: {{{{{name}}}}} is a list, which can only be an argument by itself, not part of {template!r}")

    def _add(self, name: str, parameter: Parameter, value: Any) -> None:
        if name == "self":
            return
        if parameter.stream is not None:
            self.streams[parameter.stream.value] = "{{" + name + "}}"
        if type(value) is not Future and isinstance(value, (list, tuple)):
            self._lists[name] = [f"{name}.{index}" for index in range(len(value))]
            for element, each in zip(self._lists[name], value):
                self._add(element, parameter, each)
            return
        self.names.append(name)
        self.values.append(self._value(name, parameter, value))

    def _value(self, name: str, parameter: Parameter, value: Any) -> Any:
        session = self._plan.session
        if parameter.is_path or parameter.kind is Kind.COLLECTION_FILE:
            if not isinstance(value, (str, PathLike)):
                what = "a future" if type(value) is Future else f"a {type(value).__name__}"
                raise UsageError(f"argument {name} of {self._plan.name} is a {parameter.kind.value}, so it must be a path; it is {what}")
            return self._access(file_datum(session, self._plan.name, name, parameter, os.fspath(value)), parameter.mode)
        datum = value._datum if type(value) is Future else session.is_tracked(value)
        if datum is not None:
            return self._access(datum, AccessMode.IN)
        return scalar(text_of(value)) or self._access(session.argument(text_of(value), False, f"argument {name} of {self._plan.name}"), AccessMode.IN)

    def _access(self, datum: int, mode: AccessMode) -> int:
        for index, (known, known_mode) in enumerate(self.accesses):
            if known == datum:
                if known_mode != mode:
                    self.accesses[index] = (datum, AccessMode.INOUT)
                return index
        self.accesses.append((datum, mode))
        return len(self.accesses) - 1
