"""Objects of the program, packed, with errors that name them."""

from __future__ import annotations

from . import _objects
from ._errors import UsageError
from ._futures import collecting

__all__ = ["pack"]


def pack(obj: object, what: str) -> _objects.Packed:
    """An object packed; ``what`` names it in the error if it cannot be pickled. Futures in it are an error too."""
    collector = collecting.collector
    collecting.collector = None
    try:
        return _objects.pack(obj)
    except _objects.Unpicklable as error:
        raise UsageError(error.of(what)) from error.__cause__
    finally:
        collecting.collector = collector
