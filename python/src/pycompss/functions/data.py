"""Data to begin with, and parts of it."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any

__all__ = ["generator", "chunks"]


def generator(size: tuple[int, int], num_frag: int, seed: int = 0, distribution: str = "random", wait: bool = False) -> list[list[list[float]]]:
    """``num_frag`` fragments of ``size`` (points, dimensions) in all, of random numbers from 0 to 1 or, with ``normal``, around 0."""
    points, dimensions = size
    source = random.Random(seed)
    draw = (lambda: source.gauss(0, 1)) if distribution == "normal" else source.random
    return [[[draw() for _ in range(dimensions)] for _ in range(points // num_frag)] for _ in range(num_frag)]


def chunks(elements: Sequence[Any], size: int, balanced: bool = False) -> Iterator[Sequence[Any]]:
    """The sequence in parts of ``size``; ``balanced``: what is left over is spread over the parts."""
    if balanced and len(elements) % size:
        count = max(1, len(elements) // size)
        bounds = [round(index * len(elements) / count) for index in range(count + 1)]
        for begin, end in zip(bounds, bounds[1:]):
            yield elements[begin:end]
    else:
        for begin in range(0, len(elements), size):
            yield elements[begin : begin + size]
