"""The processes that run tasks: a warm parent (the zygote) and one executor for each core in use.

The functions are for Colla's code that runs inside tasks.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .._objects import Folders
    from .executor import Executor

__all__ = ["NESTED_CALLS", "STREAMS", "ask", "attempt", "folders", "tell"]

NESTED_CALLS, STREAMS = 0, 1
"""The channels of what tasks ask the master."""


def ask(channel: int, question: bytes, waits: bool = True) -> bytes:
    """Asks the master on behalf of the task that runs, and waits for the answer. From any thread of the task.

    ``waits`` says that the task can do nothing else meanwhile: its cores are given to others until the answer is there, and may be
    others then. Raises RuntimeError outside of a task, and TaskCancelled when the task is cancelled meanwhile.
    """
    return _executor().ask(channel, question, waits)


def tell(channel: int, message: bytes) -> None:
    """Sends the master, on behalf of the task that runs, what wants no answer. Raises RuntimeError outside of a task."""
    _executor().tell(channel, message)


def attempt() -> tuple[int, int] | None:
    """The numbers of the task that runs and of its attempt; None outside of a task."""
    module = sys.modules.get(__name__ + ".executor")
    executor = None if module is None else module.current()
    return None if executor is None else executor.attempt


def folders() -> Folders:
    """Where this executor makes files of packed objects. Raises RuntimeError outside of a task."""
    return _executor().folders


def _executor() -> Executor:
    module = sys.modules.get(__name__ + ".executor")
    executor = None if module is None else module.current()
    if executor is None:
        raise RuntimeError("only a task can do this, while it runs in an executor")
    return executor
