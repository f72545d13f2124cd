"""Brokers: who keeps what has been published to streams until it is polled.

In a run the broker is the master, which the program and the tasks ask with small messages (docs/python-protocol.md). A program that
runs sequentially has one of its own.
"""

from __future__ import annotations

import collections
import enum
import os
import struct
import threading
import time
from typing import Callable, Deque, Dict, List, NamedTuple, Optional, Protocol, Sequence, Set

from . import _session, worker
from ._errors import InternalError, UsageError

__all__ = ["Broker", "Consumer", "LocalBroker", "Mode", "PROGRAM", "RemoteBroker", "broker", "this_consumer", "this_run"]

_U32 = struct.Struct("<I")
_MOST_U32 = 0xFFFF_FFFF

_WELL = b"\0"
"""What an answer begins with, unless a sentence says what went wrong."""

_SHORT_SECONDS = 0.02
"""A task that waits longer leaves its cores to others meanwhile."""

_LONELY_SECONDS = 30.0
"""So long a sequential program may poll, without anything else happening, a stream that nobody else can write to."""


class Mode(enum.IntEnum):
    """How often an element reaches a consumer whose task fails and is tried again."""

    AT_MOST_ONCE = 0
    """Once; what a failed attempt polled is gone."""
    AT_LEAST_ONCE = 1
    """What the last poll of a failed attempt returned is returned again to the next attempt."""
    EXACTLY_ONCE = 2
    """All that a failed attempt polled is returned again to the next attempt, as if the failed one had not been."""


class Consumer(NamedTuple):
    """Who polls or closes: an attempt of a task, or the program."""

    task: int
    attempt: int


PROGRAM = Consumer(_MOST_U32, 0)
"""The program itself, which is never tried again."""


class Broker(Protocol):
    """Keeps the elements of streams. Any number of threads may call."""

    def open(self, alias: str, mode: Mode) -> int:
        """Returns the number of a new stream, or of the one with this alias (if it is not empty)."""

    def publish(self, stream: int, elements: Sequence[bytes]) -> None:
        """Appends elements."""

    def poll(self, stream: int, consumer: Consumer, seconds: Optional[float]) -> List[bytes]:
        """Takes all elements that are there; waits for at least one, at most so long (None: until the stream is closed)."""

    def claim(self, stream: int, names: Sequence[str]) -> List[str]:
        """Returns those of the names that nobody has claimed before."""

    def unclaimed(self, stream: int, names: Sequence[str]) -> List[str]:
        """Returns those of the names that nobody has claimed, and claims none."""

    def add_writer(self, stream: int) -> None:
        """Says that one more task will write and then close the stream."""

    def close(self, stream: int, consumer: Consumer) -> None:
        """Says that a writer (or the program) publishes no more; the stream is closed when all writers have said so."""

    def leave(self, stream: int, consumer: Consumer) -> None:
        """Says that a writing task has ended; somebody must still have closed the stream."""

    def is_closed(self, stream: int) -> bool:
        """Whether the stream is closed, and all its elements have been polled."""

    def ended(self, stream: int, seconds: float = 0) -> bool:
        """Whether all writers have closed the stream, though elements may be left; waits for it at most so long."""


class _Stream:
    """The state of one stream of a :class:`LocalBroker`."""

    def __init__(self) -> None:
        self.elements: Deque[bytes] = collections.deque()
        self.claimed: Set[str] = set()
        self.closed = False
        self.lonely_since: Optional[float] = None


