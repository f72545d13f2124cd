"""Futures: what a call of a task returns, in place of a value that is still to be made."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Callable, NoReturn, Optional

from ._errors import UsageError

if TYPE_CHECKING:
    from ._session import Session

__all__ = ["Future", "FutureInside", "collecting"]


class _Collecting(threading.local):
    collector: Optional[Callable[[Future], tuple]] = None


collecting = _Collecting()
"""``collecting.collector``, per thread: what a future that is being pickled calls, with itself, for the result of its ``__reduce__``.

Set it while the arguments of a call are pickled, so that a future in them becomes an access to its datum.
"""


class FutureInside(UsageError, TypeError):
    """A future was in something that is pickled where no dependency can come of it."""

    __module__ = "colla"


class Future:
    """The result of a task, which may not have run yet.

    Pass it to other tasks, also inside lists, tuples and dictionaries; ``x = compss_wait_on(x)`` (or ``x.result()``) waits for the
    value itself. When the last reference to a future goes, the data it stands for are freed.
    """

    __slots__ = ("_session", "_datum", "_what", "_kind", "__weakref__")

    def __init__(self, session: Session, datum: int, what: str) -> None:
        self._session = session
        self._datum = datum
        self._what = what

    def __del__(self) -> None:
        try:
            self._session.close(self._datum)
        except AttributeError:
            pass  # made by a __new__ alone

    def result(self, timeout: Optional[float] = None) -> Any:
        """Waits for the value and returns it.

        Raises the task's own exception if it failed, CancelledError if it was cancelled, and WaitTimeoutError after ``timeout`` seconds.
        """
        return self._session.get(self._datum, timeout)

    def exception(self, timeout: Optional[float] = None) -> Optional[BaseException]:
        """Waits for the task and returns what it raised: None if it succeeded. WaitTimeoutError after ``timeout`` seconds."""
        return self._session.exception(self._datum, timeout)

    def done(self) -> bool:
        """Whether the value is there, or never will be. It does not wait."""
        return bool(self._session.done([self._datum]))

    def cancel(self) -> None:
        """Cancels the task, if it has not finished, and those that need its result."""
        self._session.cancel(self._datum)

    def delete(self) -> None:
        """Frees the value now, instead of with the last reference to the future. The future cannot be used any more."""
        session, self._session = self._session, _Deleted()  # type: ignore[assignment]
        session.close(self._datum)

    def __repr__(self) -> str:
        try:
            state = ", done" if self.done() else ", not there yet"
        except Exception:  # of an ended run, say: a debugger wants some text nevertheless
            state = ""
        return f"<future: result of {self._what}{state}>"

    def __format__(self, spec: str) -> str:
        return self._misused(f"be formatted as {spec!r}") if spec else repr(self)

    def __copy__(self) -> Future:
        return self

    def __deepcopy__(self, memo: dict) -> Future:
        return self

    def __reduce_ex__(self, protocol: Any) -> tuple:
        collector = collecting.collector
        if collector is None:
            raise FutureInside(f"a future (the result of {self._what}) cannot be pickled here: wait for it with compss_wait_on")
        return collector(self)

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if other is None or type(other) is Future:
            return False
        return self._misused("be compared")

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = object.__hash__

    def __getattr__(self, name: str) -> Any:
        """A method of the value's declared class that is a task can be called before the value is there."""
        if name in Future.__slots__:
            raise AttributeError(name)
        method = getattr(getattr(self, "_kind", None), name, None)
        if hasattr(method, "task_of"):
            return method.task_of(self)
        raise AttributeError(f"{self._sentence(f'have its attribute {name!r} used')}")

    def _sentence(self, use: str) -> str:
        return (
            f"the result of {self._what} is still a future, which cannot {use}: wait for its value first (x = compss_wait_on(x)), or "
            f"pass it to another task"
        )

    def _misused(self, use: str) -> Any:
        raise TypeError(self._sentence(use))


class _Deleted:
    """The session of futures that the program has deleted."""

    def close(self, datum: int) -> None:
        """Nothing is left to be closed."""

    def __getattr__(self, name: str) -> NoReturn:
        raise UsageError("the future was deleted (compss_delete_object): its value cannot be used any more")


def _refusing(use: str) -> Callable:
    def refuse(self: Future, *others: object) -> NoReturn:
        raise TypeError(self._sentence(use))

    return refuse


def _refuse(use: str, *names: str) -> None:
    for name in names:
        method = _refusing(use)
        method.__name__ = f"__{name}__"
        method.__qualname__ = f"Future.__{name}__"
        setattr(Future, method.__name__, method)


_BINARY = ("add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "divmod", "pow", "lshift", "rshift", "and", "xor", "or")
_refuse("be used in arithmetic", *_BINARY, *("r" + name for name in _BINARY), "neg", "pos", "abs", "invert", "round")
_refuse("be compared", "lt", "le", "gt", "ge")
_refuse("be taken for true or false", "bool")
_refuse("be made a number", "int", "float", "complex", "index")
_refuse("be indexed or gone through", "getitem", "setitem", "delitem")
_refuse("be searched", "contains")
_refuse("be asked for its length", "len")
