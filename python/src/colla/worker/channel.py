"""An executor's connection to its worker: frames in and out, without ever waiting for the one while the other is stuck."""

from __future__ import annotations

import os
import select
import socket
import struct
import threading
from collections import deque
from typing import Any, Callable, NamedTuple, Optional

from .. import _wire

__all__ = ["Answer", "Channel", "Ended", "Incoming"]

# Frames of the worker.
_FUNCTION, _TASK, _ANSWER, _CANCEL, _RECALL = 2, 3, 4, 5, 6
# Frames of the executor.
_HELLO, DONE, FAILED, _ASK, _PRINTED, _RETURNED = 1, 2, 3, 4, 5, 6

_CHUNK = 64 * 1024
_LENGTH = struct.Struct("<I")
_U16 = struct.Struct("<H")
_RETURN = struct.Struct("<IBI")
_ASK_HEAD = struct.Struct("<IBB")
_HEADER = 5
_AT_ONCE = socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL


class Ended(Exception):
    """The worker has closed the connection, or is gone."""


class Incoming(NamedTuple):
    """A TASK frame's body: from ``start`` to ``end`` in ``data``."""

    data: bytes
    start: int
    end: int


class Answer(NamedTuple):
    """What the master answered, and the cpus that the task has from now on (none: as before)."""

    cpus: "tuple[int, ...]"
    content: bytes


