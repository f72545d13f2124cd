"""Calls that become several: reductions as trees of tasks, and arguments that other tasks put in another form first."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ._decorators import Transformation
from ._definition import Definition
from ._errors import UsageError
from ._keywords import nearest, number
from ._parameters import COLLECTION_IN, FILE_IN, FILE_OUT, Kind, Parameter
from ._signature import Signature

if TYPE_CHECKING:
    from ._session import Session
    from ._tasks import TaskFunction

__all__ = ["ReductionPlan", "TransformedPlan", "transformed"]

_CHUNK = 8
"""Elements in a chunk if the program does not say it: few enough for a tree, enough for a task."""


class ReductionPlan:
    """Calls of a task that combines a collection: its chunks first, then what comes of them."""

    def __init__(self, task: TaskFunction, session: Session) -> None:
        assert task.definition.reduction is not None
        self.session = session
        self._name = task.__qualname__
        self._signature = Signature(task.function)
        self._collection = self._collection_of(task.definition)
        self._chunk = self._chunk_size(task.definition.reduction.chunk_size)
        self._step = task.redefined(task.definition._replace(reduction=None))

    def _collection_of(self, definition: Definition) -> str:
        for name in self._signature.names:
            if definition.parameter(name).kind in (Kind.COLLECTION, Kind.COLLECTION_FILE):
                return name
        raise UsageError(f"{self._name} is a reduction, so one of its parameters must be a COLLECTION_IN")

    def _chunk_size(self, given: int | str | None) -> int:
        return _CHUNK if given in (None, 0, "0") else number(f"chunk_size of {self._name}", given, int, 2)

    def call(self, args: tuple, kwargs: dict[str, Any]) -> Any:
        """The future of all elements combined, in their order."""
        bound = self._signature.bind(args, kwargs, ())
        elements = bound.named.get(self._collection)
        if not isinstance(elements, (list, tuple)):
            return self._step(*args, **kwargs)
        elements = list(elements)
        while len(elements) > self._chunk:
            elements = [self._combined(bound, elements[begin : begin + self._chunk]) for begin in range(0, len(elements), self._chunk)]
        return self._all(bound, elements)

    def _combined(self, bound: Any, chunk: list[Any]) -> Any:
        return chunk[0] if len(chunk) == 1 else self._all(bound, chunk)

    def _all(self, bound: Any, elements: list[Any]) -> Any:
        bound.named[self._collection] = elements
        args, kwargs = self._signature.unbind(bound)
        return self._step(*args, **kwargs)


class TransformedPlan:
    """Calls of a task some of whose arguments other tasks put in another form first."""

    def __init__(self, task: TaskFunction, session: Session) -> None:
        self.session = session
        self._task = task
        self._plain = task.redefined(task.definition._replace(transformations=(), transforms_at_call=False))

    def call(self, args: tuple, kwargs: dict[str, Any]) -> Any:
        """What the task itself returns."""
        args, kwargs = transformed(self._task, args, kwargs, _as_task)
        return self._plain(*args, **kwargs)


def transformed(
    task: TaskFunction, args: tuple, kwargs: dict[str, Any], callable_of: Callable[[Transformation], Callable]
) -> tuple[tuple, dict[str, Any]]:
    """The arguments of a call with those in another form that ``@data_transformation`` names.

    ``callable_of`` makes what is called from a transformation's function. Raises ``UsageError`` for an unknown parameter.
    """
    signature = Signature(task.function)
    transformations = task.definition.transformations
    if task.definition.transforms_at_call and "dt" in kwargs:
        told = kwargs["dt"]
        kwargs = {name: value for name, value in kwargs.items() if name != "dt"}
        transformations = (*transformations, *((told,) if isinstance(told, Transformation) else told))
    bound = signature.bind(args, kwargs)
    for each in transformations:
        values = bound.named if each.parameter in bound.named else bound.keywords
        if each.parameter not in values:
            raise UsageError(
                f"@data_transformation of {task.__qualname__} names the parameter {each.parameter!r}, which it does not have"
                f"{nearest(each.parameter, signature.names)}"
            )
        values[each.parameter] = _in_another_form(each, values[each.parameter], callable_of(each))
    return signature.unbind(bound)


def _in_another_form(how: Transformation, value: Any, function: Callable) -> Any:
    keywords = dict(how.keywords or {})
    if _makes_file(how):
        function(value, how.target, **keywords)
        return how.target
    return function(value, **keywords)


def _makes_file(how: Transformation) -> bool:
    return how.kind is not None and how.kind.endswith("TO_FILE")


def _as_task(how: Transformation) -> Callable:
    from ._tasks import TaskFunction

    if isinstance(how.function, TaskFunction):
        return how.function
    known = _tasks.get(id(how))
    if known is None:
        known = _tasks[id(how)] = (how, TaskFunction(how.function, _definition(how)))
    return known[1]


_tasks: dict[int, tuple[Transformation, TaskFunction]] = {}
"""The functions of transformations, as tasks, by the transformation's identity."""


def _definition(how: Transformation) -> Definition:
    names = Signature(how.function).positional
    parameters: dict[str, Parameter] = {}
    if names and how.kind is not None:
        if how.kind.startswith("FILE_TO"):
            parameters[names[0]] = FILE_IN
        elif how.kind.startswith("COLLECTION_TO"):
            parameters[names[0]] = COLLECTION_IN
        if _makes_file(how) and len(names) > 1:
            parameters[names[1]] = FILE_OUT
    return Definition(parameters=parameters, returns=0 if _makes_file(how) else 1, returns_given=True)