class LocalBroker:
    """The broker of a program that runs sequentially: modes and writers make no difference there."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._streams: List[_Stream] = []
        self._aliases: Dict[str, int] = {}

    def open(self, alias: str, mode: Mode) -> int:
        with self._changed:
            if alias in self._aliases:
                return self._aliases[alias]
            self._streams.append(_Stream())
            number = len(self._streams) - 1
            if alias:
                self._aliases[alias] = number
            return number

    def publish(self, stream: int, elements: Sequence[bytes]) -> None:
        with self._changed:
            self._streams[stream].elements.extend(elements)
            self._changed.notify_all()

    def poll(self, stream: int, consumer: Consumer, seconds: Optional[float]) -> List[bytes]:
        with self._changed:
            state = self._streams[stream]
            alone = threading.active_count() == 1
            if alone and not state.elements and not state.closed:
                self._check_loneliness(state, seconds)
            self._changed.wait_for(lambda: state.elements or state.closed, seconds)
            if state.elements or not alone:
                state.lonely_since = None
            taken = list(state.elements)
            state.elements.clear()
            return taken

    def _check_loneliness(self, state: _Stream, seconds: Optional[float]) -> None:
        now = time.monotonic()
        if state.lonely_since is None:
            state.lonely_since = now
        if seconds is None or now - state.lonely_since > _LONELY_SECONDS:
            raise UsageError(
                "this poll would wait for ever: the program runs sequentially, and the tasks that it has called so far have"
                " published no more; call the stream's producers before its consumers, or run the program with `colla run`"
            )

    def claim(self, stream: int, names: Sequence[str]) -> List[str]:
        with self._changed:
            claimed = self._streams[stream].claimed
            new = [name for name in names if name not in claimed]
            claimed.update(new)
            return new

    def unclaimed(self, stream: int, names: Sequence[str]) -> List[str]:
        with self._changed:
            claimed = self._streams[stream].claimed
            return [name for name in names if name not in claimed]

    def add_writer(self, stream: int) -> None:
        """Nothing: a task that writes has ended before the program goes on."""

    def close(self, stream: int, consumer: Consumer) -> None:
        with self._changed:
            self._streams[stream].closed = True
            self._changed.notify_all()

    def leave(self, stream: int, consumer: Consumer) -> None:
        """Nothing, as for :meth:`add_writer`."""

    def is_closed(self, stream: int) -> bool:
        with self._changed:
            state = self._streams[stream]
            return state.closed and not state.elements

    def ended(self, stream: int, seconds: float = 0) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: self._streams[stream].closed, seconds)


class _Op(enum.IntEnum):
    OPEN = 0
    PUBLISH = 1
    POLL = 2
    CLAIM = 3
    ADD_WRITER = 4
    CLOSE = 5
    IS_CLOSED = 6
    ENDED = 7
    UNCLAIMED = 8
    LEAVE = 9


class RemoteBroker:
    """The master's broker, asked by messages."""

    def __init__(self, send: Callable[[bytes, bool], bytes]) -> None:
        """:param send: sends a question to the master and returns its answer; told whether that may take long."""
        self._send = send

    def _ask(self, question: bytes, waits: bool = False) -> bytes:
        answer = self._send(question, waits)
        if answer[:1] != _WELL:
            raise InternalError(answer[1:].decode("utf-8", "replace"))
        return answer[1:]

    def open(self, alias: str, mode: Mode) -> int:
        answer = self._ask(bytes((_Op.OPEN, mode)) + alias.encode())
        return _U32.unpack(answer)[0]

    def publish(self, stream: int, elements: Sequence[bytes]) -> None:
        self._ask(_about(_Op.PUBLISH, stream) + _joined(elements))

    def poll(self, stream: int, consumer: Consumer, seconds: Optional[float]) -> List[bytes]:
        question = _about(_Op.POLL, stream) + _who(consumer) + _millis(seconds)
        return _split(self._ask(question, seconds is None or seconds > _SHORT_SECONDS))

    def claim(self, stream: int, names: Sequence[str]) -> List[str]:
        return self._filtered(_Op.CLAIM, stream, names)

    def unclaimed(self, stream: int, names: Sequence[str]) -> List[str]:
        return self._filtered(_Op.UNCLAIMED, stream, names)

    def _filtered(self, op: _Op, stream: int, names: Sequence[str]) -> List[str]:
        if not names:
            return []
        answer = self._ask(_about(op, stream) + _joined([os.fsencode(name) for name in names]))
        return [os.fsdecode(name) for name in _split(answer)]

    def add_writer(self, stream: int) -> None:
        self._ask(_about(_Op.ADD_WRITER, stream))

    def close(self, stream: int, consumer: Consumer) -> None:
        self._ask(_about(_Op.CLOSE, stream) + _who(consumer))

    def leave(self, stream: int, consumer: Consumer) -> None:
        self._ask(_about(_Op.LEAVE, stream) + _who(consumer))

    def is_closed(self, stream: int) -> bool:
        return self._ask(_about(_Op.IS_CLOSED, stream)) == b"\1"

    def ended(self, stream: int, seconds: float = 0) -> bool:
        return self._ask(_about(_Op.ENDED, stream) + _millis(seconds), seconds > _SHORT_SECONDS) == b"\1"


def _about(op: _Op, stream: int) -> bytes:
    return bytes((op,)) + _U32.pack(stream)


def _who(consumer: Consumer) -> bytes:
    return _U32.pack(consumer.task) + _U32.pack(consumer.attempt)


def _millis(seconds: Optional[float]) -> bytes:
    return _U32.pack(_MOST_U32 if seconds is None else min(_MOST_U32 - 1, max(0, round(seconds * 1000))))


def _joined(parts: Sequence[bytes]) -> bytes:
    pieces = []
    for part in parts:
        pieces.append(_U32.pack(len(part)))
        pieces.append(part)
    return b"".join(pieces)


def _split(joined: bytes) -> List[bytes]:
    parts, at = [], 0
    while at < len(joined):
        (length,) = _U32.unpack_from(joined, at)
        at += _U32.size
        parts.append(joined[at : at + length])
        at += length
    return parts


_LOCAL = LocalBroker()

_OF_TASKS = RemoteBroker(lambda question, waits: worker.ask(worker.STREAMS, question, waits))


def broker() -> Broker:
    """Returns the broker of the run that this process belongs to, or the process's own if it runs sequentially."""
    if worker.attempt() is not None:
        return _OF_TASKS
    session = _session.current()
    if session is None:
        return _LOCAL
    return RemoteBroker(lambda question, waits: session.question(worker.STREAMS, question))


def this_run() -> Optional[str]:
    """Returns what tells this run from others: empty for a program that runs sequentially; None in a task, which has its program's."""
    if worker.attempt() is not None:
        return None
    session = _session.current()
    return "" if session is None else str(session.facts.get("run_folder", "?"))


def this_consumer() -> Consumer:
    """Returns who runs this code: a task's attempt, or the program."""
    attempt = worker.attempt()
    return PROGRAM if attempt is None else Consumer(*attempt)
