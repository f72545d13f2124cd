"""Tasks that call tasks: the session that a running task has with the master, through its executor.

It begins with the task's first call of a task and ends with the task, which waits for all that it has called; results that are still
futures are waited for, too. While the task waits its cores are given to others, so nested calls cannot keep each other from running.
"""

from __future__ import annotations

import collections
import os
import struct
import sys
import threading
from time import monotonic
from typing import Any, Callable, Optional

from .. import _session, _wire, worker
from .._connection import FAILURE, FLUSH_SIZE
from .._errors import UsageError
from .._objects import Folders, Packed
from .._session import CLOSE, Session
from .._waiting import values_of

__all__ = ["TaskConnection", "abort", "allow", "finish"]

PROTOCOL = 1

_ALONE = 0.0002
"""Seconds since the last frames: after so long a frame does not wait for company."""

_U32 = struct.Struct("<I")


class TaskConnection:
    """What a session needs of a connection, over the executor's own: requests wait for their answers, the rest goes along. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._unsent = bytearray()
        self._closing: "collections.deque[int]" = collections.deque()
        self._failures: "collections.deque[bytes]" = collections.deque()
        self._begun: "dict[int, bytes]" = {}
        self._next = 0
        self._sent_at = 0.0
        self.dead: Optional[str] = None
        self.noticed = False

    def take_failure(self) -> Optional[bytes]:
        """The oldest failure that was told of and has not been taken yet."""
        if self._failures:
            return self._failures.popleft()
        self.noticed = self.dead is not None
        return None

    def drop_failure(self, failure: bytes) -> bool:
        """A wait has raised this failure: it need not be told of again. Whether it would have been."""
        if failure not in self._failures:
            return False
        self._failures.remove(failure)
        return True

    def take_request(self) -> int:
        """The number of a request whose answer nobody waits for."""
        with self._lock:
            return self._numbers(1)

    def send(self, frames: bytes) -> None:
        """Sends whole frames: at once if none were sent lately, else with what follows."""
        with self._lock:
            self._unsent += frames
            if len(self._unsent) >= FLUSH_SIZE or monotonic() - self._sent_at >= _ALONE:
                worker.tell(worker.NESTED_CALLS, self._take())

    send_later = send

    def close_datum(self, datum: int) -> None:
        """Closes a datum with what is sent next."""
        self._closing.append(datum)

    def exchange(self, count: int, frames: Callable[[int], bytes], timeout: Optional[float] = None) -> "list[bytes]":
        """Sends requests of consecutive numbers and returns their answers in order, each its type and its body."""
        if timeout is not None:
            raise UsageError("a wait inside of a task cannot have a time-out; give the task one (time_out)")
        with self._lock:
            first = self._numbers(count)
            question = self._take() + frames(first)
        return self._answers(worker.ask(worker.NESTED_CALLS, question, waits=True), first, count)

    def begin(self, frames: Callable[[int], bytes]) -> int:
        """A request that :meth:`finish` will send."""
        number = self.take_request()
        self._begun[number] = frames(number)
        return number

    def finish(self, number: int) -> bytes:
        """Sends a request that was begun and returns its answer."""
        with self._lock:
            question = self._take() + self._begun.pop(number)
        return self._answers(worker.ask(worker.NESTED_CALLS, question, waits=True), number, 1)[0]

    def _numbers(self, count: int) -> int:
        first = self._next
        self._next = first + count
        return first

    def _take(self) -> bytes:
        closing = self._closing
        if closing:
            data = [closing.popleft() for _ in range(len(closing))]
            self._unsent += _wire.HEADER.pack(1 + 4 * len(data), CLOSE) + struct.pack(f"<{len(data)}I", *data)
        frames = bytes(self._unsent)
        self._unsent.clear()
        self._sent_at = monotonic()
        return frames

    def _answers(self, answer: bytes, first: int, count: int) -> "list[bytes]":
        found: "list[bytes]" = [b""] * count
        at = 0
        while at < len(answer):
            behind = at + 4 + _U32.unpack_from(answer, at)[0]
            if answer[at + 4] == FAILURE:
                self._failures.append(answer[at + 5 : behind])
                self.noticed = True
            else:
                number = _U32.unpack_from(answer, at + 5)[0] - first
                if 0 <= number < count:
                    found[number] = answer[at + 4 : behind]
            at = behind
        return found

    def close(self) -> None:
        """Nothing can be sent any more."""
        self.dead = "the task has ended: what it called can be waited for in it only"
        self.noticed = True

    abandon = close


class NoFolders(Folders):
    """For a task that shares no folder with the master: everything goes inside of frames, as far as they go."""

    inline_limit = 48 << 20

    def __init__(self) -> None:
        super().__init__("", "")

    def capacity(self) -> int:
        """None: no file is ever made."""
        return 0

    def write(self, packed: Packed) -> str:
        """Raises UsageError."""
        raise UsageError(
            f"an object of {packed.size >> 20} MiB cannot be passed on by a task on another node than the program's ({self.inline_limit >> 20} MiB"
            " are the most): return it from the task and let the program call the next one, or pass a file"
        )


_open: Optional[Session] = None


def allow() -> None:
    """From now on calls of tasks in tasks are tasks; by default they are plain calls. For an executor, before its first task."""
    _session.look_for_nested(_current)


def _current() -> Optional[Session]:
    return _open or _begin()


def _begin() -> Optional[Session]:
    global _open
    task = worker.attempt()
    if task is None:
        return None  # while a function is imported, say
    connection = TaskConnection()
    _open = Session(connection, _hello(), _folders)  # type: ignore[arg-type]
    return _open


def _folders(shm: str, disk: str) -> Folders:
    """The master's, unless it is on another machine, which answers with large objects inside of frames, too."""
    return Folders(shm, disk) if os.access(shm, os.W_OK) else NoFolders()


def _hello() -> "dict[str, Any]":
    return {
        "protocol": PROTOCOL,
        "pid": os.getpid(),
        "python": ".".join(map(str, sys.version_info[:3])),
        "executable": sys.executable or "",
        "path": sys.path,
        "cwd": os.getcwd(),
        "argv": [],
        "main": None,
        "interactive": False,
    }


def finish(outputs: "list[Any]") -> "list[Any]":
    """The task's function has returned: its outputs with values in place of futures, when all that it called has ended.

    Raises what a task that it called has raised.
    """
    global _open
    session = _open
    if session is None:
        return outputs
    outputs = [values_of(session, output) for output in outputs]
    _open = None
    session.end()
    return outputs


def abort() -> None:
    """The task has failed: what it called is cancelled."""
    global _open
    session, _open = _open, None
    if session is not None:
        session.end(failed=True)