class Channel:
    """The connection of one executor.

    One thread takes tasks and answers them. Others may send what is printed and, while a task runs, ask. What has been read is kept in
    order; cancellations are noted as they are read, so that a signal handler finds them with :meth:`look`.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._data: Any = b""
        self._tasks: "deque[Incoming]" = deque()
        self.functions: "dict[int, tuple[str, bytes]]" = {}
        """The name and body of each function that has been told of and not been taken from here."""
        self.cancelled: "set[int]" = set()
        """The tasks whose cancellation has been read and that have not been answered."""
        self._recalled: "list[Incoming]" = []
        self._awaited = 0
        self._answer: Optional[Answer] = None
        self._pipe: "Optional[tuple[int, int]]" = None
        self.is_asked = False
        """Whether a thread waits for an answer."""
        self._abandoned = False
        self._reading = threading.Lock()
        self._sending = threading.Lock()
        self._asking = threading.Lock()

    def hello(self, content: "dict[str, Any]") -> None:
        """Says who this is; first of all."""
        self.send(_wire.json_frame(_HELLO, content))

    def next_task(self) -> Incoming:
        """The next task; waits for it. Raises :class:`Ended`."""
        tasks = self._tasks
        while not tasks:
            with self._reading:
                if tasks:
                    break  # a thread of the task before has read them
                try:
                    data = self._socket.recv(_CHUNK)
                except OSError as error:
                    raise Ended from error
                self._take(data)
            if self._recalled:
                self.give_back()
        return tasks.popleft()

    def give_back(self) -> None:
        """Tells the worker which tasks it has got back, if it has recalled any. Raises :class:`Ended`."""
        while self._recalled:
            recalled, self._recalled = self._recalled, []
            sequences = [_LENGTH.unpack_from(data, start)[0] for data, start, _ in recalled]
            self.send(b"".join(_RETURN.pack(5, _RETURNED, sequence) for sequence in sequences))

    def is_cancelled(self, sequence: int) -> bool:
        """Whether a cancellation of this task has been read."""
        return sequence in self.cancelled

    def forget(self, sequence: int) -> None:
        """This task, and so all before it, have been answered."""
        self.cancelled = {later for later in self.cancelled if later > sequence}

    def look(self) -> None:
        """Reads what has come, without waiting. For signal handlers: does nothing while a thread is reading."""
        if not self._reading.acquire(blocking=False):
            return
        try:
            while self._read_what_is_there():
                pass
        except Ended:
            return  # it is met again where it is waited for
        finally:
            self._reading.release()

    def send(self, frame: bytes) -> None:
        """Sends a frame. While the worker does not take it, reads what the worker sends. Raises :class:`Ended`."""
        with self._sending:
            try:
                sent = self._socket.send(frame, _AT_ONCE)
            except BlockingIOError:
                sent = 0
            except OSError as error:
                raise Ended from error
            if sent != len(frame):
                self._send_rest(memoryview(frame)[sent:])

    def printed(self, text: str) -> None:
        """Sends what a task printed; a process that it forked prints to the file only."""
        if not self._abandoned:
            self.send(_wire.frame(_PRINTED, text.encode(errors="replace")))

    def ask(self, channel: int, question: bytes, waits: bool, check: Callable[[], None]) -> Answer:
        """Asks the master and waits for its answer. Only while a task runs; from any thread of it. Raises :class:`Ended`.

        ``waits`` says that the task can do nothing meanwhile. ``check`` is called before the question is sent, whenever something has been
        read, and after :meth:`end_questions`; what it raises ends the wait.
        """
        with self._asking:
            check()
            # 0 is the number of what wants no answer.
            self._awaited = self._awaited % 0xFFFFFFFF + 1
            self._answer = None
            self._wakers()
            self.is_asked = True
            try:
                self.send(_ask_frame(self._awaited, channel, waits, question))
                # Nobody else reads meanwhile: they would take the answer, and this thread would go on waiting for it.
                with self._reading:
                    while self._answer is None:
                        self._wait_to_read()
                        check()
                    return self._answer
            finally:
                self.is_asked = False

    def end_questions(self) -> None:
        """Has a thread that waits for an answer look whether it still should."""
        os.write(self._wakers()[1], b"\0")

    def _wait_to_read(self) -> None:
        """Waits until something has come, and reads it, or until :meth:`end_questions`."""
        woken = self._wakers()[0]
        poll = select.poll()
        for descriptor in (self._socket.fileno(), woken):
            poll.register(descriptor, select.POLLIN)
        for descriptor, _ in poll.poll():
            if descriptor == woken:
                os.read(woken, _CHUNK)
            else:
                self._read_what_is_there()

    def _wakers(self) -> "tuple[int, int]":
        if self._pipe is None:
            self._pipe = os.pipe()
        return self._pipe

    def tell(self, channel: int, message: bytes) -> None:
        """Sends the master what wants no answer. Raises :class:`Ended`."""
        self.send(_ask_frame(0, channel, False, message))

    def abandon(self) -> None:
        """Closes the connection in a process that a task has forked off."""
        self._abandoned = True
        self._socket.close()

    def _read_what_is_there(self) -> bool:
        """Reads without waiting; False if there was nothing."""
        try:
            data = self._socket.recv(_CHUNK, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False
        except OSError as error:
            raise Ended from error
        self._take(data)
        return True

    def _send_rest(self, rest: memoryview) -> None:
        poll = select.poll()
        poll.register(self._socket, select.POLLIN | select.POLLOUT)
        while rest:
            for _, events in poll.poll():
                if events & select.POLLIN and self._reading.acquire(blocking=False):
                    # The worker may be waiting for room for what it sends, and only then take what we send.
                    try:
                        self._read_what_is_there()
                    finally:
                        self._reading.release()
                if events & (select.POLLOUT | select.POLLHUP | select.POLLERR):
                    try:
                        rest = rest[self._socket.send(rest, _AT_ONCE) :]
                    except BlockingIOError:
                        continue
                    except OSError as error:
                        raise Ended from error

    def _take(self, data: bytes) -> None:
        """Takes the frames that these bytes complete."""
        if not data:
            raise Ended
        if self._data:
            # The beginning of a long frame grows in place: its pieces are not copied again and again.
            self._data += data
            if len(self._data) < 4 or len(self._data) < 4 + _LENGTH.unpack_from(self._data)[0]:
                return
            data = bytes(self._data)
            self._data = b""
        at = 0
        end = len(data)
        while end - at >= _HEADER:
            behind = at + 4 + _LENGTH.unpack_from(data, at)[0]
            if behind > end:
                break
            if data[at + 4] == _TASK:
                self._tasks.append(Incoming(data, at + _HEADER, behind))
            else:
                self._take_rare(data[at + 4], memoryview(data)[at + _HEADER : behind])
            at = behind
        if at < end:
            self._data = bytearray(memoryview(data)[at:])

    def _take_rare(self, kind: int, body: memoryview) -> None:
        number = _LENGTH.unpack_from(body)[0]
        if kind == _FUNCTION:
            name, at = _wire.read_string(body, 4)
            self.functions[number] = (name, bytes(body[at:]))
        elif kind == _CANCEL:
            self.cancelled.add(number)
        elif kind == _RECALL:
            self._recalled.extend(self._tasks)
            self._tasks.clear()
        elif kind == _ANSWER and number == self._awaited:
            (count,) = _U16.unpack_from(body, 4)
            end = 6 + 2 * count
            self._answer = Answer(struct.unpack_from(f"<{count}H", body, 6), bytes(body[end:]))


def _ask_frame(number: int, channel: int, waits: bool, content: bytes) -> bytes:
    return _wire.frame(_ASK, _ASK_HEAD.pack(number, channel, waits), content)
