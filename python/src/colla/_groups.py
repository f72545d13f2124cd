"""Groups of tasks: waited for, and cancelled, together."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING

from ._errors import CancelledError, UsageError
from ._session import current

if TYPE_CHECKING:
    from ._session import Session

__all__ = ["TaskGroup", "innermost", "wait_for", "cancel"]

innermost = -1
"""The number of the group that calls belong to now; -1: none."""


class _Named:
    """A group by its name in one session, and the groups that were opened within it."""

    def __init__(self, session: Session, name: str) -> None:
        self.session = session
        self.name = name
        self.number = session.open_group()
        self.inner: list[_Named] = []
        self.cancelled = False

    def wait(self) -> None:
        """Waits for its tasks; those that the program has cancelled itself are no error."""
        cancelled, self.cancelled = self.cancelled, False
        try:
            self.session.barrier(self.number)
        except CancelledError:
            if not cancelled:
                raise

    def all(self) -> list[_Named]:
        """This group after those within it."""
        return [each for inner in self.inner for each in inner.all()] + [self]


_named: dict[str, _Named] = {}
_open: list[_Named] = []


def _group(session: Session, name: str) -> _Named:
    known = _named.get(name)
    if known is None or known.session is not session:
        known = _named[name] = _Named(session, name)
    return known


def wait_for(session: Session, name: str) -> None:
    """Waits for the tasks of a group and of those within it. Raises what a task of them raised; ``UsageError`` for an unknown group."""
    error: BaseException | None = None
    for each in _known(session, name).all():
        try:
            each.wait()
        except Exception as raised:  # the other groups' tasks are waited for before the program hears of it
            error = error or raised
    if error is not None:
        raise error


def cancel(session: Session, name: str) -> None:
    """Cancels the unfinished tasks of a group and of those within it. Raises ``UsageError`` for an unknown group."""
    for each in _known(session, name).all():
        each.cancelled = True
        session.cancel_group(each.number)


def _known(session: Session, name: str) -> _Named:
    known = _named.get(name)
    if known is None or known.session is not session:
        from ._keywords import nearest

        raise UsageError(f"there is no task group {name!r}{nearest(name, _named)}")
    return known


class TaskGroup:
    """The tasks that are called within a ``with TaskGroup("name"):`` block.

    With ``implicit_barrier`` the block's end waits for them, and raises the ``COMPSsException`` that one of them raised; without it,
    ``barrier_group(name)`` does. Groups may be nested; a name that is used again continues the group.
    """

    def __init__(self, group_name: str, implicit_barrier: bool = True) -> None:
        self.group_name = group_name
        self.implicit_barrier = implicit_barrier
        self._group: _Named | None = None

    def __enter__(self) -> TaskGroup:
        global innermost
        session = current()
        if session is not None:
            self._group = _group(session, self.group_name)
            if _open and _open[-1] is not self._group and self._group not in _open[-1].inner:
                _open[-1].inner.append(self._group)
            _open.append(self._group)
            innermost = self._group.number
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        global innermost
        group, self._group = self._group, None
        if group is None:
            return
        if group in _open:
            del _open[_open.index(group) :]
        innermost = _open[-1].number if _open else -1
        if error is None and self.implicit_barrier:
            wait_for(group.session, self.group_name)
