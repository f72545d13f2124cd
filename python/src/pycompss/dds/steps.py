"""What is done to the elements of one partition: callables from an iterable to an iterable, pickled into tasks and run one after
another there without lists in between."""

from __future__ import annotations

import itertools
from typing import Any, Callable, Iterable, Iterator

Step = Callable[[Iterable[Any]], Iterable[Any]]


class Map:
    """``func(element, *args, **kwargs)`` of each element."""

    def __init__(self, func: Callable[..., Any], args: tuple = (), kwargs: dict[str, Any] | None = None) -> None:
        self.func, self.args, self.kwargs = func, args, kwargs or {}

    def __call__(self, elements: Iterable[Any]) -> Iterable[Any]:
        func, args, kwargs = self.func, self.args, self.kwargs
        if not args and not kwargs:
            return map(func, elements)
        return (func(element, *args, **kwargs) for element in elements)


class FlatMap(Map):
    """The elements of what a function makes of each element; what is not iterable is an element itself."""

    def __call__(self, elements: Iterable[Any]) -> Iterator[Any]:
        for made in super().__call__(elements):
            try:
                parts = iter(made)
            except TypeError:
                yield made
            else:
                yield from parts


class Filter:
    """The elements for which a function is true."""

    def __init__(self, func: Callable[[Any], Any]) -> None:
        self.func = func

    def __call__(self, elements: Iterable[Any]) -> Iterable[Any]:
        return filter(self.func, elements)


class MapPartition:
    """A function of the whole partition, as a list."""

    def __init__(self, func: Callable[[list], Iterable[Any]]) -> None:
        self.func = func

    def __call__(self, elements: Iterable[Any]) -> Iterable[Any]:
        made = self.func(list(elements))
        try:
            return iter(made)
        except TypeError:
            name = getattr(self.func, "__name__", repr(self.func))
            raise TypeError(
                f"map_partitions needs a function that returns the partition's new elements; {name} returned"
                f" {type(made).__name__}"
            ) from None


class KeyBy:
    """``(func(element), element)``."""

    def __init__(self, func: Callable[[Any], Any]) -> None:
        self.func = func

    def __call__(self, elements: Iterable[Any]) -> Iterable[Any]:
        func = self.func
        return ((func(element), element) for element in elements)


class MapValues:
    """``(key, func(value))`` of each pair."""

    def __init__(self, func: Callable[[Any], Any]) -> None:
        self.func = func

    def __call__(self, pairs: Iterable[Any]) -> Iterable[Any]:
        func = self.func
        return ((key, func(value)) for key, value in pairs)


class FlattenValues:
    """``(key, part)`` for each part of ``func(value)``, of each pair."""

    def __init__(self, func: Callable[[Any], Iterable[Any]]) -> None:
        self.func = func

    def __call__(self, pairs: Iterable[Any]) -> Iterable[Any]:
        func = self.func
        return ((key, part) for key, value in pairs for part in func(value))


class CombineLocally:
    """One pair for each key of the partition: the combination of its values."""

    def __init__(self, create: Callable[[Any], Any], combine: Callable[[Any, Any], Any]) -> None:
        self.create, self.combine = create, combine

    def __call__(self, pairs: Iterable[Any]) -> Iterable[Any]:
        create, combine = self.create, self.combine
        combined: dict[Any, Any] = {}
        for key, value in pairs:
            combined[key] = combine(combined[key], value) if key in combined else create(value)
        return combined.items()


class Sort:
    """The pairs in the order of their keys."""

    def __init__(self, key_func: Callable[[Any], Any], ascending: bool) -> None:
        self.key_func, self.ascending = key_func, ascending

    def __call__(self, pairs: Iterable[Any]) -> Iterable[Any]:
        key_func = self.key_func
        return sorted(pairs, key=lambda pair: key_func(pair[0]), reverse=not self.ascending)


class Joined:
    """``(key, (left, right))`` of all combinations, from ``(key, (lefts, rights))``; a side without values counts as one None if
    the other side is kept."""

    def __init__(self, keep_left: bool, keep_right: bool) -> None:
        self.keep_left, self.keep_right = keep_left, keep_right

    def __call__(self, groups: Iterable[Any]) -> Iterator[Any]:
        for key, (lefts, rights) in groups:
            if not rights and self.keep_left:
                rights = (None,)
            if not lefts and self.keep_right:
                lefts = (None,)
            for pair in itertools.product(lefts, rights):
                yield key, pair


def distinct(elements: Iterable[Any]) -> Iterable[Any]:
    """Each element once."""
    return dict.fromkeys(elements)


def identity(element: Any) -> Any:
    """The element itself."""
    return element


def first(pair: Any) -> Any:
    """The key of a pair."""
    return pair[0]


def second(pair: Any) -> Any:
    """The value of a pair."""
    return pair[1]


def as_list(value: Any) -> list:
    """A list of one value."""
    return [value]


def appended(values: list, value: Any) -> list:
    """The list, with one more value."""
    values.append(value)
    return values


def extended(values: list, more: list) -> list:
    """The list, with the values of another."""
    values.extend(more)
    return values


class Folded:
    """The first value of a key, combined with a neutral one."""

    def __init__(self, initial: Any, func: Callable[[Any, Any], Any]) -> None:
        self.initial, self.func = initial, func

    def __call__(self, value: Any) -> Any:
        return self.func(self.initial, value)
