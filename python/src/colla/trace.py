"""Events of the application's own in the run's trace::

    from colla import trace

    with trace.region("reading"):
        ...
    trace.event(3)                      # value 3 of type 9100000, "User events"
    trace.event(9100001, 128)           # a type of your own
    trace.define(9100001, "Block size")

They work in tasks, on the ranks of MPI tasks and in the main program, from any thread, and do nothing where the run is not traced. A
value holds until the next one of its type; 0 ends it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from . import _trace
from ._errors import UsageError

__all__ = ["USER_EVENTS", "define", "event", "is_on", "region"]

USER_EVENTS = _trace.USER_EVENTS
"""The type of events that are given no other."""

_told: dict[tuple[int, str], int] = {}
"""The values of regions' labels that have been defined."""

_F = TypeVar("_F", bound=Callable[..., Any])


def is_on() -> bool:
    """Whether what is recorded here comes into a trace: for what is dear to find out only for it."""
    return _trace.is_on(_trace.USER)


def event(type_or_value: int, value: int | None = None) -> None:
    """Records that a value begins now: ``event(value)`` of type 9100000, or ``event(type, value)``. 0 ends what was before.

    Types are numbers from 1000 on; COMPSs' are around 8000000 and 9000000. Raises UsageError for what is no number of 64 bits, or no type.
    """
    made = _trace.recorder(_trace.USER)
    if made is None:
        return
    if value is None:
        type_or_value, value = USER_EVENTS, type_or_value
    try:
        if type_or_value < _trace.FIRST_TYPE:
            raise ValueError
        made.record(type_or_value, value)
    except (ValueError, TypeError, _trace.struct.error):
        raise UsageError(f"an event is a type from {_trace.FIRST_TYPE} to 2147483647 and a whole number of 64 bits; it was {type_or_value!r} and {value!r}") from None


def define(type: int, label: str = "", values: Mapping[int, str] | None = None) -> None:  # noqa: A002
    """Names a type of events, and values of it, for the trace. In any process, at any time; once is enough."""
    if not isinstance(type, int) or not _trace.FIRST_TYPE <= type < _trace.MOST_TYPE:
        raise UsageError(f"a type of events is a number from {_trace.FIRST_TYPE} to 2147483647; it was {type!r}")
    named = {}
    for value, text in (values or {}).items():
        if not isinstance(value, int) or not 0 <= value < _trace.MOST_TYPE:
            raise UsageError(f"Paraver shows labels of values from 0 to 2147483647 only; one was {value!r}")
        named[value] = str(text)
    _trace.define(type, str(label), named)


class region:  # noqa: N801
    """A part of the program: ``with trace.region("reading"):``, or ``@trace.region("reading")`` for all calls of a function.

    ``what`` is a value, or a text, which then is the label of a value of its own. Regions may be in each other: the outer one goes on
    where the inner one ends. One object can be used again and again, by one thread at a time.
    """

    __slots__ = ("_what", "_type", "_outer")

    def __init__(self, what: int | str, type: int = USER_EVENTS) -> None:  # noqa: A002
        self._what = what
        self._type = type
        self._outer: list[int] = []

    def __enter__(self) -> region:
        made = _trace.recorder(_trace.USER)
        if made is not None:
            value = self._what if type(self._what) is int else self._labelled()
            event(self._type, value)
            self._outer.append(made.open.get(self._type, 0))
            made.open[self._type] = value
        return self

    def _labelled(self) -> int:
        text = str(self._what)
        value = _told.get((self._type, text))
        if value is None:
            value = _told[self._type, text] = _trace.number_of(text)
            define(self._type, "", {value: text})
        return value

    def __exit__(self, *_: object) -> None:
        made = _trace.recorder(_trace.USER)
        if made is not None and self._outer:
            outer = made.open[self._type] = self._outer.pop()
            made.record(self._type, outer)

    def __call__(self, function: _F) -> _F:
        what, kind = self._what, self._type

        @functools.wraps(function)
        def traced(*args: Any, **kwargs: Any) -> Any:
            if not is_on():
                return function(*args, **kwargs)
            with region(what, kind):
                return function(*args, **kwargs)

        return traced  # type: ignore[return-value]
