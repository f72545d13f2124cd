"""Pickling of what the program's ``__main__`` defines: by value, since no other process can import it.

A class of ``__main__`` is packed once; its objects carry those bytes, and a process that has the class already takes its own. So the
program gets objects of its very own classes back, whatever executors made them.

cloudpickle is imported at the first use: most programs' arguments do not need it.
"""

from __future__ import annotations

import functools
import io
import sys
import threading
import types
import weakref
from typing import Any, Callable, NamedTuple, Optional

from ._serializers import reducers

__all__ = ["dumps_by_value", "forget_classes", "use_own_main"]

PROTOCOL = 5

_NO_PLACE = "<dynamic-code>"
"""What cloudpickle says instead of the file of a function."""

_CachedFunction = type(functools.lru_cache(len))

_OF_EACH_CACHE = ("__wrapped__", "cache_parameters")
"""Attributes that ``functools.lru_cache`` makes for each function."""

BufferCallback = Optional[Callable[[Any], Any]]


class _PackedClass(NamedTuple):
    key: str
    generation: int
    payload: bytes
    checked: int
    """The generation in which the class was last seen to be as in the payload."""


_lock = threading.RLock()
_packed: "weakref.WeakKeyDictionary[type, _PackedClass]" = weakref.WeakKeyDictionary()
_classes: "weakref.WeakValueDictionary[str, type]" = weakref.WeakValueDictionary()
_generation = 0
_register_in_main = False
_pickler: Optional[type] = None


def dumps_by_value(obj: Any, buffer_callback: BufferCallback = None, persistent_id: Optional[Callable[[Any], Any]] = None) -> bytes:
    """The pickle of an object in which functions and classes of ``__main__`` are contained, not named."""
    kind = _pickler or _make_pickler()
    out = io.BytesIO()
    if persistent_id is None:
        kind(out, PROTOCOL, buffer_callback).dump(obj)
    else:
        pickler = _naming(kind)(out, PROTOCOL, buffer_callback)
        pickler.name = persistent_id  # type: ignore[attr-defined]
        pickler.dump(obj)
    return out.getvalue()


@functools.lru_cache(maxsize=1)
def _naming(kind: type) -> type:
    """That pickler with persistent ids, in a class of its own: looking for them costs time at every object."""

    class NamingPickler(kind):  # type: ignore[misc,valid-type]
        name: Callable[[Any], Any]

        def persistent_id(self, obj: Any) -> Any:
            return self.name(obj)

    return NamingPickler


def forget_classes() -> None:
    """Has each class of ``__main__`` packed anew at its next use: what its methods refer to may have been defined again."""
    global _generation
    with _lock:
        _generation += 1


def use_own_main(file: Optional[str]) -> types.ModuleType:
    """Gives this process an empty ``__main__``, in which the program's classes become known as they arrive.

    ``file`` is the program's script, for those who look at ``__main__.__file__``.
    """
    global _register_in_main
    main = types.ModuleType("__main__")
    if file:
        main.__file__ = file
    main.__dict__.setdefault("__builtins__", __builtins__)
    sys.modules["__main__"] = main
    _register_in_main = True
    return main


def _make_pickler() -> type:
    """The pickler class; it waits for cloudpickle."""
    global _pickler

    class ByValuePickler(_placing_pickler()):  # type: ignore[misc]
        """cloudpickle's, with this package's reducers, and with classes of ``__main__`` packed once."""

        def __init__(self, file: Any, protocol: int, buffer_callback: BufferCallback) -> None:
            super().__init__(file, protocol=protocol, buffer_callback=buffer_callback)
            self._reducers = reducers() or {}

        def reducer_override(self, obj: Any) -> Any:
            kind = type(obj)
            if issubclass(kind, type):
                if getattr(obj, "__module__", None) == "__main__":
                    packed = _pack_class(obj)
                    return _class_of_main, (packed.key, packed.generation, packed.payload)
            else:
                reducer = self._reducers.get(kind)
                if reducer is not None:
                    return reducer(obj)
                if _register_in_main and kind.__module__ == "__main__" and hasattr(kind, "__slots__"):
                    return _reduced_with_slots(obj)
            return super().reducer_override(obj)

    _pickler = ByValuePickler
    return ByValuePickler


