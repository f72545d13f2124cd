"""Why an object cannot be pickled, and where in it the reason is."""

from __future__ import annotations

import itertools
import time
from typing import Any, Callable, Iterator

from ._errors import UsageError

__all__ = ["Unpicklable", "explain"]

_MOST_SECONDS = 5.0
"""A search in a large object ends after this time with what it has found by then."""

_DEEPEST = 50
_LONGEST_KEY = 40


class Unpicklable(UsageError):
    """An object cannot travel, since something in it cannot be pickled.

    ``path`` is where that is, seen from the object (``[0]['model'].lock``; empty: the object itself), ``type_name`` its type and
    ``reason`` what pickle said. :meth:`of` makes the sentence for an object that the reader knows by a name.
    """

    def __init__(self, type_name: str, path: str, reason: str) -> None:
        super().__init__(type_name, path, reason)
        self.type_name = type_name
        self.path = path
        self.reason = reason

    def of(self, name: str) -> str:
        """One sentence that says what cannot be sent, when the whole object is called ``name``."""
        return f"{name}{self.path} is a {self.type_name}, which cannot be pickled, so it cannot be sent ({self.reason})"

    def __str__(self) -> str:
        if self.path:
            return self.of("the object's ")
        return f"a {self.type_name} cannot be pickled, so it cannot be sent ({self.reason})"


def explain(obj: Any, error: BaseException, dumps: Callable[[Any], object]) -> Unpicklable:
    """Finds the innermost part of an object for which ``dumps`` fails, after it failed for the whole with ``error``."""
    path = ""
    deadline = time.monotonic() + _MOST_SECONDS
    on_the_way = {id(obj)}
    while len(on_the_way) < _DEEPEST:
        for step, part in _parts(obj):
            if time.monotonic() > deadline:
                break
            if id(part) in on_the_way:
                continue
            failure = _failure(part, dumps)
            if failure is not None:
                on_the_way.add(id(part))
                path, obj, error = path + step, part, failure
                break
        else:
            break
        if time.monotonic() > deadline:
            break
    return Unpicklable(_type_name(obj), path, _reason(error))


def _failure(part: Any, dumps: Callable[[Any], object]) -> "BaseException | None":
    if part is None or type(part) in (int, float, str, bytes, bool, complex):
        return None
    try:
        dumps(part)
    except Exception as failure:  # whatever a __reduce__ of the user's raises
        return failure
    return None


def _parts(obj: Any) -> Iterator[tuple[str, Any]]:
    """What an object holds, each with the text that leads to it."""
    if isinstance(obj, dict):
        for key, value in list(obj.items()):
            yield f"[{_short(key)}]", value
        for key in list(obj):
            yield f".keys()[{_short(key)}]", key
    elif isinstance(obj, (list, tuple)):
        for index, value in enumerate(list(obj)):
            yield f"[{index}]", value
    elif isinstance(obj, (set, frozenset)):
        for value in list(obj):
            yield f"{{{_short(value)}}}", value
    yield from _attributes(obj)
    if hasattr(obj, "__code__") and hasattr(obj, "__globals__"):
        yield from _names_of_function(obj)


def _attributes(obj: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(obj, type):
        return
    try:
        attributes = dict(vars(obj))
    except TypeError:
        attributes = {}
    slots = itertools.chain.from_iterable(_slots(kind) for kind in type(obj).__mro__)
    for name in slots:
        if name not in attributes and hasattr(obj, name):
            attributes[name] = getattr(obj, name)
    for name, value in attributes.items():
        yield f".{name}", value
    self_of_method = getattr(obj, "__self__", None)
    if self_of_method is not None and callable(obj):
        yield ".__self__", self_of_method


def _slots(kind: type) -> "tuple[str, ...]":
    slots = kind.__dict__.get("__slots__", ())
    names = (slots,) if isinstance(slots, str) else tuple(slots)
    return tuple(name for name in names if name not in ("__dict__", "__weakref__"))


def _names_of_function(function: Any) -> Iterator[tuple[str, Any]]:
    """The values of the variables that a function finds outside of itself."""
    code = function.__code__
    for name, cell in zip(code.co_freevars, function.__closure__ or ()):
        try:
            yield f" (its variable {name})", cell.cell_contents
        except ValueError:
            continue  # not assigned yet
    for name in code.co_names:
        if name in function.__globals__:
            yield f" (its global variable {name})", function.__globals__[name]
    for index, value in enumerate(function.__defaults__ or ()):
        yield f" (its default {index})", value


def _short(key: Any) -> str:
    try:
        text = repr(key)
    except Exception:  # a __repr__ of the user's
        text = f"<{_type_name(key)}>"
    return text if len(text) <= _LONGEST_KEY else text[: _LONGEST_KEY - 1] + "…"


def _type_name(obj: Any) -> str:
    kind = type(obj)
    return kind.__qualname__ if kind.__module__ in ("builtins", "__main__") else f"{kind.__module__}.{kind.__qualname__}"


def _reason(error: BaseException) -> str:
    text = str(error).strip()
    first = text.splitlines()[0] if text else ""
    return f"{type(error).__name__}: {first}" if first else type(error).__name__
