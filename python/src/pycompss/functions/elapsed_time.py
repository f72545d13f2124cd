"""How long a call takes."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import Any

__all__ = ["timeit"]


def timeit(function: Callable[..., Any]) -> Callable[..., tuple[Any, float]]:
    """A function that returns the given one's result and the seconds that it took."""

    @functools.wraps(function)
    def timed(*args: Any, **kwargs: Any) -> tuple[Any, float]:
        begin = time.perf_counter()
        result = function(*args, **kwargs)
        return result, time.perf_counter() - begin

    return timed
