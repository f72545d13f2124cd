"""What executors do around or instead of a task's function: programs before and after it, a request, compilation."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from typing import Any, NamedTuple

from . import _hook
from ._containers import call_inside
from ._definition import Definition, Numba
from ._errors import UsageError
from ._mpi import MpiFunction
from ._programs import command_values, paths_in
from ._signature import Signature

__all__ = ["Runner", "runner_of"]


class Runner(NamedTuple):
    """What a task's definition says that concerns executors."""

    definition: Definition

    def prepare(self, function: Callable) -> Callable:
        """The function that carries out a call."""
        if self.definition.numba is not None:
            function = _compiled(function, self.definition.numba)
        elif self.definition.tracing_hook:
            function = _hook.hooked(function)
        definition = self.definition
        if isinstance(definition.execution, MpiFunction):
            return function  # on each rank; what is around it is done once
        if definition.execution is None and definition.prolog is None and definition.epilog is None:
            return function
        return lambda *args, **kwargs: steps(definition, function, args, kwargs)

    def elsewhere(self, function: Callable) -> Callable[[Any, dict[str, Any], int], tuple[Any, Any, dict[str, Any]]] | None:
        """What carries out a call on MPI ranks or in a container; None if the function runs in the executor."""
        definition = self.definition
        if isinstance(definition.execution, MpiFunction):
            return functools.partial(_on_ranks, definition, definition.execution, self.prepare(function))
        container = definition.container
        if container is None or definition.execution is not None:
            return None

        def carry_out(args: Any, kwargs: dict[str, Any], results: int) -> tuple[Any, Any, dict[str, Any]]:
            signature = Signature(function)
            folders = {os.path.dirname(path) for path in paths_in(definition, signature.bind(tuple(args), kwargs))}
            after: list[Any] = []

            @functools.wraps(function)
            def inside(*args: Any, **kwargs: Any) -> Any:
                result, *after[:] = call_inside(container, function, args, kwargs, folders)
                return result

            return (steps(definition, inside, args, kwargs), *after)

        return carry_out


def runner_of(definition: Definition) -> Runner | None:
    """None if executors just call the function."""
    around = definition.numba or definition.tracing_hook or definition.prolog or definition.epilog
    if not (around or definition.execution or definition.container):
        return None
    return Runner(
        Definition(
            parameters=dict(definition.parameters),
            varargs=definition.varargs,
            execution=definition.execution,
            container=definition.container,
            prolog=definition.prolog,
            epilog=definition.epilog,
            numba=definition.numba,
            tracing_hook=definition.tracing_hook,
        )
    )


def _on_ranks(
    definition: Definition, execution: MpiFunction, function: Callable, args: Any, kwargs: dict[str, Any], results: int
) -> tuple[Any, Any, dict[str, Any]]:
    """A call on all ranks of this process's team: the result, and the arguments as they are then."""
    from .worker import ranks

    after: list[Any] = []

    @functools.wraps(function)
    def on_all(*args: Any, **kwargs: Any) -> Any:
        result, *after[:] = ranks.team().lead(execution, definition, function, args, kwargs, results)
        return result

    return (steps(definition._replace(execution=None), on_all, tuple(args), kwargs), *after)


def steps(definition: Definition, function: Callable, args: tuple, kwargs: dict[str, Any]) -> Any:
    """Prolog, the function or what runs instead of it, epilog; returns the function's result."""
    values: dict[str, Any] = {}
    name = getattr(function, "__qualname__", repr(function))
    if definition.prolog is not None or definition.epilog is not None:
        signature = Signature(function)
        values = command_values(definition, signature.bind(args, kwargs), signature)
    if definition.prolog is not None:
        definition.prolog.run(name, values)
    if definition.execution is not None:
        result = definition.execution.run_here(definition, function, args, kwargs)
    else:
        result = function(*args, **kwargs)
    if definition.epilog is not None:
        definition.epilog.run(name, values)
    return result


_NUMBA_MODES = ("jit", "njit", "generated_jit", "vectorize", "guvectorize", "stencil", "cfunc")


def _compiled(function: Callable, how: Numba) -> Callable:
    if how.mode not in _NUMBA_MODES:
        raise UsageError(f"numba of task {function.__qualname__} is {how.mode!r}; give True or one of {', '.join(_NUMBA_MODES)}")
    try:
        import numba
    except ImportError as error:
        name = function.__qualname__
        raise UsageError(f"task {name} asks for numba, which cannot be imported here ({error}); install it, or remove numba") from None
    decorator = getattr(numba, how.mode, None)
    if decorator is None:
        raise UsageError(f"task {function.__qualname__} asks for numba.{how.mode}, which numba {numba.__version__} does not have")
    positional = [part for part in (how.signature, how.declaration) if part is not None]
    return decorator(*positional, **dict(how.flags))(function)
