"""What can go wrong with a task, its data or the run, as exceptions."""

from __future__ import annotations

__all__ = [
    "CollaError",
    "UsageError",
    "TaskFailedError",
    "CancelledError",
    "DataLostError",
    "NodesLostError",
    "InternalError",
    "WaitTimeoutError",
]


class CollaError(Exception):
    """Any error that Colla raises itself; the message is one sentence."""

    __module__ = "colla"


class UsageError(CollaError):
    """The program asked for what cannot be: the message says what, and what to do."""

    __module__ = "colla"


class TaskFailedError(CollaError):
    """A task failed and left no exception of its own that could travel here.

    ``task`` and ``node`` name it (empty: not known); ``remote_traceback`` is its traceback or the end of what it printed.
    """

    __module__ = "colla"

    def __init__(self, message: str, task: str = "", node: str = "", remote_traceback: str = "") -> None:
        super().__init__(message)
        self.task = task
        self.node = node
        self.remote_traceback = remote_traceback

    def __reduce__(self) -> tuple:
        return type(self), (self.args[0], self.task, self.node, self.remote_traceback)


class CancelledError(CollaError):
    """The task that makes a value was cancelled, or never ran because of one before it."""

    __module__ = "colla"


class DataLostError(CollaError):
    """All copies of a value were lost with their nodes, and it could not be made again."""

    __module__ = "colla"


class NodesLostError(CollaError):
    """No node is left that could run the task."""

    __module__ = "colla"


class InternalError(CollaError):
    """Colla itself failed: a mistake in it, or its gateway is gone."""

    __module__ = "colla"


class WaitTimeoutError(CollaError, TimeoutError):
    """A wait with a time-out ended before what it waited for was there."""

    __module__ = "colla"
