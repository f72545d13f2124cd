"""Groups of tasks: waited for, and cancelled, together."""

from __future__ import annotations

from types import TracebackType

from ._running import current

__all__ = ["TaskGroup", "innermost"]

innermost = -1
"""The number of the group that calls belong to now; -1: none."""


class TaskGroup:
    """The tasks that are called within a ``with TaskGroup("name"):`` block.

    With ``implicit_barrier`` the block's end waits for them, and raises the ``COMPSsException`` that one of them raised; without it,
    ``barrier_group(name)`` does. Groups may be nested; a name that is used again continues the group.
    """

    def __init__(self, group_name: str, implicit_barrier: bool = True) -> None:
        self.group_name = group_name
        self.implicit_barrier = implicit_barrier

    def __enter__(self) -> TaskGroup:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        return None
