"""The running session of a program: what it defines, calls, and waits for, as frames to the gateway.

The formats are in docs/python-protocol.md. All methods may be called from any thread.
"""

from __future__ import annotations

import json
import os
import struct
import threading
from collections import deque
from threading import get_ident
from typing import Any, Callable, Iterable, NoReturn, Optional, Sequence

from . import _errors, _objects, _wire
from ._connection import FAILED, VALUE, Connection, Wait
from ._errors import InternalError, UsageError
from ._packing import pack
from ._tracker import Tracker

__all__ = ["Session", "current"]

IN, OUT, INOUT, CONCURRENT, COMMUTATIVE, IN_DELETE = range(6)
"""Directions of accesses."""

(
    HELLO, FUNCTION, TEMPLATE, SUBMIT, PUT, CLOSE, GET, RELEASE, BARRIER, GROUP, CANCEL, FILE, ASK, BYE, SUBMIT_PROGRAM, NEW, QUESTION,
    HEARD,
) = range(1, 19)  # fmt: skip
"""Types of frames to the gateway."""

_GROUP_OPEN, _GROUP_CLOSE, _GROUP_CANCEL = range(3)

_MOST_RAISED = 64

_SUBMIT = struct.Struct("<IBIiHH")
_SUBMIT_ONE = struct.Struct("<IBIiHHIB")
_ACCESS = struct.Struct("<IB")
_HEAD_NUMBER = struct.Struct("<IBI")
_HEAD_TWO = struct.Struct("<IBII")
_GROUP_FRAME = struct.Struct("<IBIB")
_U16 = struct.Struct("<H")
_U32 = struct.Struct("<I")


