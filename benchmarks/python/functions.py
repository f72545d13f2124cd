"""What the tasks of the Python benchmarks do: the same functions for every contender."""

from __future__ import annotations

import numpy as np


def nothing():
    return None


def millisecond():
    """Works for about a millisecond: always the same steps."""
    return sum(range(45_000))


def one(index):
    return 1


def add(left, right):
    return left + right


def increment(number):
    return number + 1


def total(array, index=0):
    return float(array.sum())


def multiply_add(c, a, b):
    return c + a @ b


def random_block(size, seed):
    return np.random.default_rng(seed).random((size, size))
