"""The decorator that makes a function a task, and what it makes of it."""

from __future__ import annotations

import functools
import os
import sys
import types
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar, overload

from ._decorators import management_of
from ._definition import Definition, Numba, OnFailure, Reduction, pending_of
from ._errors import UsageError
from ._keywords import nearest, snake_case, truth
from ._parameters import INOUT, Parameter, parameter_of
from ._session import current
from ._signature import Signature

if TYPE_CHECKING:
    from ._plans import AnyPlan

__all__ = ["task", "TaskFunction"]

F = TypeVar("F", bound=Callable[..., Any])

_KEYWORDS = frozenset((
    "returns", "target_direction", "cache_returns", "priority", "defaults", "time_out", "is_replicated", "is_distributed", "is_reduce",
    "computing_nodes", "processes_per_node", "chunk_size", "on_failure", "tracing_hook", "numba", "numba_flags", "numba_signature",
    "numba_declaration", "varargs_type",
))  # fmt: skip
"""What ``@task`` itself may be told; any other keyword is a parameter's name."""


@overload
def task(function: F, /) -> F: ...


@overload
def task(
    *,
    returns: Any = ...,
    target_direction: Parameter = ...,
    priority: bool | int = ...,
    time_out: int = ...,
    on_failure: str = ...,
    defaults: Mapping[str, Any] = ...,
    varargs_type: Any = ...,
    numba: bool | str = ...,
    tracing_hook: bool = ...,
    is_reduce: bool = ...,
    chunk_size: int | str = ...,
    computing_nodes: int | str = ...,
    **parameters: Any,
) -> Callable[[F], F]: ...


def task(function: Any = None, /, **keywords: Any) -> Any:
    """Makes the function a task: each call of it returns at once and runs when what it needs is there.

    Keywords:

    - one for each parameter that is not just read: ``IN``, ``INOUT``, ``FILE_OUT`` …, or a dictionary such as
      ``{Type: COLLECTION_IN, Depth: 2}``;
    - ``returns``: a type, a number of values, a list of types, or the name of a global or parameter with the number; without it, the
      annotation or the return statements say it;
    - ``target_direction``: what a method does with ``self`` (INOUT); ``varargs_type``: what is done with ``*args`` (IN);
    - ``priority``: True, or a number: before tasks with less; ``time_out``: seconds that it may run (0: any);
    - ``on_failure``: RETRY, FAIL, IGNORE, CANCEL_SUCCESSORS; ``defaults``: what an ignored failure leaves, by parameter's name;
    - ``tracing_hook``: True: in the trace of a run, the functions that the task calls are told apart;
    - ``is_reduce``, ``chunk_size``: see ``@reduction``; ``computing_nodes``: see ``@multinode``; ``numba``: see the guide.

    A call returns a future (a list of futures for several values); ``wait_on`` turns it into the value. In a program that runs without
    Colla, a call is a plain call.

    Raises ``UsageError``, where the function is defined, for a keyword that is neither one of these nor a parameter's name.
    """
    if function is not None:
        if keywords or not callable(getattr(function, "__func__", function)):
            raise UsageError(f"@task got {function!r}; give it keywords only, as in @task(returns=1)")
        return _make(function, {})
    return lambda target: _make(target, keywords)


def _make(target: Any, keywords: Mapping[str, Any]) -> Any:
    if isinstance(target, (staticmethod, classmethod)):
        return type(target)(_make(target.__func__, keywords))
    if isinstance(target, TaskFunction):
        raise UsageError(f"{target.__qualname__} is a task already; put @task on it once")
    if not callable(target):
        raise UsageError(f"@task is on {target!r}, which is not a function")
    definition = _definition(target, keywords)
    for change in pending_of(target):
        definition = change(definition)
    return TaskFunction(target, Definition()).redefined(definition)


