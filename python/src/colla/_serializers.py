"""How types are pickled that do not do it well, or not at all, themselves: :func:`register_serializer`, and arrays in any layout."""

from __future__ import annotations

import copyreg
import sys
import threading
from typing import Any, Callable, Optional

__all__ = ["reducers", "register_serializer", "registered"]

Reducer = Callable[[Any], Any]


class _Serializer:
    """A user's way to send one type. It travels with the objects, so that whoever receives one can send it on."""

    __slots__ = ("kind", "pack", "unpack")

    def __init__(self, kind: type, pack: Callable[[Any], Any], unpack: Callable[[Any], Any]) -> None:
        self.kind = kind
        self.pack = pack
        self.unpack = unpack

    def reduce(self, obj: Any) -> tuple:
        return _unpack, (self, self.pack(obj))

    def __reduce__(self) -> tuple:
        return _received, (self.kind, self.pack, self.unpack)


_lock = threading.Lock()
_serializers: dict[type, _Serializer] = {}
_table: Optional[dict[type, Reducer]] = None
_table_of = (-1, False)
"""The number of reducers of the standard library's table, and whether numpy was there, when the table was made."""


def register_serializer(type: type, pack: Callable[[Any], Any], unpack: Callable[[Any], Any]) -> None:
    """Says how objects of exactly this type travel to tasks and back.

    ``pack`` makes of an object something that can be pickled (numpy arrays in it travel without being copied), ``unpack`` makes
    the object of that again. Both are sent along with functions and objects, so one call in the main program, before the tasks that need
    it are called, is enough. A later call for the same type replaces the earlier. May be called from any thread.

    Raises TypeError if ``type`` is no class or the others cannot be called.
    """
    if not isinstance(type, _CLASS):
        raise TypeError(f"register_serializer needs a class first, not {type!r}")
    for name, function in (("pack", pack), ("unpack", unpack)):
        if not callable(function):
            raise TypeError(f"register_serializer for {type.__qualname__}: {name} must be a function, not {function!r}")
    _register(_Serializer(type, pack, unpack))


def registered() -> "tuple[object, ...]":
    """What to pickle so that whoever unpickles it has all serializers that are registered here."""
    return tuple(_serializers.values())


def reducers() -> Optional[dict[type, Reducer]]:
    """The table of reducers that a pickler shall use; None if the standard one will do."""
    global _table, _table_of
    state = (len(copyreg.dispatch_table), "numpy" in sys.modules)
    if state != _table_of:
        with _lock:
            _table = _make_table(state[1])
            _table_of = state
    return _table


_CLASS = type


def _register(serializer: _Serializer) -> None:
    global _table_of
    with _lock:
        _serializers[serializer.kind] = serializer
        _table_of = (-1, False)


def _make_table(with_numpy: bool) -> Optional[dict[type, Reducer]]:
    own: dict[type, Reducer] = {kind: serializer.reduce for kind, serializer in _serializers.items()}
    array = getattr(sys.modules.get("numpy"), "ndarray", None) if with_numpy else None
    if array is not None:
        own.setdefault(array, _reduce_array)
    return {**copyreg.dispatch_table, **own} if own else None


def _reduce_array(array: Any) -> Any:
    """An array whose elements do not lie together is put together first: numpy would copy it twice, into the pickle."""
    flags = array.flags
    if not (flags.c_contiguous or flags.f_contiguous) and not array.dtype.hasobject:
        array = array.copy()
    if array.dtype.kind in "mM":
        # Dates do not offer their memory as a buffer, so numpy would copy them; their numbers do.
        return _dates, (array.view("i8"), array.dtype)
    return array.__reduce_ex__(5)


def _dates(numbers: Any, kind: Any) -> Any:
    return numbers.view(kind)


def _received(kind: type, pack: Callable[[Any], Any], unpack: Callable[[Any], Any]) -> _Serializer:
    known = _serializers.get(kind)
    if known is None:
        known = _Serializer(kind, pack, unpack)
        _register(known)
    return known


def _unpack(serializer: _Serializer, packed: Any) -> Any:
    return serializer.unpack(packed)
