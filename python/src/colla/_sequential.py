"""A call carried out in the calling process at once, for tasks that are more than their function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._decorators import Transformation, defaults_of
from ._runners import steps
from ._signature import Bound, Signature

if TYPE_CHECKING:
    from ._tasks import TaskFunction

__all__ = ["call", "transform"]


def call(task: TaskFunction, args: tuple, kwargs: dict[str, Any]) -> Any:
    """Transformations, prolog, the function or program, epilog; an ignored failure gives the defaults."""
    definition = task.definition
    try:
        if definition.transformations:
            args, kwargs = transform(task, args, kwargs)
        return steps(definition, task.function, args, kwargs)
    except Exception:
        if not definition.ignores_failures:
            raise
        return defaults_of(definition).get("returns")


def transform(task: TaskFunction, args: tuple, kwargs: dict[str, Any]) -> tuple[tuple, dict[str, Any]]:
    """The call's arguments with those replaced that ``@data_transformation`` names."""
    signature = Signature(task.function)
    bound: Bound = signature.bind(args, kwargs)
    for each in task.definition.transformations:
        values = bound.named if each.parameter in bound.named else bound.keywords
        if each.parameter not in values:
            from ._errors import UsageError
            from ._keywords import nearest

            raise UsageError(
                f"@data_transformation of {task.__qualname__} names the parameter {each.parameter!r}, which it does not have"
                f"{nearest(each.parameter, signature.names)}"
            )
        values[each.parameter] = _transformed(each, values[each.parameter])
    return signature.unbind(bound)


def _transformed(how: Transformation, value: Any) -> Any:
    keywords = dict(how.keywords or {})
    if how.kind is not None and how.kind.endswith("TO_FILE"):
        how.function(value, how.target, **keywords)
        return how.target
    return how.function(value, **keywords)
