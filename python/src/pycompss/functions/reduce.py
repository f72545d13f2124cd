"""Reductions by a function of two (or more) arguments, usually a task."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from functools import reduce as _reduce
from typing import Any

__all__ = ["merge_reduce", "merge_n_reduce", "simple_reduce"]


def simple_reduce(function: Callable[[Any, Any], Any], data: Iterable[Any], initializer: Any = None) -> Any:
    """Combines the elements from the left, one after another."""
    elements = iter(data)
    return _reduce(function, elements, next(elements) if initializer is None else initializer)


def merge_reduce(function: Callable[[Any, Any], Any], data: Iterable[Any]) -> Any:
    """Combines the elements in pairs, as a tree; the order of the elements is kept only if the function does not depend on it."""
    return merge_n_reduce(function, 2, data)


def merge_n_reduce(function: Callable[..., Any], arity: int, data: Iterable[Any]) -> Any:
    """Combines ``arity`` elements at a time, as a tree. Raises ``ValueError`` if there are none."""
    waiting = deque(data)
    if not waiting:
        raise ValueError("there is nothing to reduce")
    while len(waiting) > 1:
        waiting.append(function(*(waiting.popleft() for _ in range(min(arity, len(waiting))))))
    return waiting[0]