class Session:
    """One run, from its HELLO to its BYE."""

    def __init__(self, connection: Connection, hello: dict, folders: Callable[[str, str], _objects.Folders] = _objects.Folders) -> None:
        """``hello`` is what the program says of itself; ``folders`` makes use of the folders in shared memory and on disk."""
        self._connection = connection
        self._lock = threading.RLock()
        self._ended = False
        self._functions = 0
        self._templates = 0
        self._groups = 0
        self._files: dict[str, int] = {}
        self._deleted: dict[str, Any] = {}
        # Failures that waits have raised: the gateway may tell of them by itself, too.
        self._raised: deque[bytes] = deque(maxlen=_MOST_RAISED)
        # Data that were made for a single call, by the thread that makes the call.
        self._for_one_call: dict[int, list[int]] = {}

        (answer,) = connection.exchange(1, lambda number: _wire.json_frame(HELLO, hello))
        self.facts: dict = self._json(answer)
        """What the gateway says of the run: ``shm`` and ``disk`` (folders), ``run_folder``, ``cores``."""
        self._further: Optional[Wait] = None
        self._lease(self.facts)
        self.folders = folders(self.facts["shm"], self.facts["disk"])
        self._tracker = Tracker(self)
        self.on_plan: Optional[Callable[[Any], None]] = None
        """Told of each plan that the session's calls are made by, before its first call."""

    # Definitions --------------------------------------------------------------------------------------------------------------

    def function(self, body: bytes, name: str, preload: Iterable[str] = ()) -> int:
        """Defines a function by the bytes that executors make it from, and returns its number.

        ``preload`` names modules that executors may import before.
        """
        with self._lock:
            number = self._functions
            self._functions += 1
        self._send(_wire.frame(FUNCTION, _U32.pack(number), _wire.string(name), _wire.string("\n".join(preload)), body))
        return number

    def template(self, description: dict) -> int:
        """Defines a kind of task and returns its number. Raises UsageError at once if no node could ever run it."""
        with self._lock:
            number = self._templates
            self._templates += 1
        self._exchange(lambda request: _wire.json_frame(TEMPLATE, description, _U32.pack(request), _U32.pack(number)))
        return number

    # Calls ---------------------------------------------------------------------------------------------------------------------

    def submit(self, template: int, accesses: Sequence[tuple[int, int]], results: int, spec: bytes, group: int = -1) -> list[int]:
        """Calls a task and returns the data of its results.

        ``accesses`` are a datum and a direction each; those of the results come after them. Blocks while the engine has enough tasks.
        Raises what made the run fail before.
        """
        connection = self._connection
        if connection.noticed:
            self._raise_noticed()
        first = self._take(results)
        if not accesses and results == 1:
            frame = _SUBMIT_ONE.pack(18 + len(spec), SUBMIT, template, group, 1, 1, first, OUT) + spec
        else:
            frame = self._call(SUBMIT, template, accesses, first, results, spec, group)
        connection.send(frame)
        if self._for_one_call:
            self._close_for_one_call()
        return [first] if results == 1 else list(range(first, first + results))

    def submit_program(
        self, template: int, accesses: Sequence[tuple[int, int]], results: int, arguments: Sequence[object], group: int = -1
    ) -> list[int]:
        """Calls a program as a task; see :meth:`submit`.

        ``arguments`` are the values of the template's parameters, in order: an encoded value (``bytes``), the position of an access
        (``int``), or the positions of several (``list``).
        """
        if self._connection.noticed:
            self._raise_noticed()
        first = self._take(results)
        rest = [_U16.pack(len(arguments))]
        for argument in arguments:
            if type(argument) is bytes:
                rest.append(b"\0" + argument)
            elif type(argument) is int:
                rest.append(b"\1" + _U16.pack(argument))
            else:
                rest.append(b"\2" + struct.pack(f"<H{len(argument)}H", len(argument), *argument))  # type: ignore[arg-type, misc]
        self._connection.send(self._call(SUBMIT_PROGRAM, template, accesses, first, results, b"".join(rest), group))
        if self._for_one_call:
            self._close_for_one_call()
        return list(range(first, first + results))

    def _call(
        self, kind: int, template: int, accesses: Sequence[tuple[int, int]], first: int, results: int, rest: bytes, group: int
    ) -> bytes:
        count = len(accesses) + results
        if count > 0xFFFF:
            raise UsageError(f"a call has {count} accesses to data, and 65535 are the most: pass collections of collections")
        access = _ACCESS.pack
        parts = [_SUBMIT.pack(13 + 5 * count + len(rest), kind, template, group, count, results)]
        parts += [access(datum, direction) for datum, direction in accesses]
        parts += [access(datum, OUT) for datum in range(first, first + results)]
        parts.append(rest)
        return b"".join(parts)

    # Data ---------------------------------------------------------------------------------------------------------------------

    def put(self, obj: object, what: str = "an object") -> int:
        """A new datum with this content, as it is now. ``what`` names it in the error if it cannot be pickled."""
        encoded = _wire.scalar(obj)
        if encoded is None:
            encoded = _objects.encode_packed(pack(obj, what), self.folders)
        return self.put_encoded(encoded)

    def put_encoded(self, value: bytes) -> int:
        """A new datum with this encoded value as its content."""
        datum = self._take(1)
        self._send(_HEAD_NUMBER.pack(5 + len(value), PUT, datum) + value)
        return datum

    def new(self) -> int:
        """A new datum without content: an object that a task will make."""
        datum = self._take(1)
        self._send(_HEAD_NUMBER.pack(5, NEW, datum))
        return datum

    def argument(self, obj: object, writes: bool, what: str) -> int:
        """The datum of an object that is passed to a task which this thread submits next.

        That of a future; of an object that tasks change; else a new one with what the object is now, or, if the task only reads it,
        the one that the same unchanged object had before. An object that the task ``writes`` is tracked from then on.
        """
        return self._tracker.argument(obj, writes, what)

    def output(self, obj: object) -> int:
        """The datum of an object whose content a task makes anew: what it is now is not sent. It is tracked from then on."""
        return self._tracker.output(obj)

    def is_tracked(self, obj: object) -> Optional[int]:
        """The datum of an object that tasks change, None for others."""
        return self._tracker.datum_of(obj)

    def tracks_any(self) -> bool:
        """Whether there are objects that tasks change."""
        return self._tracker.has_written()

    def forget(self, obj: object) -> bool:
        """Lets an object be an ordinary one again, and closes its datum. Whether it was tracked."""
        return self._tracker.forget(obj)

    def close_after_call(self, datum: int) -> None:
        """Closes a datum when this thread has submitted its next call."""
        self._for_one_call.setdefault(get_ident(), []).append(datum)

    def close(self, datum: int) -> None:
        """Says that the program needs a datum no more. Never blocks; finalizers may call it."""
        if not self._ended:
            self._connection.close_datum(datum)

    def get(self, datum: int, timeout: Optional[float] = None) -> Any:
        """Waits for the content of a datum and returns it.

        Raises what its task raised, CancelledError, DataLostError, or WaitTimeoutError after ``timeout`` seconds.
        """
        answer = self._exchange(lambda request: _HEAD_TWO.pack(9, GET, request, datum), timeout)
        return self._value(answer)

    def get_all(self, data: Sequence[int], timeout: Optional[float] = None) -> list[Any]:
        """Waits for the contents of several data, all at once, and returns them in order. Raises as :meth:`get`."""
        if not data:
            return []
        if self._connection.noticed:
            self._raise_noticed()
        head = _HEAD_TWO.pack
        answers = self._connection.exchange(
            len(data), lambda first: b"".join([head(9, GET, first + i, datum) for i, datum in enumerate(data)]), timeout
        )
        try:
            failed = [answer for answer in answers if answer[0] == FAILED]
            if failed:
                self._raise_failed(failed)
            done = 0
            values = []
            for answer in answers:
                done += 1
                values.append(self._value(answer))
            answers = []
            return values
        except BaseException:
            for answer in answers:
                self._release(answer)
            raise

    def exception(self, datum: int, timeout: Optional[float] = None) -> Optional[BaseException]:
        """Waits for a datum and returns what :meth:`get` would raise because its task failed; None if there is a content."""
        (answer,) = self._connection.exchange(1, lambda request: _HEAD_TWO.pack(9, GET, request, datum), timeout)
        if answer[0] == FAILED:
            return _errors.from_failure(_wire.read_failure(answer, 5))
        self._release(answer)
        return None

    def done(self, data: Sequence[int]) -> list[int]:
        """Which of the data are there, or never will be."""
        return self.ask("done", data=list(data)).get("done", [])

    def cancel(self, datum: int) -> None:
        """Cancels the task that makes a datum, and those that need it."""
        self._send(_HEAD_NUMBER.pack(5, CANCEL, datum))

    # Files --------------------------------------------------------------------------------------------------------------------

    def file(self, path: str, folder: bool = False) -> int:
        """The datum of a file or folder of the user's; the same one as long as it is not deleted."""
        path = os.path.abspath(path)
        datum = self._files.get(path)
        if datum is None:
            self._await_deletion(path)
            with self._lock:
                datum = self._files.get(path)
                if datum is None:
                    datum = self._take(1)
                    self._send(_wire.frame(FILE, _U32.pack(datum), b"\1" if folder else b"\0", _wire.string(path)))
                    self._files[path] = datum
        return datum

    def _await_deletion(self, path: str) -> None:
        """Waits until the file that was at a path is gone: its deletion would meet the one that comes there next."""
        deletion = self._deleted.pop(path, None)
        if deletion is not None:
            answer = self._connection.finish(deletion)
            if answer[0] == FAILED:
                self._raise_failed([answer])

    def known_file(self, path: str) -> Optional[int]:
        """The datum of a file or folder that :meth:`file` was asked for before."""
        return self._files.get(os.path.abspath(path))

    def is_deleted(self, path: str) -> bool:
        """Whether :meth:`delete_file` was called for the file that was at a path, which tasks may still need there."""
        return os.path.abspath(path) in self._deleted

    def wait_file(self, datum: int) -> str:
        """Waits for the tasks that write a file, and until it is at its path, which it returns."""
        return self.ask("wait_file", datum=datum)["path"]

    def forget_file(self, datum: int) -> None:
        """Lets a file be an ordinary one again, which the program may change; its path may then become another datum."""
        with self._lock:
            self._unname(datum)
        self.close(datum)

    def _unname(self, datum: int) -> list[str]:
        paths = [path for path, known in self._files.items() if known == datum]
        for path in paths:
            del self._files[path]
        return paths

    def delete_file(self, datum: int) -> None:
        """Deletes a file once the tasks that use it are done; its path may then become another datum. Does not wait."""
        with self._lock:
            paths = self._unname(datum)
            question = {"op": "delete_file", "datum": datum}
            deletion = self._connection.begin(lambda request: _wire.json_frame(ASK, question, _U32.pack(request)))
            self._deleted.update((path, deletion) for path in paths)

    # Groups and the whole -------------------------------------------------------------------------------------------------------

    def barrier(self, group: int = -1, timeout: Optional[float] = None) -> None:
        """Waits for all tasks, or for those of a group. Raises what made one fail, or WaitTimeoutError."""
        self._exchange(lambda request: struct.pack("<IBIi", 9, BARRIER, request, group), timeout)

    def open_group(self) -> int:
        """A new group, which calls may name."""
        with self._lock:
            group = self._groups
            self._groups += 1
        self._group(group, _GROUP_OPEN)
        return group

    def close_group(self, group: int) -> None:
        """Says that no further call will name the group. It can still be waited for."""
        self._group(group, _GROUP_CLOSE)

    def cancel_group(self, group: int) -> None:
        """Cancels the tasks of a group that have not finished."""
        self._group(group, _GROUP_CANCEL)

    def _group(self, group: int, operation: int) -> None:
        self._send(_GROUP_FRAME.pack(6, GROUP, group, operation))

    def ask(self, op: str, **arguments: object) -> dict:
        """Asks for what is rare; see ASK in docs/python-protocol.md."""
        content = {"op": op, **arguments}
        return self._json(self._exchange(lambda request: _wire.json_frame(ASK, content, _U32.pack(request))))

    def question(self, channel: int, content: bytes) -> bytes:
        """Asks a part of the master that has a channel of its own, and waits for its answer."""
        answer = self._exchange(lambda request: _wire.frame(QUESTION, _U32.pack(request), bytes([channel]), content))
        return answer[5:]

    def route_prints(self, route: Callable[[Callable[..., None]], Callable[..., None]]) -> None:
        """Replaces the function that shows what tasks print by what ``route`` makes of it."""
        self._connection.route_prints(route)

    def end(self, failed: bool = False) -> None:
        """Ends the run: in order, which waits for all tasks and brings files to their paths, or as of a program that ``failed``.

        Raises what made the run fail, if no call has raised it before. Later calls of tasks are ordinary calls.
        """
        error = self.leave(failed)
        if error is not None:
            raise error

    def leave(self, failed: bool) -> Optional[BaseException]:
        """Ends the run as :meth:`end` does, but returns what made tasks fail, if no call has raised it: the master knows it, too."""
        global _current
        with self._lock:
            if self._ended:
                return None
            self._ended = True
            if _current is self:
                _current = None
        connection = self._connection
        self._tracker.end()
        try:
            answer = self._bye(failed)
            if failed:
                return None
            if answer[0] == FAILED:
                return self._failure(answer[5:])
            self._raise_noticed()
            return None
        except KeyboardInterrupt:
            if connection.dead is None and not failed:
                self._bye(True)
            raise
        finally:
            connection.close()

    def _bye(self, failed: bool) -> bytes:
        flag = b"\1" if failed else b"\0"
        (answer,) = self._connection.exchange(1, lambda request: _HEAD_NUMBER.pack(6, BYE, request) + flag)
        return answer

    def abandon(self) -> None:
        """In the child of a fork: the session stays the parent's."""
        self._ended = True
        self._connection.abandon()

    @property
    def ended(self) -> bool:
        """Whether nothing can be called or waited for any more."""
        return self._ended

    # Numbers of data ------------------------------------------------------------------------------------------------------------

    def _take(self, count: int) -> int:
        """The first of so many consecutive new numbers of data."""
        with self._lock:
            first = self._next
            after = first + count
            if after <= self._refill:
                self._next = after
                return first
            return self._take_from_further_block(count)

    def _take_from_further_block(self, count: int) -> int:
        if self._further is None:
            self._further = self._connection.begin(lambda request: _wire.json_frame(ASK, {"op": "block"}, _U32.pack(request)))
        if self._next + count > self._limit:
            block = self._json(self._connection.finish(self._further))
            self._further = None
            self._lease(block)
            if count > block["count"]:
                raise UsageError(f"a call has {count} results, and {block['count']} are the most")
        first = self._next
        self._next = first + count
        return first

    def _lease(self, block: dict) -> None:
        """Takes numbers from this block from now on, and asks for another one when a quarter of it is left."""
        self._next = block["first"]
        self._limit = self._next + block["count"]
        self._refill = self._limit - block["count"] // 4

    # Answers --------------------------------------------------------------------------------------------------------------------

    def _send(self, frames: bytes) -> None:
        if self._connection.noticed:
            self._raise_noticed()
        self._connection.send(frames)

    def _exchange(self, frame: Callable[[int], bytes], timeout: Optional[float] = None) -> bytes:
        if self._connection.noticed:
            self._raise_noticed()
        (answer,) = self._connection.exchange(1, frame, timeout)
        if answer[0] == FAILED:
            self._raise_failed([answer])
        return answer

    def _value(self, answer: bytes) -> Any:
        try:
            return self._unpacked(answer)
        except (ImportError, AttributeError) as error:
            raise UsageError(
                f"a value that a task made cannot be unpacked in the program: {error}; what its class needs must be there as on the nodes"
            ) from None

    def _unpacked(self, answer: bytes) -> Any:
        value, _ = _wire.read_value(answer, 5)
        kind = type(value)
        if kind is _wire.Inline:
            return _objects.unpack(value.data)  # type: ignore[attr-defined]
        if kind is _wire.Mapped:
            try:
                return _objects.load(value)
            finally:
                self._release(answer)
        if value is _wire.NOTHING:
            raise UsageError("the object has no content yet: no task that writes it has been called")
        return _objects.load(value)

    def _release(self, answer: bytes) -> None:
        """Says that a content that was answered in a file is mapped, or not wanted."""
        if answer[0] == VALUE and answer[5] == _wire.MAPPED:
            self._connection.send_later(_HEAD_NUMBER.pack(5, RELEASE, _U32.unpack_from(answer, 1)[0]))

    def _json(self, answer: bytes) -> dict:
        if answer[0] == FAILED:
            self._raise_failed([answer])
        text, _ = _wire.read_string(answer, 5)
        return json.loads(text)

    def _raise_failed(self, answers: Sequence[bytes]) -> NoReturn:
        """Raises what these answers say, the reason rather than what came of it."""
        cancelled = [answer for answer in answers if answer[5] == _wire.FAILURE_CANCELLED]
        if len(cancelled) == len(answers) and self._connection.noticed:
            self._raise_noticed()
        reason = next((answer for answer in answers if answer[5] != _wire.FAILURE_CANCELLED), answers[0])[5:]
        raise self._failure(reason)

    def _failure(self, told: bytes) -> BaseException:
        """The exception for a failure that an answer tells: the gateway may have told of it, or will, by itself."""
        if not self._connection.drop_failure(told):
            self._raised.append(told)
        return _errors.from_failure(_wire.read_failure(told, 0))

    def _raise_noticed(self) -> None:
        """Raises what the gateway has told of by itself: once; and always, that the run is over."""
        connection = self._connection
        failure = connection.take_failure()
        while failure is not None:
            if failure not in self._raised:
                connection.send_later(_wire.frame(HEARD))
                raise _errors.from_failure(_wire.read_failure(failure, 0))
            self._raised.remove(failure)
            failure = connection.take_failure()
        if connection.dead is not None:
            raise InternalError(connection.dead)

    def _close_for_one_call(self) -> None:
        for datum in self._for_one_call.pop(get_ident(), ()):
            self.close(datum)


