"""What can go wrong with a task, its data or the run, as exceptions."""

from __future__ import annotations

import sys
from typing import Optional

from . import _wire

__all__ = [
    "CollaError",
    "UsageError",
    "TaskFailedError",
    "CancelledError",
    "DataLostError",
    "NodesLostError",
    "InternalError",
    "WaitTimeoutError",
    "DoNotRetry",
    "TaskCancelled",
]


class CollaError(Exception):
    """Any error that Colla raises itself; the message is one sentence."""

    __module__ = "colla"


class UsageError(CollaError):
    """The program asked for what cannot be: the message says what, and what to do."""

    __module__ = "colla"
    colla_retriable = False


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


class RemoteTraceback(Exception):
    """The traceback of an exception that a task raised on a node: shown as the cause of that exception."""

    __module__ = "colla"

    def __init__(self, task: str, node: str, stack: str) -> None:
        super().__init__(task, node, stack)
        self.task = task
        self.node = node
        self.stack = stack

    def __str__(self) -> str:
        place = f" on {self.node}" if self.node else ""
        return f"in task {self.task or '(unknown)'}{place}:\n\n{_with_source(self.stack).rstrip()}\n"


_PLACE = r'  File "(?P<file>.+)", line (?P<line>\d+)(?P<rest>, in .+)'


def _with_source(stack: str) -> str:
    """A traceback with the lines of the program that only this process can read: of a notebook's cells, say."""
    import linecache
    import re

    lines = stack.splitlines()
    result = []
    for line, after in zip(lines, [*lines[1:], ""]):
        place = re.fullmatch(_PLACE, line)
        if place is None:
            result.append(line)
            continue
        cell = _cell_of(place["file"])
        result.append(f"  {cell}, line {place['line']}{place['rest']}" if cell else line)
        source = linecache.getline(place["file"], int(place["line"])).strip()
        if source and not after.startswith("    "):
            result.append(f"    {source}")
    return "\n".join(result)


def _cell_of(file: str) -> str:
    """What IPython calls the cell whose code has this file name; empty for others."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    named = getattr(getattr(shell, "compile", None), "format_code_name", None)
    return " ".join(named(file) or ()) if named is not None else ""


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


class DoNotRetry(CollaError):
    """Raise this, or a subclass, in a task to say that another attempt would fail too."""

    __module__ = "colla"


class TaskCancelled(BaseException):
    """Raised inside a task, wherever it is, when the task is cancelled or its time is up.

    No ``except Exception`` catches it. A task that wants to clean up catches it and raises it again, within a second.
    """

    __module__ = "colla"


_OF_KIND = {
    _wire.FAILURE_USAGE: UsageError,
    _wire.FAILURE_CANCELLED: CancelledError,
    _wire.FAILURE_DATA_LOST: DataLostError,
    _wire.FAILURE_NODES_LOST: NodesLostError,
}


def from_failure(failure: _wire.Failure) -> BaseException:
    """The exception to be raised for a failure: the task's own, if it could travel, with its traceback on the node as its cause."""
    own, why_not = _unpacked(failure.exception) if failure.exception else (None, "")
    if failure.kind == _wire.FAILURE_TASK:
        if own is not None:
            error = own
        else:
            error = TaskFailedError(failure.message + why_not, failure.task, failure.node, failure.stack)
        if failure.stack:
            error.__cause__ = RemoteTraceback(failure.task, failure.node, failure.stack)
        return error
    error = _OF_KIND.get(failure.kind, InternalError)(failure.message)
    if own is not None:
        error.__cause__ = own
    elif failure.stack:
        error.__cause__ = RemoteTraceback(failure.task, failure.node, failure.stack)
    return error


def _unpacked(packed: bytes) -> tuple[Optional[BaseException], str]:
    """The exception, or why it cannot be had here."""
    from . import _objects

    try:
        own = _objects.unpack(packed)
    except Exception as error:  # whatever the exception's class does when it is made again
        return None, f" (its exception cannot be made again here: {type(error).__name__}: {error})"
    if not isinstance(own, BaseException):
        return None, ""
    return own, ""
