"""A function, usually a task, on each element."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

__all__ = ["map"]


def map(function: Callable[..., Any], *iterables: Iterable[Any]) -> list[Any]:
    """The results of the function on the elements, in order."""
    return [function(*arguments) for arguments in zip(*iterables)]
