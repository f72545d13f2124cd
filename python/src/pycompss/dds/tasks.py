"""The tasks of a data set: each takes a source and the steps on it, or what earlier tasks made of sources."""

from __future__ import annotations

import bisect
import functools
import itertools
import pickle
from collections import Counter
from typing import Any, Callable, Iterable, Sequence

from pycompss.api.parameter import FILE_OUT
from pycompss.api.task import task

from .partitions import Partition


@task(returns=1)
def evaluate(partition: Partition) -> list:
    """The elements of a partition."""
    return list(partition.read())


@task(returns=2)
def evaluate_and_sample(partition: Partition, key_func: Callable[[Any], Any], samples: int) -> tuple[list, tuple]:
    """The pairs of a partition, and its length with some of its keys."""
    pairs = list(partition.read())
    stride = max(1, len(pairs) // samples)
    return pairs, (len(pairs), [key_func(pair[0]) for pair in pairs[::stride]])


@task(returns="parts")
def split(partition: Partition, target: Callable[[Any], int], parts: int) -> list[list]:
    """The elements of a partition, in one list for each new partition."""
    pieces: list[list] = [[] for _ in range(parts)]
    for element in partition.read():
        pieces[target(element) % parts].append(element)
    return pieces


@task(returns=1)
def count_elements(partition: Partition) -> int:
    """How many elements a partition has."""
    return sum(1 for _ in partition.read())


@task(returns=1)
def take_first(partition: Partition, count: int) -> list:
    """At most `count` elements from the beginning of a partition."""
    return list(itertools.islice(partition.read(), count))


@task(returns=1)
def call_for_each(partition: Partition, func: Callable[[Any], Any]) -> int:
    """Calls a function with each element; returns how many there were."""
    count = 0
    for element in partition.read():
        func(element)
        count += 1
    return count


@task(returns=1)
def reduce_partition(partition: Partition, func: Callable[[Any, Any], Any]) -> tuple:
    """The reduction of a partition, in a tuple; an empty tuple if it has no element."""
    return _reduced(partition.read(), func)


@task(returns=1)
def reduce_partials(partials: Sequence[tuple], func: Callable[[Any, Any], Any]) -> tuple:
    """The reduction of reductions, as they come."""
    return _reduced(itertools.chain.from_iterable(partials), func)


@task(returns=1)
def count_values(partition: Partition) -> dict:
    """How often each element is in a partition."""
    return dict(Counter(partition.read()))


@task(returns=1)
def add_counts(counts: Sequence[dict]) -> dict:
    """The sums of counts."""
    total: Counter = Counter()
    for count in counts:
        total.update(count)
    return dict(total)


@task(returns=1)
def pairs_of(mapping: dict) -> list:
    """The pairs of a mapping."""
    return list(mapping.items())


@task(path=FILE_OUT)
def write_text(partition: Partition, path: str) -> None:
    """Writes the elements as lines of a text file."""
    with open(path, "w", encoding="utf-8") as file:
        for element in partition.read():
            file.write(f"{element}\n")


@task(path=FILE_OUT)
def write_pickle(partition: Partition, path: str) -> None:
    """Writes the elements as one pickled list."""
    with open(path, "wb") as file:
        pickle.dump(list(partition.read()), file, protocol=pickle.HIGHEST_PROTOCOL)


def _reduced(elements: Iterable[Any], func: Callable[[Any, Any], Any]) -> tuple:
    iterator = iter(elements)
    first = list(itertools.islice(iterator, 1))
    return (functools.reduce(func, iterator, *first),) if first else ()


class KeyTarget:
    """To which new partition a pair goes: by its key."""

    def __init__(self, partitioner: Callable[[Any], int]) -> None:
        self.partitioner = partitioner

    def __call__(self, pair: Any) -> int:
        return self.partitioner(pair[0])


class RangeTarget:
    """To which new partition a pair goes: by the order of its key between bounds."""

    def __init__(self, key_func: Callable[[Any], Any], bounds: list, ascending: bool) -> None:
        self.key_func, self.bounds, self.ascending = key_func, bounds, ascending

    def __call__(self, pair: Any) -> int:
        index = bisect.bisect_left(self.bounds, self.key_func(pair[0]))
        return index if self.ascending else len(self.bounds) - index
