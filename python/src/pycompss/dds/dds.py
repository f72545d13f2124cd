"""The distributed data set."""

from __future__ import annotations

import operator
import os
from typing import Any, Callable, Iterable

from pycompss.api.api import compss_wait_on, compss_wait_on_file

from . import partitions as p
from . import steps as s
from . import tasks as t
from .hashing import default_hash

__all__ = ["DDS"]

_NOTHING = "COMPSS_DEFAULT_VALUE_TO_BE_USED_AS_A_MARKER"
"""Stands for an initial value that was not given."""

_SAMPLES = 64
"""Keys that are looked at in each partition to find the bounds of a sort."""


class DDS:
    """A data set in partitions, each of which tasks handle.

    An instance is filled by one of the ``load`` methods. Operations on elements (``map``, ``filter`` …) return a new data set at
    once and cost nothing: what is chained is done in one task for each partition when its result is needed. Operations that bring
    together elements of different partitions (``reduce_by_key``, ``join``, ``sort_by_key`` …) submit tasks that exchange them.
    Methods that return values wait for them: ``collect``, ``count``, ``reduce``, ``take`` and the like.

    A data set used several times is computed several times; ``DDS().load(dds.collect(future_objects=True), -1)`` keeps what has been
    computed where it is.
    """

    def __init__(self) -> None:
        self.partitions: list[p.Partition] = []
        self._partitioner: Callable[[Any], int] | None = None

    def __repr__(self) -> str:
        return f"<DDS of {len(self.partitions)} partitions>"

    # Loading

    def load(self, iterator: Iterable[Any], num_of_parts: int = 10, paac: bool = False) -> DDS:
        """Takes the elements of an iterable.

        :param iterator: the elements, which may be futures; or, with ``num_of_parts=-1``, the partitions: iterables, or futures of
            such, as ``collect(future_objects=True)`` returns them.
        :param num_of_parts: into how many partitions they are cut (never more than there are elements).
        :param paac: partitions as collections: accepted, and without meaning here, since futures are found in partitions anyway.
        """
        if num_of_parts == -1:
            return self._loaded(iterator)
        if num_of_parts < 1:
            raise ValueError(f"num_of_parts is the number of partitions, or -1 if they are given; not {num_of_parts}")
        return self._loaded(p.spread(iterator, num_of_parts))

    def load_file(self, file_path: str, chunk_size: int = 1024, worker_read: bool = False) -> DDS:
        """Takes the text of a file (UTF-8), each `chunk_size` bytes a partition of one string.

        :param worker_read: the tasks read the file (which the nodes must see under this path), instead of this process.
        """
        _check_size(chunk_size)
        chunks = p.chunks_of_file(os.path.abspath(file_path), chunk_size)
        return self._loaded(chunks if worker_read else map(p.FileChunk.read, chunks))

    def load_text_file(self, file_name: str, chunk_size: int = 1024, in_bytes: bool = True, strip: bool = True) -> DDS:
        """Takes the lines of a text file (UTF-8).

        :param chunk_size: the size of a partition: bytes (to the end of a line), or lines if not `in_bytes`.
        :param strip: without the ends of the lines.
        """
        _check_size(chunk_size)
        return self._loaded(p.lines_in_chunks(file_name, chunk_size, in_bytes, strip))

    def load_files_from_dir(self, dir_path: str, num_of_parts: int = -1) -> DDS:
        """Takes pairs ``(path, text)`` of the files in a folder, by name; tasks read them.

        :param num_of_parts: -1: one partition a file.
        """
        paths = p.files_in(os.path.abspath(dir_path))
        return self._loaded(map(p.TextFiles, p.spread(paths, len(paths) if num_of_parts == -1 else num_of_parts)))

    def load_pickle_files(self, dir_path: str) -> DDS:
        """Takes the objects pickled in the files of a folder, one partition a file; lists are taken as their elements."""
        return self._loaded(map(p.PickleFile, p.files_in(os.path.abspath(dir_path))))

    def _loaded(self, sources: Iterable[Any]) -> DDS:
        self.partitions = [p.Partition(source) for source in sources]
        self._partitioner = None
        return self

    # Operations on the elements of each partition

    def map(self, func: Callable[..., Any], *args: Any, **kwargs: Any) -> DDS:
        """Replaces each element by ``func(element, *args, **kwargs)``."""
        return self._then(s.Map(func, args, kwargs))

    def flat_map(self, func: Callable[..., Any], *args: Any, **kwargs: Any) -> DDS:
        """Replaces each element by the elements of ``func(element, *args, **kwargs)``."""
        return self._then(s.FlatMap(func, args, kwargs))

    map_and_flatten = flat_map

    def filter(self, func: Callable[[Any], Any]) -> DDS:
        """Keeps the elements for which `func` is true."""
        return self._then(s.Filter(func), same_keys=True)

    def map_partitions(self, func: Callable[[list], Iterable[Any]]) -> DDS:
        """Replaces the elements of each partition by those of ``func(list of them)``."""
        return self._then(s.MapPartition(func))

    def key_by(self, func: Callable[[Any], Any]) -> DDS:
        """Makes pairs ``(func(element), element)``."""
        return self._then(s.KeyBy(func))

    def keys(self) -> DDS:
        """Keeps the keys of pairs."""
        return self.map(s.first)

    def values(self) -> DDS:
        """Keeps the values of pairs."""
        return self.map(s.second)

    def map_values(self, func: Callable[[Any], Any]) -> DDS:
        """Replaces the value of each pair by ``func(value)``."""
        return self._then(s.MapValues(func), same_keys=True)

    def flatten_by_key(self, func: Callable[[Any], Iterable[Any]] = s.identity) -> DDS:
        """Replaces each pair by pairs of its key and each element of ``func(value)``."""
        return self._then(s.FlattenValues(func), same_keys=True)

    flat_map_values = flatten_by_key

    def _then(self, step: s.Step, same_keys: bool = False) -> DDS:
        return self._derived((part.then(step) for part in self.partitions), self._partitioner if same_keys else None)

    @staticmethod
    def _derived(partitions: Iterable[p.Partition], partitioner: Callable[[Any], int] | None = None) -> DDS:
        derived = DDS()
        derived.partitions = list(partitions)
        derived._partitioner = partitioner
        return derived

    # Several data sets

    def union(self, *args: DDS) -> DDS:
        """Puts the partitions of other data sets behind those of this one."""
        return self._derived(part for dds in (self, *args) for part in dds.partitions)

    def cogroup(self, other: DDS, num_of_partitions: int = -1) -> DDS:
        """Makes pairs ``(key, (values here, values there))`` of all keys of two data sets of pairs."""
        parts = num_of_partitions if num_of_partitions > 0 else max(len(self.partitions), len(other.partitions), 1)
        left, right = self._by_key(default_hash, parts), other._by_key(default_hash, parts)
        return self._derived(map(p.Partition, map(p.Grouped, left, right)), default_hash)

    def join(self, other: DDS, num_of_partitions: int = -1) -> DDS:
        """Makes pairs ``(key, (value here, value there))`` for all combinations of equal keys."""
        return self._joined(other, num_of_partitions, s.Joined(False, False))

    def left_outer_join(self, other: DDS, num_of_partitions: int = -1) -> DDS:
        """As ``join``; keys that are only here are kept, with None there."""
        return self._joined(other, num_of_partitions, s.Joined(True, False))

    def right_outer_join(self, other: DDS, num_of_partitions: int = -1) -> DDS:
        """As ``join``; keys that are only there are kept, with None here."""
        return self._joined(other, num_of_partitions, s.Joined(False, True))

    def full_outer_join(self, other: DDS, num_of_partitions: int = -1) -> DDS:
        """As ``join``; keys of one side only are kept, with None for the other."""
        return self._joined(other, num_of_partitions, s.Joined(True, True))

    def _joined(self, other: DDS, parts: int, step: s.Joined) -> DDS:
        return self.cogroup(other, parts)._then(step, same_keys=True)

    # Exchange between partitions

    def distinct(self) -> DDS:
        """Keeps each element once; elements must be hashable."""
        local = self._then(s.distinct)
        parts = local._exchanged(default_hash, len(self.partitions))
        return self._derived(p.Partition(p.Merged(pieces), (s.distinct,)) for pieces in parts)

    def partition_by(self, partitioner_func: Callable[[Any], int] = default_hash, num_of_partitions: int = -1) -> DDS:
        """Moves each pair to the partition ``partitioner_func(key) % num_of_partitions`` (-1: as many as now)."""
        parts = self._number(num_of_partitions)
        pieces = self._by_key(partitioner_func, parts)
        return self._derived((p.Partition(p.Merged(sources)) for sources in pieces), partitioner_func)

    def combine_by_key(
        self,
        creator_func: Callable[[Any], Any],
        combiner_func: Callable[[Any, Any], Any],
        merger_function: Callable[[Any, Any], Any],
        total_parts: int = -1,
    ) -> DDS:
        """Combines the values of each key.

        :param creator_func: what the first value of a key in a partition begins with.
        :param combiner_func: what has been combined, and a further value of the partition.
        :param merger_function: what two partitions have combined.
        :param total_parts: how many partitions there are afterwards (-1: as many as now).
        """
        local = self._then(s.CombineLocally(creator_func, combiner_func), same_keys=True)
        parts = local._by_key(default_hash, self._number(total_parts))
        merged = (p.Partition(p.MergedByKey(pieces, merger_function)) for pieces in parts)
        return self._derived(merged, default_hash)

    def reduce_by_key(self, func: Callable[[Any, Any], Any], num_of_parts: int = -1) -> DDS:
        """Makes one pair of each key: its values, reduced by an associative function."""
        return self.combine_by_key(s.identity, func, func, num_of_parts)

    def fold_by_key(self, initial: Any, func: Callable[[Any, Any], Any], num_of_parts: int = -1) -> DDS:
        """As ``reduce_by_key``, beginning in each partition with a neutral value, which `func` must not change."""
        return self.combine_by_key(s.Folded(initial, func), func, func, num_of_parts)

    def group_by_key(self, num_of_parts: int = -1) -> DDS:
        """Makes one pair of each key: with the list of its values."""
        return self.combine_by_key(s.as_list, s.appended, s.extended, num_of_parts)

    def sort_by_key(
        self,
        ascending: bool = True,
        num_of_parts: int | None = None,
        key_func: Callable[[Any], Any] = s.identity,
    ) -> DDS:
        """Sorts pairs by ``key_func(key)``: within partitions and from one to the next. Pairs of equal keys keep their order.

        Waits until the data set has been computed, to look at some of its keys.
        """
        parts = self._number(num_of_parts or -1)
        sort = s.Sort(key_func, ascending)
        if parts == 1 and len(self.partitions) == 1:
            return self._then(sort)
        sampled = [t.evaluate_and_sample(part, key_func, _SAMPLES) for part in self.partitions]
        computed = self._derived(p.Partition(pairs) for pairs, _ in sampled)
        bounds = _bounds(compss_wait_on([sample for _, sample in sampled]), parts)
        exchanged = computed._exchanged(t.RangeTarget(key_func, bounds, ascending), len(bounds) + 1)
        return self._derived(p.Partition(p.Merged(pieces), (sort,)) for pieces in exchanged)

    def _number(self, asked: int) -> int:
        return asked if asked > 0 else max(1, len(self.partitions))

    def _by_key(self, partitioner: Callable[[Any], int], parts: int) -> list[list[Any]]:
        """Returns the sources of each new partition of the pairs."""
        if self._partitioner is partitioner and len(self.partitions) == parts:
            return [[part] for part in self.partitions]
        return self._exchanged(t.KeyTarget(partitioner), parts)

    def _exchanged(self, target: Callable[[Any], int], parts: int) -> list[list[Any]]:
        """Returns the sources of each new partition of the elements."""
        if parts <= 1:
            return [self._computed() if len(self.partitions) > 1 else list(self.partitions)]
        split = [t.split(part, target, parts) for part in self.partitions]
        return [list(pieces) for pieces in zip(*split)] if split else [[] for _ in range(parts)]

    def _computed(self) -> list[Any]:
        """Returns the elements of each partition: futures, unless they are there already."""
        return [part.source if _is_plain(part) else t.evaluate(part) for part in self.partitions]

    # Results

    def num_of_partitions(self) -> int:
        """Returns the number of partitions."""
        return len(self.partitions)

    def collect(self, keep_partitions: bool = False, future_objects: bool = False) -> list[Any]:
        """Returns the elements.

        :param keep_partitions: a list for each partition, instead of one of all elements.
        :param future_objects: without waiting: a future of a list for each partition.
        """
        computed = self._computed()
        if future_objects:
            return computed
        lists = [list(p.elements_of(elements)) for elements in compss_wait_on(computed)]
        return lists if keep_partitions else [element for elements in lists for element in elements]

    def collect_as_dict(self) -> dict[Any, Any]:
        """Returns the pairs as a dictionary."""
        return dict(self.collect())

    def take(self, num: int) -> list[Any]:
        """Returns at most `num` elements from the beginning, computing no more partitions than are likely to be needed."""
        taken: list[Any] = []
        start, width = 0, 1
        while len(taken) < num and start < len(self.partitions):
            missing = num - len(taken)
            firsts = [t.take_first(part, missing) for part in self.partitions[start : start + width]]
            taken.extend(element for elements in compss_wait_on(firsts) for element in elements)
            start, width = start + width, width * 4
        return taken[:num]

    def count(self) -> int:
        """Returns how many elements there are."""
        return sum(compss_wait_on([t.count_elements(part) for part in self.partitions]))

    def reduce(self, func: Callable[[Any, Any], Any], initial: Any = _NOTHING, arity: int = -1) -> Any:
        """Reduces all elements by an associative function: each partition by itself, then the results in a tree.

        :param initial: what the reduction begins with; without it, no element at all is a TypeError.
        :param arity: how many results each task of the tree takes (-1: all).
        """
        result = self._reduced(func, arity)
        if initial is not _NOTHING:
            return func(initial, result[0]) if result else initial
        if not result:
            raise TypeError("reduce of a data set without elements needs an initial value")
        return result[0]

    def fold(self, initial: Any, func: Callable[[Any, Any], Any]) -> Any:
        """Reduces all elements, beginning with `initial`."""
        return self.reduce(func, initial)

    def sum(self) -> Any:
        """Returns the sum of the elements; 0 if there are none."""
        result = self._reduced(operator.add)
        return result[0] if result else 0

    def max(self, key: Callable[[Any], Any] = s.identity) -> Any:
        """Returns the largest element (by ``key(element)``)."""
        return self.reduce(_Better(key, operator.gt))

    def min(self, key: Callable[[Any], Any] = s.identity) -> Any:
        """Returns the smallest element (by ``key(element)``)."""
        return self.reduce(_Better(key, operator.lt))

    def _reduced(self, func: Callable[[Any, Any], Any], arity: int = -1) -> tuple:
        partials = [t.reduce_partition(part, func) for part in self.partitions]
        return compss_wait_on(_tree(partials, arity, lambda some: t.reduce_partials(some, func))) if partials else ()

    def count_by_value(self, arity: int = 2, as_dict: bool = True, as_fo: bool = False) -> Any:
        """Counts how often each element is there.

        :param arity: how many partitions' counts each task of the tree adds up.
        :param as_dict: return a dictionary; else a data set of pairs ``(element, count)``.
        :param as_fo: do not wait: return a future of the dictionary (of the list of pairs, if not `as_dict`).
        """
        if not as_dict and not as_fo:
            return self.map(_with_one).reduce_by_key(operator.add)
        counts = [t.count_values(part) for part in self.partitions]
        total = _tree(counts, arity, t.add_counts) if counts else {}
        if not as_fo:
            return compss_wait_on(total)
        return total if as_dict else t.pairs_of(total)

    def count_by_key(self, as_dict: bool = False) -> Any:
        """Counts how often each key is there: a data set of pairs ``(key, count)``, or a dictionary."""
        return self.keys().count_by_value(as_dict=as_dict)

    def foreach(self, func: Callable[[Any], Any]) -> None:
        """Calls `func` with each element, and waits until all has been done."""
        compss_wait_on([t.call_for_each(part, func) for part in self.partitions])

    def save_as_text_file(self, path: str) -> None:
        """Writes the elements as lines of text: one file for each partition, in the folder `path`, which is made if needed."""
        self._save(path, "txt", t.write_text)

    def save_as_pickle(self, path: str) -> None:
        """Pickles the elements: one file for each partition, in the folder `path`, which is made if needed."""
        self._save(path, "pkl", t.write_pickle)

    def _save(self, folder: str, suffix: str, write: Callable[[p.Partition, str], None]) -> None:
        folder = os.path.abspath(folder)
        os.makedirs(folder, exist_ok=True)
        digits = max(5, len(str(len(self.partitions))))
        paths = [os.path.join(folder, f"part-{i:0{digits}}.{suffix}") for i in range(len(self.partitions))]
        for part, path in zip(self.partitions, paths):
            write(part, path)
        if paths:
            compss_wait_on_file(*paths)