def _definition(function: Callable, keywords: Mapping[str, Any]) -> Definition:
    signature = Signature(function)
    known: dict[str, Any] = {}
    parameters: dict[str, Parameter] = {}
    names = {*signature.names, signature.varargs, signature.varkeywords} - {None}
    for given, value in keywords.items():
        if given in _KEYWORDS:
            known[given] = value
        elif given in names:
            parameters[given] = parameter_of(given, value)
        elif snake_case(given) in _KEYWORDS:
            known[snake_case(given)] = value
        elif signature.varkeywords is not None and isinstance(value, (Parameter, Mapping)):
            parameters[given] = parameter_of(given, value)
        else:
            where = getattr(function, "__qualname__", function)
            raise UsageError(f"@task of {where} has the keyword {given!r}, but {where} has no such parameter{nearest(given, {*names, *_KEYWORDS})}")
    varargs = known.get("varargs_type", parameters.get(signature.varargs or "", Parameter()))
    management = known.get("on_failure")
    defaults = known.get("defaults") or {}
    return Definition(
        parameters=parameters,
        target=parameter_of("self", known.get("target_direction", INOUT)),
        varargs=parameter_of("varargs_type", varargs),
        returns=known.get("returns"),
        returns_given="returns" in known,
        priority=int(known.get("priority") or 0),
        defaults=dict(defaults),
        time_out=known.get("time_out", 0),
        on_failure=OnFailure(management_of(management)) if management is not None else OnFailure(),
        on_failure_given=management is not None,
        computing_nodes=known.get("computing_nodes"),
        reduction=Reduction(known.get("chunk_size")) if truth("is_reduce", known.get("is_reduce", False)) else None,
        numba=_numba(known),
        tracing_hook=truth("tracing_hook", known.get("tracing_hook", False)),
        hints=frozenset(hint for hint in ("is_replicated", "is_distributed") if known.get(hint)),
    )


def _numba(known: Mapping[str, Any]) -> Numba | None:
    mode = known.get("numba", False)
    if not mode:
        return None
    return Numba("jit" if mode is True else str(mode), known.get("numba_flags") or {}, known.get("numba_signature"), known.get("numba_declaration"))


_implementations: dict[Callable, TaskFunction] = {}
"""The tasks that are further implementations of others, by their functions."""


class TaskFunction:
    """A function whose calls are tasks.

    ``function`` is the function itself; ``definition`` what the decorators said. Calls may come from any thread.
    """

    def __init__(self, function: Callable, definition: Definition) -> None:
        functools.update_wrapper(self, function)
        self.function = function
        self.definition = definition
        self._plan: AnyPlan | None = None
        self._bound = False

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        if not self._bound and not isinstance(instance, type):
            self._bound = True
        return types.MethodType(self, instance)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        session = current()
        if session is None:
            return self._call_here(args, kwargs)
        plan = self._plan
        if plan is None or plan.session is not session:
            plan = self._new_plan(session)
        try:
            return plan.call(args, kwargs)
        except (UsageError, TypeError) as error:
            raise error.with_traceback(None) from error.__cause__

    def __repr__(self) -> str:
        return f"<task {self.__qualname__}>"

    def __reduce_ex__(self, protocol: Any) -> Any:
        module = sys.modules.get(self.__module__)
        if module is not None and self.__module__ != "__main__" and _found(module, self.__qualname__) is self:
            return self.__qualname__
        return super().__reduce_ex__(protocol)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_plan": None}

    def redefined(self, definition: Definition) -> TaskFunction:
        """A task of the same function with another definition."""
        made = TaskFunction(self.function, definition)
        if definition.implements is not None:
            _implementations[self.function] = made
        return made

    def task_of(self, instance: Any) -> Any:
        """The task as a method of an object that is still to be made."""
        self._bound = True
        return types.MethodType(self, instance)

    def is_method(self, first: str) -> bool:
        """Whether the first parameter, of this name, is the object whose method the task is."""
        return self._bound or first == "self"

    def implementations(self) -> list[TaskFunction]:
        """The further implementations of this task."""
        return [each for each in _implementations.values() if self._is_implemented_by(each)]

    def _is_implemented_by(self, other: TaskFunction) -> bool:
        which = other.definition.implements
        if which is None or which.method != self.__name__ or other.function is self.function:
            return False
        owner = self.__qualname__.rpartition(".")[0]
        module = self.__module__
        names = {module, module.rpartition(".")[2], owner, f"{module}.{owner}"}
        if module == "__main__":
            names.add(_script())
        return which.source in names or which.source.rpartition(".")[2] in names

    def _new_plan(self, session: Any) -> AnyPlan:
        from ._plans import plan_of

        plan = self._plan = plan_of(self, session)
        if session.on_plan is not None:
            session.on_plan(plan)
        return plan

    def _call_here(self, args: tuple, kwargs: dict[str, Any]) -> Any:
        if self.definition.is_function_alone():
            return self.function(*args, **kwargs)
        from . import _sequential

        return _sequential.call(self, args, kwargs)


def _found(module: Any, qualname: str) -> Any:
    found = module
    for part in qualname.split("."):
        found = getattr(found, part, None)
    return found


def _script() -> str:
    """The main script's name, as a module's."""
    return os.path.splitext(os.path.basename(getattr(sys.modules.get("__main__"), "__file__", None) or ""))[0]
