"""Events by Extrae's names. They do nothing where the run is not traced; counters are the run's own (see the guide's page on traces)."""

from __future__ import annotations

from collections.abc import Sequence

from colla import _trace

__all__ = ["event", "eventandcounters", "nevent", "neventandcounters"]

_BITS = 64


def event(type: int, value: int) -> None:  # noqa: A002
    """Records that a value of a type of events begins now; 0 ends it. As in Extrae, what is no event is passed over."""
    made = _trace.recorder(_trace.USER)
    if made is not None and _trace.FIRST_TYPE <= type < _trace.MOST_TYPE:
        made.record(int(type), _signed(int(value)))


def nevent(array_of_types: Sequence[int], array_of_values: Sequence[int]) -> None:
    """Several of :func:`event`."""
    for each, value in zip(array_of_types, array_of_values):
        event(each, value)


eventandcounters = event
neventandcounters = nevent


def _signed(value: int) -> int:
    """The number that has the same bits."""
    value &= (1 << _BITS) - 1
    return value - (1 << _BITS) if value >> (_BITS - 1) else value
