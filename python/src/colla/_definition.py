"""What the decorators say about a task, and how they find each other when they are stacked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol

from ._errors import UsageError
from ._parameters import INOUT, AccessMode, Parameter

__all__ = ["Definition", "Execution", "OnFailure", "Reduction", "Numba", "Implementation", "decorate", "pending_of"]


class OnFailure(NamedTuple):
    """What to do when a task fails.

    ``defaults`` are the contents of what it would have written, by the parameter's name (``returns``: its results), used with IGNORE.
    """

    management: str = "RETRY"
    defaults: Mapping[str, Any] = {}


class Reduction(NamedTuple):
    """A task that combines a collection of any length, by a tree of tasks with so many elements each (None: chosen here)."""

    chunk_size: int | str | None = None


class Numba(NamedTuple):
    """The function is compiled by numba where it runs; ``mode`` is one of numba's decorators."""

    mode: str
    flags: Mapping[str, Any]
    signature: Any
    declaration: Any


class Execution(Protocol):
    """How a task runs that is not (only) its Python function: a program, a request."""

    def run_here(self, definition: Definition, function: Callable, args: tuple, kwargs: dict) -> Any:
        """Carries out the call in this process, as a program without tasks would; returns its result."""


class Implementation(NamedTuple):
    """A further implementation of the task ``method`` of ``source`` (a module's or class's name)."""

    source: str
    method: str


class Definition(NamedTuple):
    """All that is said about a task. Immutable: each decorator makes a new one."""

    parameters: Mapping[str, Parameter] = {}
    target: Parameter = INOUT
    varargs: Parameter = Parameter()
    returns: Any = None
    returns_given: bool = False
    priority: int = 0
    defaults: Mapping[str, Any] = {}
    time_out: Any = 0
    on_failure: OnFailure = OnFailure()
    on_failure_given: bool = False
    constraints: Mapping[str, Any] = {}
    implements: Implementation | None = None
    computing_nodes: Any = None
    execution: Execution | None = None
    container: Any = None
    prolog: Any = None
    epilog: Any = None
    reduction: Reduction | None = None
    numba: Numba | None = None
    io: bool = False
    transformations: tuple = ()
    transforms_at_call: bool = False
    hints: frozenset[str] = frozenset()
    tracing_hook: bool = False

    def parameter(self, name: str) -> Parameter:
        """What the task does with the parameter of that name."""
        return self.parameters.get(name, _IN)

    def is_function_alone(self) -> bool:
        """Whether a call without a run is a call of the function, and nothing else."""
        around = self.execution or self.prolog or self.epilog or self.transformations or self.transforms_at_call
        return not around and not self.ignores_failures

    @property
    def adds_to_a_file(self) -> bool:
        """Whether what a program prints is added to a file that is there."""
        return any(each.stream is not None and each.mode not in (AccessMode.IN, AccessMode.OUT) for each in self.parameters.values())

    @property
    def ignores_failures(self) -> bool:
        return self.on_failure.management == "IGNORE"


_IN = Parameter(mode=AccessMode.IN)
_PENDING = "__colla_pending__"


def decorate(change: Callable[[Definition], Definition]) -> Callable[[Any], Any]:
    """A decorator that makes this change to the task that it is put on.

    On a function that is not a task yet (``@task`` stands above), the change waits for ``@task``.
    """

    def apply(target: Any) -> Any:
        from ._tasks import TaskFunction

        if isinstance(target, TaskFunction):
            return target.redefined(change(target.definition))
        if isinstance(target, (staticmethod, classmethod)):
            return type(target)(apply(target.__func__))
        if not callable(target):
            raise UsageError(f"the decorator is on {target!r}, which is not a function")
        if isinstance(target, type) or not hasattr(target, "__dict__"):
            raise UsageError(f"the decorator is on {target!r}; put it on a function")
        setattr(target, _PENDING, (*pending_of(target), change))
        return target

    return apply


def pending_of(function: Callable) -> tuple[Callable[[Definition], Definition], ...]:
    """The changes by decorators below ``@task``, the first applied first."""
    return getattr(function, _PENDING, ())
