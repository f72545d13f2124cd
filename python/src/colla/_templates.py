"""What a task needs and how it is treated, as the gateway takes it."""

from __future__ import annotations

import os
import shutil
import warnings
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from ._commands import split
from ._definition import Definition
from ._errors import UsageError
from ._futures import Future
from ._keywords import expand, nearest, snake_case
from ._signature import Signature

__all__ = ["Extent", "Needs", "is_dynamic", "lookup_of", "treatment", "warn_once"]

_GIGABYTE = 1 << 30
_NUMBERS = frozenset(("computing_units", "memory_size"))
_PROPERTIES = frozenset((
    "processor_name", "processor_architecture", "processor_property_value", "operating_system_type", "operating_system_distribution",
    "operating_system_version",
))  # fmt: skip
_UNCHECKED = frozenset((
    "is_local", "processor_speed", "processor_internal_memory_size", "memory_type", "storage_size", "storage_type", "storage_bw",
    "wall_clock_limit", "host_queues", "app_software", *_PROPERTIES,
))  # fmt: skip

Lookup = Callable[[str], Any]
"""The value of a parameter or global of that name. Raises ``KeyError`` if there is none."""

_LAUNCHERS = {
    "mpirun": None, "mpiexec": None, "orterun": None, "prterun": None,
    "openmpi": "openmpi", "mpirun.openmpi": "openmpi", "mpiexec.openmpi": "openmpi",
    "srun": "srun", "hydra": "hydra", "mpirun.hydra": "hydra", "mpiexec.hydra": "hydra", "mpirun.mpich": "hydra", "mpiexec.mpich": "hydra",
}  # fmt: skip
"""The launchers that the commands which users name as runners stand for; None: the run's own."""

_TYPES = {"ompi": "openmpi", "impi": "hydra"}
"""The launchers of PyCOMPSs' names for kinds of MPI."""

_warned: set[str] = set()


class Extent(NamedTuple):
    """How many MPI ranks a task has and how they are started, as its decorator says it.

    ``processes`` has the ranks of each program; they and ``per_node`` (0: free) are numbers, ``$NAME``, or names of globals or parameters.
    """

    decorator: str
    processes: tuple
    per_node: Any = 0
    scale_by_cu: bool = False
    runner: str = "mpirun"
    flags: str = ""

    def launcher(self, task: str) -> str | None:
        """The launcher that the runner stands for; None: the run's own. Raises ``UsageError`` for a runner that is none."""
        what = f"runner of @{self.decorator}"
        runner = expand(self.runner, what)
        if os.sep in runner:
            return os.path.abspath(runner)
        if runner in _LAUNCHERS:
            return _LAUNCHERS[runner] or _TYPES.get(os.environ.get("COMPSS_MPIRUN_TYPE", ""))
        if shutil.which(runner) is None:
            raise UsageError(f"{what} of {task} is {self.runner!r}, which is no command here; give mpirun, mpiexec, srun or mpiexec.hydra")
        return runner

    def words(self) -> list[str]:
        """The flags. Raises ``UsageError`` if they cannot be told apart."""
        return split(f"flags of @{self.decorator}", expand(self.flags))


def warn_once(text: str) -> None:
    """A warning that each process gives once."""
    if text not in _warned:
        _warned.add(text)
        warnings.warn(text, RuntimeWarning, stacklevel=2)


def is_dynamic(definition: Definition) -> bool:
    """Whether what the task needs depends on the call: a value is the name of a parameter or global."""
    values = [definition.computing_nodes, definition.time_out]
    extent = _extent_of(definition)
    if extent is not None:
        values += [*extent.processes, extent.per_node]
    for key, value in definition.constraints.items():
        if key == "processors":
            values += [each for part in value for name, each in part.items() if snake_case(name) == "computing_units"]
        elif key in _NUMBERS:
            values.append(value)
    return any(isinstance(value, str) and _is_name(value) for value in values)


def _extent_of(definition: Definition) -> Extent | None:
    return getattr(definition.execution, "extent", None)


def _is_name(text: str) -> bool:
    return text.isidentifier()


