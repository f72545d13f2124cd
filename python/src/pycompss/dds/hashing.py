"""A hash of keys that is the same in every process.

Python's own ``hash`` of a string differs from one interpreter to the next, so it cannot decide on one node to which partition a key
goes when another node decides it for the same key.
"""

from __future__ import annotations

import enum
import numbers
import zlib
from typing import Any

__all__ = ["default_hash"]

_MASK = (1 << 61) - 1


def default_hash(key: Any) -> int:
    """Returns a number that is equal for equal keys, in every process of a run.

    Numbers, strings, bytes, ``None``, enumerations, tuples and frozen sets of such, and objects (by their class and state) can be
    keys. Objects that are equal although their states differ need a partitioning function of their own.
    """
    if isinstance(key, enum.Enum):
        return _mix(_text(type(key).__qualname__), _text(key.name))
    if type(key).__module__ == "numpy" and getattr(key, "ndim", None) == 0:
        return default_hash(key.item())
    if isinstance(key, numbers.Number):
        return hash(key)  # defined by value, equal across the types of numbers
    if isinstance(key, str):
        return _text(key)
    if isinstance(key, (bytes, bytearray, memoryview)):
        return zlib.crc32(key)
    if key is None:
        return 0
    if isinstance(key, tuple):
        return _mix(*map(default_hash, key))
    if isinstance(key, (frozenset, set)):
        return sum(_mix(default_hash(element)) for element in key) & _MASK
    return _state(key)


def _text(text: str) -> int:
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


def _mix(*parts: int) -> int:
    mixed = len(parts)
    for part in parts:
        mixed = (mixed * 1_000_003 ^ part) & _MASK
    return mixed


def _state(key: Any) -> int:
    if isinstance(key, type) or callable(key) and hasattr(key, "__qualname__"):
        return _text(f"{key.__module__}.{key.__qualname__}")
    if isinstance(key, dict):
        return sum(_mix(default_hash(name), default_hash(value)) for name, value in key.items()) & _MASK
    if isinstance(key, list):
        return _mix(*map(default_hash, key))
    try:
        reduced = key.__reduce_ex__(2)
    except TypeError as error:
        raise TypeError(
            f"an object of {type(key).__name__} cannot be a key of a DDS ({error}); pass a partitioning function"
        ) from error
    if isinstance(reduced, str):
        return _text(reduced)
    return _mix(*(default_hash(tuple(part) if hasattr(part, "__next__") else part) for part in reduced))
