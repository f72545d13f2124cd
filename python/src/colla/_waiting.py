"""Values in place of futures, anywhere in lists, tuples, sets and dictionaries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._errors import UsageError
from ._futures import Future

if TYPE_CHECKING:
    from ._session import Session

__all__ = ["values_of", "data_in", "refuse_futures"]

_CONTAINERS = (list, tuple, dict, set, frozenset)


def values_of(session: Session, obj: Any, timeout: float | None = None) -> Any:
    """The object with the values of all futures and tracked objects in it, waited for at once.

    A container without any is returned itself. Raises as ``Session.get``.
    """
    data = data_in(session, obj)
    if not data:
        return obj
    numbers = list(data)
    if len(numbers) == 1:
        values = {numbers[0]: session.get(numbers[0], timeout)}
    else:
        values = dict(zip(numbers, session.get_all(numbers, timeout)))
    return _Replacing(session, values).replaced(obj)


def refuse_futures(obj: Any) -> None:
    """Raises UsageError if there is a future in the object, for a process that was forked from the one that has its session."""
    found: dict[int, None] = {}
    _collect(_NOTHING_TRACKED, obj, found, set())
    if found:
        raise UsageError("a process that was forked from the program cannot wait for the program's tasks: wait for them before, and pass the values")


class _NothingTracked:
    """Stands for a session that is another process's."""

    def is_tracked(self, obj: Any) -> None:
        """Of objects other than futures nothing is known."""


_NOTHING_TRACKED: Any = _NothingTracked()


def data_in(session: Session, obj: Any) -> dict[int, None]:
    """The data of the futures and tracked objects in an object, each once, in order."""
    found: dict[int, None] = {}
    _collect(session, obj, found, set())
    return found


def _collect(session: Session, obj: Any, found: dict[int, None], on_the_way: set[int]) -> None:
    datum = _datum_of(session, obj)
    if datum is not None:
        found[datum] = None
    elif isinstance(obj, _CONTAINERS) and id(obj) not in on_the_way:
        on_the_way.add(id(obj))
        for element in obj.values() if isinstance(obj, dict) else obj:
            if type(element) not in _PLAIN:
                _collect(session, element, found, on_the_way)
        on_the_way.discard(id(obj))


_PLAIN = frozenset((int, float, str, bool, type(None), bytes))


def _datum_of(session: Session, obj: Any) -> int | None:
    return obj._datum if type(obj) is Future else session.is_tracked(obj)


class _Replacing:
    """Puts values in the places of their data; the same container becomes the same new one."""

    def __init__(self, session: Session, values: dict[int, Any]) -> None:
        self._session = session
        self._values = values
        self._made: dict[int, Any] = {}

    def replaced(self, obj: Any) -> Any:
        if type(obj) in _PLAIN:
            return obj
        datum = _datum_of(self._session, obj)
        if datum is not None:
            return self._values[datum] if datum in self._values else obj
        if not isinstance(obj, _CONTAINERS):
            return obj
        if id(obj) not in self._made:
            self._made[id(obj)] = obj  # what contains itself stays as it is
            self._made[id(obj)] = self._container(obj)
        return self._made[id(obj)]

    def _container(self, obj: Any) -> Any:
        if isinstance(obj, dict):
            values = {key: self.replaced(value) for key, value in obj.items()}
            if all(values[key] is obj[key] for key in values):
                return obj
            if type(obj) is dict:
                return values
            copy = obj.copy()
            copy.update(values)
            return copy
        elements = [self.replaced(element) for element in obj]
        if all(new is old for new, old in zip(elements, obj)):
            return obj
        kind = type(obj)
        return kind(*elements) if hasattr(kind, "_fields") else elements if kind is list else kind(elements)