@functools.lru_cache(maxsize=None)
def _placing_pickler() -> type:
    """cloudpickle's pickler, with two differences: code goes on saying in which file it was written, since tracebacks name it, and what
    ``functools.lru_cache`` and ``singledispatch`` make of functions of ``__main__`` travels, each process having a cache of its own."""
    import cloudpickle

    reduce_code = cloudpickle.Pickler.dispatch_table[types.CodeType]

    class PlacingPickler(cloudpickle.Pickler):  # type: ignore[misc,name-defined]
        """See :func:`_placing_pickler`."""

        def reducer_override(self, obj: Any) -> Any:
            if type(obj) is types.CodeType:
                make, args = reduce_code(obj)
                return make, tuple(obj.co_filename if arg == _NO_PLACE else arg for arg in args)
            if type(obj) is _CachedFunction and obj.__module__ == "__main__":
                attributes = {name: value for name, value in vars(obj).items() if name not in _OF_EACH_CACHE}
                return _cached, (obj.__wrapped__, obj.cache_parameters()), attributes
            if type(obj) is types.FunctionType and "_clear_cache" in vars(obj) and obj.__module__ == "__main__":
                return _dispatching, (obj.__wrapped__, [entry for entry in obj.registry.items() if entry[0] is not object])
            return super().reducer_override(obj)

    return PlacingPickler


def _cached(function: Callable[..., Any], parameters: "dict[str, Any]") -> Any:
    return functools.lru_cache(**parameters)(function)


def _dispatching(function: Callable[..., Any], implementations: "list[tuple[type, Callable[..., Any]]]") -> Any:
    made = functools.singledispatch(function)
    for kind, implementation in implementations:
        made.register(kind, implementation)
    return made


def _reduced_with_slots(obj: Any) -> Any:
    """As its class reduces it, but what is in slots not as attributes in a ``__dict__``, too.

    cloudpickle's copies of classes remember their slots, but keep these attributes in a ``__dict__``, which objects of the program's class lack.
    """
    reduced = obj.__reduce_ex__(PROTOCOL)
    if type(reduced) is tuple and len(reduced) > 2 and type(reduced[2]) is tuple and len(reduced[2]) == 2:
        attributes, slots = reduced[2]
        if isinstance(attributes, dict) and isinstance(slots, dict):
            rest = {name: value for name, value in attributes.items() if name not in slots}
            return (*reduced[:2], (rest or None, slots), *reduced[3:])
    return reduced


def _pack_class(cls: type) -> _PackedClass:
    with _lock:
        known = _packed.get(cls)
        if known is not None and (known.checked == _generation or _register_in_main):
            return known
        out = io.BytesIO()
        _placing_pickler()(out, PROTOCOL).dump(cls)
        payload = out.getvalue()
        if known is not None and known.payload == payload:
            packed = known._replace(checked=_generation)
        else:
            key = known.key if known is not None else _key(cls)
            packed = _PackedClass(key, _generation, payload, _generation)
        _packed[cls] = packed
        _classes[packed.key] = cls
        return packed


def _class_of_main(key: str, generation: int, payload: bytes) -> type:
    """The class of this key: the one that is here already, unless the program has packed a newer state of it."""
    import cloudpickle

    with _lock:
        cls = _classes.get(key) or _tracked(key)
        if cls is not None:
            known = _packed.get(cls)
            if not _register_in_main or generation <= (known.generation if known is not None else 0):
                return cls
        cls = cloudpickle.loads(payload)
        _packed[cls] = _PackedClass(key, generation, payload, generation)
        _classes[key] = cls
        if _register_in_main and "." not in cls.__qualname__:
            setattr(sys.modules["__main__"], cls.__qualname__, cls)
        return cls


def _key(cls: type) -> str:
    """The name by which cloudpickle knows a class in all processes, so that both ways of packing mean the same class."""
    from cloudpickle import cloudpickle

    return cloudpickle._get_or_create_tracker_id(cls)


def _tracked(key: str) -> Optional[type]:
    from cloudpickle import cloudpickle

    return cloudpickle._DYNAMIC_CLASS_TRACKER_BY_ID.get(key)
