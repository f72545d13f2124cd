"""A call carried out in the calling process at once, for tasks that are more than their function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._decorators import defaults_of
from ._patterns import transformed
from ._runners import steps

if TYPE_CHECKING:
    from ._tasks import TaskFunction

__all__ = ["call"]


def call(task: TaskFunction, args: tuple, kwargs: dict[str, Any]) -> Any:
    """Transformations, prolog, the function or program, epilog; an ignored failure gives the defaults."""
    definition = task.definition
    try:
        if definition.transformations or definition.transforms_at_call:
            args, kwargs = transformed(task, args, kwargs, lambda how: how.function)
        return steps(definition, task.function, args, kwargs)
    except Exception:
        if not definition.ignores_failures:
            raise
        return defaults_of(definition).get("returns")
