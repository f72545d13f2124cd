"""The program's connection to the gateway: frames out in batches, answers in by whichever thread waits.

Threads. Any thread may send and wait. There is no thread that reads: of the threads that wait, one (the leader) reads the
socket and hands the others (its followers) their answers; when it has its own, it makes a follower the leader. One background
thread sends what was left unsent for a millisecond.

Interrupts. Ctrl-C raises KeyboardInterrupt between any two bytecodes of the main thread. So what was received or sent is
recorded by the same call that receives or sends (``list.extend(map(recv, …))`` is one call in C), every other step is one
atomic store, and a step that is repeated after an interrupt does the same again.

Finalizers. The garbage collector may run an object's ``__del__`` in the middle of any method here, which may then send or close
data: locks are re-entrant, and :meth:`Connection.close_datum` takes none.
"""

from __future__ import annotations

import collections
import queue
import select
import socket
import struct
import threading
from time import monotonic
from typing import Callable, Optional

from . import _wire
from ._errors import InternalError, WaitTimeoutError

__all__ = ["Connection", "Wait"]

FLUSH_SIZE = 32 * 1024
"""So many unsent bytes are sent by the thread that appended the last of them, which then feels the gateway's back-pressure."""

FLUSH_DELAY = 0.001
"""Seconds that a frame may wait for company."""

RECEIVE_SIZE = 64 * 1024

# Frames from the program.
CLOSE, RELEASE = 6, 8

# Frames to the program.
VALUE, DONE, FAILED, FAILURE, PRINTED, ANSWER = 1, 2, 3, 4, 5, 6

_MOST_REQUESTS = 2**32

_HEAD_NUMBER = struct.Struct("<IBI")
_U32 = struct.Struct("<I")


class Wait:
    """Requests of consecutive numbers that one thread waits for."""

    __slots__ = ("first", "count", "answers")

    def __init__(self, first: int, count: int) -> None:
        self.first = first
        self.count = count
        self.answers: dict[int, bytes] = {}