# The session of this process ------------------------------------------------------------------------------------------------------

_current: Optional[Session] = None
_connecting = threading.RLock()
_gateway = os.environ.get("COLLA_GATEWAY")
"""The socket of a gateway to which this process has not connected yet."""


_is_forked = False
"""Whether this process was forked from a program with a session."""


_nested: Optional[Callable[[], Optional[Session]]] = None
"""In an executor whose tasks may call tasks: gives the running task's session."""


def current() -> Optional[Session]:
    """The running session; None where calls of tasks are ordinary calls.

    It begins at the first use in a program that ``colla run`` has started, or with ``colla.start``.
    """
    if _current is not None:
        return _current
    if _gateway is not None:
        return _connect()
    return None if _nested is None else _nested()


def look_for_nested(session: Callable[[], Optional[Session]]) -> None:
    """From now on this process is an executor whose tasks have sessions of their own."""
    global _nested
    _nested = session


def _connect() -> Optional[Session]:
    from . import _start

    global _gateway
    with _connecting:
        if _current is None and _gateway is not None:
            socket, _gateway = _gateway, None
            _start.connect(socket)
        return _current


def is_forked() -> bool:
    """Whether this process was forked from one that has a session, which stays that one's: calls of tasks are ordinary calls here."""
    return _is_forked and _current is None


def running() -> Optional[Session]:
    """The running session, without beginning one."""
    return _current

def begin(session: Session) -> None:
    """Makes this the running session."""
    global _current
    _current = session


def _abandon_after_fork() -> None:
    global _current, _gateway, _is_forked
    _gateway = None
    if _current is not None:
        _current.abandon()
        _current = None
        _is_forked = True


os.register_at_fork(after_in_child=_abandon_after_fork)