class Needs:
    """What one call needs, from the definition and the values that it names."""

    def __init__(self, task: str, definition: Definition, lookup: Lookup) -> None:
        self._task = task
        self._lookup = lookup
        self.cores = 1
        self.memory = 0
        self.nodes = 1
        self.resources: dict[str, int] = {}
        self.timeout = self._number("time_out", definition.time_out or 0, float, 0)
        if definition.computing_nodes is not None:
            self.nodes = self._number("computing_nodes", definition.computing_nodes, int, 1)
        self._read(definition.constraints)
        self.rank_counts: list[int] = []
        self._per_node = 0
        extent = self._extent = _extent_of(definition)
        if extent is not None:
            self._spread_out(extent)

    def description(self) -> dict[str, Any]:
        """As a template's implementation says it."""
        found: dict[str, Any] = {"cores": self.cores}
        if self.memory:
            found["memory"] = self.memory
        if self.nodes != 1:
            found["nodes"] = self.nodes
        if self.resources:
            found["resources"] = self.resources
        extent = self._extent
        if extent is not None:
            launcher = extent.launcher(self._task)
            found["ranks"] = {"count": sum(self.rank_counts), "per_node": self._per_node, "launcher": launcher, "flags": extent.words()}
        return found

    def key(self) -> tuple:
        """Equal for calls with equal needs."""
        ranks = (tuple(self.rank_counts), self._per_node)
        return (self.cores, self.memory, self.nodes, self.timeout, tuple(sorted(self.resources.items())), ranks)

    def _read(self, constraints: Mapping[str, Any]) -> None:
        processors = [{"processor_type": constraints.get("processor_type", "CPU"), "computing_units": constraints.get("computing_units", 1)}]
        if constraints.get("processors"):
            processors = [{snake_case(name): value for name, value in each.items()} for each in constraints["processors"]]
        for each in processors:
            units = self._number("computing_units", each.get("computing_units", 1), int, 0)
            kind = expand(str(each.get("processor_type", "CPU")), "processor_type").upper()
            if kind == "CPU":
                self.cores = max(1, units)
            else:
                self.resources[kind.lower()] = self.resources.get(kind.lower(), 0) + units
            self._warn(name for name in each if name in _UNCHECKED)
        if "memory_size" in constraints:
            self.memory = int(self._number("memory_size", constraints["memory_size"], float, 0) * _GIGABYTE)
        self._warn(name for name, value in constraints.items() if name in _UNCHECKED and value)

    def _spread_out(self, extent: Extent) -> None:
        """Cores, memory and resources are those of each rank."""
        if self.nodes != 1:
            raise UsageError(f"{self._task} has computing_nodes and @{extent.decorator}; give its processes and processes_per_node instead")
        self.rank_counts = [self._number("processes", each, int, 1) for each in extent.processes]
        self._per_node = self._number("processes_per_node", extent.per_node, int, 0)
        if extent.scale_by_cu:
            self.rank_counts = [count * self.cores for count in self.rank_counts]
            self.memory //= self.cores
            self.cores = 1

    def _warn(self, names: Any) -> None:
        for name in names:
            warn_once(f"@constraint of {self._task}: {name} is not checked, as nodes do not tell it; tasks may run on any node")

    def _number(self, what: str, value: Any, kind: type, least: float) -> Any:
        given = value
        if isinstance(value, str):
            value = expand(value.strip(), f"{what} of {self._task}")
            if _is_name(value):
                value = self._named(what, value)
        if isinstance(value, (list, tuple)):  # different values for different nodes: the most
            value = max(value, default=0)
        try:
            number = kind(value)
        except (TypeError, ValueError):
            number = None
        if number is None or number < least:
            wanted = f"give a number of at least {least}, $NAME, or the name of a parameter or global with one"
            raise UsageError(f"{what} of {self._task} is {given!r}; {wanted}")
        return number

    def _named(self, what: str, name: str) -> Any:
        try:
            return self._lookup(name)
        except KeyError as error:
            names = error.args[1] if len(error.args) > 1 else ()
            raise UsageError(
                f"{what} of {self._task} is {name!r}, which is neither a number, a parameter nor a global variable{nearest(name, names)}"
            ) from None


def lookup_of(function: Callable, signature: Signature, arguments: Mapping[str, Any]) -> Lookup:
    """Finds values among a call's arguments, then the defaults, then the globals of the task's function; futures are waited for."""
    variables = getattr(function, "__globals__", {})

    def lookup(name: str) -> Any:
        for place in (arguments, signature.defaults, variables):
            if name in place:
                value = place[name]
                return value.result() if type(value) is Future else value
        raise KeyError(name, (*signature.names, *(each for each in variables if not each.startswith("_"))))

    return lookup


def treatment(task: str, definition: Definition) -> dict[str, Any]:
    """How urgent the task is and what happens when it fails."""
    for hint in sorted(definition.hints):
        warn_once(f"@task of {task}: {hint} has no effect; the scheduler places each call where its data are")
    return {"priority": definition.priority, "on_failure": definition.on_failure.management, "retries": None}