class Connection:
    """One connection; see the module for its threads."""

    def __init__(self, sock: socket.socket, printed: Optional[Callable[[str, str, str], None]] = None) -> None:
        self._socket = sock
        self._printed = printed
        self._lock = threading.RLock()
        # Blocks to be sent, each with the numbers of bytes sent of it so far. The last one is still appended to.
        self._blocks: list[tuple[bytearray, list[int]]] = [(bytearray(), [])]
        self._sending = threading.RLock()
        self._due = 0.0
        self._closing: collections.deque[int] = collections.deque()

        self._wake: queue.SimpleQueue[bool] = queue.SimpleQueue()
        self._armed = False

        # The one who may read the socket, by the key 0. (A lock that an interrupted thread holds has no owner to be freed by.)
        self._reader: dict[int, object] = {}
        # Bytes received, the place up to which they have been handled, and further bytes received since.
        self._input: tuple[bytes, int, list[bytes]] = (b"", 0, [])
        self._poll = select.poll()
        self._poll.register(sock, select.POLLIN)
        self._pending: dict[int, Wait] = {}
        self._followers: dict[Wait, threading.Lock] = {}
        self._next_request = 0

        self._failures: collections.deque[bytes] = collections.deque()
        self._dead: Optional[str] = None
        self.noticed = False
        """Whether a call should first look at :meth:`take_failure` and :attr:`dead`."""

        threading.Thread(target=self._flush_late, name="colla-flush", daemon=True).start()

    @property
    def dead(self) -> Optional[str]:
        """Why nothing can be sent any more; None while all is well."""
        return self._dead

    def take_failure(self) -> Optional[bytes]:
        """The oldest failure that the gateway told of by itself and that has not been taken yet."""
        try:
            return self._failures.popleft()
        except IndexError:
            self.noticed = self._dead is not None
            return None

    def drop_failure(self, failure: bytes) -> bool:
        """Takes this failure, if the gateway has told of it by itself. Whether it had."""
        try:
            self._failures.remove(failure)
            return True
        except ValueError:
            return False

    def take_request(self) -> int:
        """The number of a request whose answer nobody waits for."""
        return self._numbers(1)

    # Sending ----------------------------------------------------------------------------------------------------------------

    def send(self, frames: bytes) -> None:
        """Sends whole frames soon. Blocks while the gateway takes no more. What goes wrong is told by later calls."""
        with self._lock:
            block = self._blocks[-1][0]
            block += frames
            size = len(block)
        if size >= FLUSH_SIZE or monotonic() >= self._due:
            self.flush()
        elif not self._armed:
            self._arm()

    def send_later(self, frames: bytes) -> None:
        """Sends whole frames soon, never blocking."""
        self._append(frames)
        if not self._armed:
            self._arm()

    def close_datum(self, datum: int) -> None:
        """Closes a datum soon. Never blocks and takes no lock: finalizers call it, at any point of any method."""
        self._closing.append(datum)
        if not self._armed:
            self._arm()

    def flush(self, peek: bool = True) -> None:
        """Sends everything now; then looks, if ``peek``, whether the gateway has told of a failure."""
        if self._sending._is_owned():  # type: ignore[attr-defined]
            return  # A finalizer, inside this very method: the outer call sends what it appended.
        with self._sending:
            self._begin_block()
            while len(self._blocks) > 1 and self._dead is None:
                self._send_block()
        self._due = monotonic() + FLUSH_DELAY
        if peek:
            self._peek()

    def _peek(self) -> None:
        me = object()
        try:
            if self._reader.setdefault(0, me) is me:
                self._receive(socket.MSG_DONTWAIT)
        finally:
            self._stop_reading(me)

    def _begin_block(self) -> None:
        closing = self._closing
        with self._lock:
            if closing:
                data = [closing.popleft() for _ in range(len(closing))]
                block = self._blocks[-1][0]
                block += _wire.HEADER.pack(1 + 4 * len(data), CLOSE) + struct.pack(f"<{len(data)}I", *data)
            if self._blocks[-1][0]:
                self._blocks.append((bytearray(), []))

    def _send_block(self) -> None:
        block, sent = self._blocks[0]
        try:
            with memoryview(block) as view:
                sent.extend(map(self._socket.send, (view[sum(sent) :],)))
        except OSError as error:
            self._die(f"the connection to the run broke ({error.strerror or error})")
            return
        if sum(sent) == len(block):
            del self._blocks[0]

    def _arm(self) -> None:
        self._armed = True
        self._wake.put(True)

    def _flush_late(self) -> None:
        while self._wake.get():
            try:
                if not self._wake.get(timeout=FLUSH_DELAY):
                    return
            except queue.Empty:
                pass
            self._armed = False
            if self._closing or self._blocks[-1][0]:
                self.flush()

    # Waiting ----------------------------------------------------------------------------------------------------------------

    def exchange(self, count: int, frames: Callable[[int], bytes], timeout: Optional[float] = None) -> list[bytes]:
        """Sends ``count`` requests and waits for all their answers, which it returns in order: each its type and its body.

        ``frames`` makes the requests' frames; they have consecutive numbers from its argument on. After ``timeout`` seconds it
        raises WaitTimeoutError; that and an interrupt withdraw the requests.
        """
        deadline = None if timeout is None else monotonic() + timeout
        wait = self._open(count)
        try:
            self._append(frames(wait.first))
            self.flush(peek=False)
            self._wait(wait, deadline)
            return self._forget(wait)
        except BaseException:
            self._withdraw(wait)
            raise

    def begin(self, frames: Callable[[int], bytes]) -> Wait:
        """Sends one request soon; :meth:`finish` waits for its answer."""
        wait = self._open(1)
        self.send_later(frames(wait.first))
        return wait

    def finish(self, wait: Wait) -> bytes:
        """Waits for the answer of a request. After an interrupt it can be waited for again."""
        self.flush(peek=False)
        try:
            self._wait(wait, None)
        finally:
            self._stop_reading(wait)
        return self._forget(wait)[0]

    def _forget(self, wait: Wait) -> list[bytes]:
        self._stop_reading(wait)
        answers = []
        for number in range(wait.first, wait.first + wait.count):
            self._pending.pop(number, None)
            answers.append(wait.answers.get(number, b""))
        return answers

    def _append(self, frames: bytes) -> None:
        with self._lock:
            block = self._blocks[-1][0]
            block += frames

    def _open(self, count: int) -> Wait:
        first = self._numbers(count)
        wait = Wait(first, count)
        pending = self._pending
        for number in range(first, first + count):
            pending[number] = wait
        return wait

    def _numbers(self, count: int) -> int:
        with self._lock:
            first = self._next_request
            if first + count > _MOST_REQUESTS:
                first = 1
            self._next_request = first + count
            return first

    def _withdraw(self, wait: Wait) -> None:
        self._forget(wait)
        if self._dead is None:
            head = _HEAD_NUMBER.pack
            self.send_later(b"".join(head(5, RELEASE, n) for n in range(wait.first, wait.first + wait.count)))

    def _wait(self, wait: Wait, deadline: Optional[float]) -> None:
        count = wait.count
        answers = wait.answers
        while len(answers) < count:
            if self._dead is not None:
                raise InternalError(self._dead)
            if self._reader.setdefault(0, wait) is wait:
                try:
                    self._lead(wait, deadline)
                finally:
                    self._stop_reading(wait)
            else:
                self._follow(wait, deadline)

    def _lead(self, wait: Wait, deadline: Optional[float]) -> None:
        self._dispatch()  # what an interrupted leader received
        while len(wait.answers) < wait.count and self._dead is None:
            if deadline is not None and not self._poll.poll(max(0.0, deadline - monotonic()) * 1000):
                _raise_timeout(deadline)
            else:
                self._receive(0)

    def _follow(self, wait: Wait, deadline: Optional[float]) -> None:
        bell = threading.Lock()
        bell.acquire()
        self._followers[wait] = bell
        called = False
        try:
            # Whoever stopped reading before this thread was to be seen among the followers has not called it.
            if not self._reader:
                called = True
            elif len(wait.answers) < wait.count and self._dead is None:
                called = bell.acquire(timeout=-1 if deadline is None else max(0.0, deadline - monotonic()))
                if not called and deadline is not None:
                    _raise_timeout(deadline)
        finally:
            if self._followers.pop(wait, None) is None and not called:
                self._call_a_follower()  # An exception ends this wait, which had been called to lead: another one has to.

    def _stop_reading(self, reader: object) -> None:
        if self._reader.get(0) is reader:
            del self._reader[0]
            self._call_a_follower()

    def _call_a_follower(self) -> None:
        followers = self._followers
        while followers and not self._reader:
            try:
                wait = next(iter(followers))
            except (StopIteration, RuntimeError):
                continue  # it left meanwhile
            if self._ring(wait):
                return

    def _ring(self, wait: Wait) -> bool:
        bell = self._followers.pop(wait, None)
        if bell is None:
            return False
        bell.release()
        return True

    # Receiving: only the reader --------------------------------------------------------------------------------------------------

    def _receive(self, flags: int) -> None:
        incoming = self._input[2]
        try:
            incoming.extend(map(self._socket.recv, (RECEIVE_SIZE,), (flags,)))
        except BlockingIOError:
            return
        except OSError as error:
            self._die(f"the connection to the run broke ({error.strerror or error})")
            return
        self._dispatch()

    def _dispatch(self) -> None:
        data, at, incoming = self._input
        if not incoming:
            return
        ended = not incoming[-1]
        left = len(data) - at
        if left >= 4 and not ended and left + sum(map(len, incoming)) < 4 + _U32.unpack_from(data, at)[0]:
            return  # The pieces of a long frame are put together once, when all of them are there.
        if at < len(data) or len(incoming) > 1:
            data = data[at:] + b"".join(incoming)
        else:
            data = incoming[0]
        at = 0
        end = len(data)
        pending = self._pending
        unpack = _U32.unpack_from
        while at + 4 <= end:
            behind = at + 4 + unpack(data, at)[0]
            if behind > end:
                break
            kind = data[at + 4]
            if kind <= FAILED or kind == ANSWER:
                number = unpack(data, at + 5)[0]
                wait = pending.get(number)
                if wait is not None:
                    answers = wait.answers
                    answers[number] = data[at + 4 : behind]
                    if len(answers) == wait.count:
                        self._ring(wait)
            elif kind == FAILURE:
                self._failures.append(data[at + 5 : behind])
                self.noticed = True
            elif kind == PRINTED and self._printed is not None:
                task, text_at = _wire.read_string(data, at + 5)
                node, text_at = _wire.read_string(data, text_at)
                self._printed(task, node, data[text_at:behind].decode(errors="replace"))
            at = behind
        self._input = (data, at, [])
        if ended:
            self._die("the run ended before this program did: what it printed last says why")

    # End --------------------------------------------------------------------------------------------------------------------

    def route_prints(self, route: Callable[[Callable[[str, str, str], None]], Callable[[str, str, str], None]]) -> None:
        """Replaces the function that is called with what tasks print."""
        if self._printed is not None:
            self._printed = route(self._printed)

    def keep_reading(self) -> None:
        """Reads, from a thread of its own, also while no other thread waits: what tasks print is then seen when it arrives."""
        wait = self._open(1)

        def read() -> None:
            try:
                self._wait(wait, None)
            except InternalError:
                pass  # the connection's end: whoever uses it next is told

        threading.Thread(target=read, name="colla-read", daemon=True).start()

    def close(self) -> None:
        """Ends the connection. What was not sent yet is not sent any more."""
        self._die("the run has ended: nothing can be submitted or waited for any more")
        self._wake.put(False)
        try:
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes a thread that reads
        except OSError:
            pass
        self._socket.close()

    def abandon(self) -> None:
        """In the child of a fork: closes its copy of the socket and nothing else. The connection stays the parent's."""
        self._dead = "this process was forked from the program: only the program itself can call and wait for tasks"
        self.noticed = True
        self._socket.close()

    def _die(self, why: str) -> None:
        if self._dead is None:
            self._dead = why
            self.noticed = True
        for wait in list(self._followers):
            self._ring(wait)


def _raise_timeout(deadline: float) -> None:
    if monotonic() >= deadline:
        raise WaitTimeoutError("the time-out of this wait has passed, and what it waits for is not there yet")