class _Better:
    """The one of two elements whose key is ahead; the first of equals."""

    def __init__(self, key: Callable[[Any], Any], ahead: Callable[[Any, Any], bool]) -> None:
        self.key, self.ahead = key, ahead

    def __call__(self, one: Any, other: Any) -> Any:
        return other if self.ahead(self.key(other), self.key(one)) else one


def _with_one(element: Any) -> tuple[Any, int]:
    return element, 1


def _check_size(size: int) -> None:
    if size < 1:
        raise ValueError(f"chunk_size is the size of a partition, at least 1; not {size}")


def _is_plain(part: p.Partition) -> bool:
    return not part.steps and not isinstance(part.source, p.Source)


def _tree(values: list[Any], arity: int, merge: Callable[[list[Any]], Any]) -> Any:
    """Merges values, `arity` at a time (all at once if it is below 2), until one is left."""
    arity = arity if arity > 1 else max(2, len(values))
    while len(values) > 1:
        groups = [values[start : start + arity] for start in range(0, len(values), arity)]
        values = [merge(group) if len(group) > 1 else group[0] for group in groups]
    return values[0]


def _bounds(samples: list[tuple[int, list[Any]]], parts: int) -> list[Any]:
    """Returns at most ``parts - 1`` keys that cut all pairs into runs of about equal length.

    :param samples: of each partition: how many pairs it has, and some of its keys.
    """
    weighted = sorted(
        ((key, count / len(keys)) for count, keys in samples for key in keys), key=operator.itemgetter(0)
    )
    run = sum(weight for _, weight in weighted) / parts
    bounds: list[Any] = []
    passed = 0.0
    for key, weight in weighted:
        if len(bounds) < parts - 1 and passed + weight / 2 >= run * (len(bounds) + 1):
            if not bounds or bounds[-1] < key:
                bounds.append(key)
        passed += weight
    return bounds
