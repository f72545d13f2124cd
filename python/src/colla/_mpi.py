"""Tasks on MPI ranks: programs, several programs as one job, and Python functions that run on every rank."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from ._commands import run
from ._definition import Definition, decorate
from ._errors import UsageError
from ._keywords import canonical, expand, nearest, number, truth
from ._programs import COMMON, Program, common, mandatory
from ._signature import Bound, Signature
from ._templates import Extent, Needs, lookup_of

__all__ = ["Layout", "MpiFunction", "MpiProgram", "mpi", "mpmd_mpi"]

_LAYOUT = "_layout"


class Layout(NamedTuple):
    """Which elements of a collection each rank gets: blocks of ``length`` elements whose beginnings are ``stride`` apart, dealt round the ranks.

    ``count`` is the number of blocks; -1: one for each rank. Values may be the names of parameters or globals of the task.
    """

    count: Any = -1
    length: Any = 1
    stride: Any = 1

    @classmethod
    def of(cls, name: str, given: Any) -> Layout:
        """The layout that the keyword ``name`` describes. Raises ``UsageError`` for what is none."""
        if not isinstance(given, Mapping):
            raise UsageError(f"{name} of @mpi is {given!r}; give a dictionary such as {{block_count: 4, block_length: 2, stride: 1}}")
        known = {"block_count": "count", "block_length": "length", "stride": "stride"}
        values = {}
        for key, value in given.items():
            if key not in known:
                raise UsageError(f"{name} of @mpi has the key {key!r}{nearest(str(key), known)}")
            if not (isinstance(value, str) and value.isidentifier()):
                value = number(f"{key} in {name} of @mpi", value, int, -1)
            values[known[key]] = value
        return cls(**values)

    def resolved(self, lookup: Callable[[str], Any], name: str) -> Layout:
        """The same with numbers in place of names. Raises ``UsageError`` if a name has no number that fits."""
        numbers = []
        for what, value, least in (("block_count", self.count, 1), ("block_length", self.length, 1), ("stride", self.stride, 1)):
            given = value
            if isinstance(value, str):
                try:
                    value = lookup(value)
                except KeyError:
                    value = None
            if value == -1:
                value = Layout._field_defaults[Layout._fields[len(numbers)]]
            elif type(value) is not int or value < least:
                wanted = f"give a number of at least {least}, $NAME, or a parameter's or global's name"
                raise UsageError(f"{what} of the layout of {name} is {given!r}; {wanted}")
            numbers.append(value)
        return Layout(*numbers)

    def indices(self, rank: int, size: int) -> list[int]:
        """The places in the collection of what a rank gets, in order; some may be past its end."""
        count = size if self.count == -1 else self.count
        return [at for block in range(rank, count, size) for at in range(block * self.stride, block * self.stride + self.length)]


class MpiProgram(NamedTuple):
    """A task that is one MPI program, or several in one job; its result is the exit code.

    ``extent`` has the number of ranks of each of the ``programs``; working folder and failure are those of the first, for all.
    """

    programs: tuple[Program, ...]
    extent: Extent

    @property
    def first(self) -> Program:
        return self.programs[0]

    def run_here(self, definition: Definition, function: Callable, args: tuple, kwargs: dict) -> int:
        signature = Signature(function)
        bound = signature.bind(args, kwargs)
        name = getattr(function, "__qualname__", repr(function))
        counts = Needs(name, definition, lookup_of(function, signature, bound.named)).rank_counts
        commands = [program.command(definition, bound, signature) for program in self.programs]
        argv = [expand(self.extent.runner, f"runner of @{self.extent.decorator}"), *self.extent.words()]
        for index, (command, count) in enumerate(zip(commands, counts)):
            argv += [":"] if index else []
            argv += ["-n", str(count), *command.argv]
        return run(commands[0]._replace(argv=argv), name, lambda code: self.first.fail_by_exit_value and code != 0)

    def refuse(self, task: str, definition: Definition) -> None:
        """Raises ``UsageError`` if the task has decorators that such a program cannot have."""
        for what, there in (
            ("@prolog or @epilog", definition.prolog or definition.epilog),
            ("@container", definition.container),
            ("a standard stream that is added to a file (INOUT)", definition.adds_to_a_file),
            ("defaults for ignored failures", definition.ignores_failures and definition.on_failure.defaults),
        ):
            if there:
                raise UsageError(f"{task} is an @{self.extent.decorator} program, which cannot have {what}; put that in a task of its own")


class MpiFunction(NamedTuple):
    """A Python function that runs on every rank; ``layouts`` say which elements of a parameter each rank gets (the others: all)."""

    extent: Extent
    layouts: Mapping[str, Layout] = {}

    def run_here(self, definition: Definition, function: Callable, args: tuple, kwargs: dict) -> Any:
        return function(*args, **kwargs)

    def refuse(self, task: str, definition: Definition) -> None:
        """Raises ``UsageError`` if the task has decorators that such a function cannot have."""
        if definition.container is not None:
            raise UsageError(f"{task} is a function on MPI ranks, which cannot have @container")
        others = {*definition.defaults, *definition.on_failure.defaults} - {"returns"} if definition.ignores_failures else ()
        if others:
            raise UsageError(f"{task} is a function on MPI ranks: of what it leaves when it fails, only 'returns' can be said, not {min(others)!r}")

    def check(self, task: str, signature: Signature) -> None:
        """Raises ``UsageError`` for the layout of a parameter that the function does not have."""
        for name in self.layouts:
            if name not in signature.names:
                close = nearest(name, signature.names)
                raise UsageError(f"@mpi of {task} has the keyword {name + _LAYOUT!r}, but {task} has no parameter {name!r}{close}")

    def check_results(self, task: str, results: int, ranks: int) -> None:
        """Raises ``UsageError`` if it is not clear which values are meant."""
        if ranks > 1 and results not in (0, 1, ranks):
            raise UsageError(
                f"{task} returns {results} values, but runs on {ranks} ranks; give returns={ranks} for the value of each rank, or "
                "returns=1 for that of rank 0"
            )

    def layouts_of(self, function: Callable, bound: Bound, signature: Signature) -> dict[str, Layout]:
        """The layouts of one call, in numbers."""
        lookup = lookup_of(function, signature, bound.named)
        return {name: layout.resolved(lookup, name) for name, layout in self.layouts.items()}


def mpi(**keywords: Any) -> Callable[[Any], Any]:
    """The task is an MPI program (``binary``) or, without it, a Python function that runs on every rank (with mpi4py).

    Keywords: ``processes`` (ranks; a number, ``$NAME``, or the name of a global or parameter; default 1), ``processes_per_node`` (just
    so many on one node), ``scale_by_cu`` (True: ``computing_units`` of @constraint is a number of ranks with one core each, for each
    process; False: it is the cores of each rank), ``runner`` (mpirun, mpiexec, srun, mpiexec.hydra or a path; what is there is found by itself),
    ``flags`` (of the runner), and, for a program, ``args``, ``working_dir``, ``fail_by_exit_value`` as for ``@binary``.

    ``<parameter>_layout={block_count: 4, block_length: 2, stride: 1}``: each rank of a function gets only its elements of that collection: one by
    itself if the layout gives it one, else a list. ``returns=N`` with as many ranks gives the value of each rank, ``returns=1`` that of rank 0.
    """
    layouts = {name: value for name, value in keywords.items() if name.endswith(_LAYOUT)}
    names = ("runner", "binary", "processes", "processes_per_node", "scale_by_cu", "flags", *COMMON, "computing_nodes", "computing_units")
    given = canonical("mpi", {name: value for name, value in keywords.items() if name not in layouts}, names)
    processes = given.get("processes", given.get("computing_nodes", 1))
    extent = _extent("mpi", given, (processes,))
    if given.get("binary") is None:
        described = {name[: -len(_LAYOUT)]: Layout.of(name, value) for name, value in layouts.items()}
        for name in ("args", "params", "working_dir"):
            if given.get(name) is not None:
                raise UsageError(f"@mpi has the keyword {name!r}, which is for programs: give 'binary', too, or leave it out")
        return decorate(lambda definition: definition._replace(execution=MpiFunction(extent, described)))
    if layouts:
        raise UsageError(f"@mpi has the keyword {next(iter(layouts))!r}, which is for Python functions; {given['binary']} is a program")
    program = Program("mpi", (mandatory("mpi", given, "binary"),), **common("mpi", given))
    return _with(MpiProgram((program,), extent), given)


def mpmd_mpi(**keywords: Any) -> Callable[[Any], Any]:
    """The task is several MPI programs in one job, which share one ``MPI_COMM_WORLD``: the ranks of the first program come first.

    Keywords: ``programs`` (a list of dictionaries with ``binary``, ``processes`` and ``args``), and ``runner``, ``flags``, ``working_dir``,
    ``processes_per_node``, ``fail_by_exit_value`` as for ``@mpi``. A program without ``args`` gets no arguments.
    """
    names = ("runner", "programs", "working_dir", "processes_per_node", "fail_by_exit_value", "flags", "scale_by_cu")
    given = canonical("mpmd_mpi", keywords, names)
    programs = given.get("programs")
    if not isinstance(programs, (list, tuple)) or not programs:
        raise UsageError("@mpmd_mpi needs the keyword 'programs': a list of dictionaries such as dict(binary='a.out', processes=2)")
    made, counts = [], []
    for program in programs:
        if not isinstance(program, Mapping):
            raise UsageError(f"programs of @mpmd_mpi has {program!r}; give dictionaries such as dict(binary='a.out', processes=2, args='{{{{n}}}}')")
        known = canonical("mpmd_mpi", program, ("binary", "processes", "args", "params"))
        described = {**common("mpmd_mpi", {**known, **given}), "args": str(known.get("args") or known.get("params") or "")}
        made.append(Program("mpmd_mpi", (mandatory("mpmd_mpi", known, "binary"),), **described))
        counts.append(known.get("processes") or 1)
    return _with(MpiProgram(tuple(made), _extent("mpmd_mpi", given, tuple(counts))), given)


def _with(program: MpiProgram, given: Mapping[str, Any]) -> Callable[[Any], Any]:
    return decorate(lambda definition: definition._replace(execution=program))


def _extent(decorator: str, given: Mapping[str, Any], processes: Sequence[Any]) -> Extent:
    flags = given.get("flags")
    return Extent(
        decorator,
        tuple(processes),
        given.get("processes_per_node") or 0,
        truth(f"scale_by_cu of @{decorator}", given.get("scale_by_cu") or False),
        os.fspath(given.get("runner") or "mpirun"),
        "" if flags is None else shlex.join(map(str, flags)) if isinstance(flags, (list, tuple)) else str(flags),
    )
