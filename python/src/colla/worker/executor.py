"""An executor: the process that runs tasks, one after the other, for as long as its worker keeps its connection open.

Overhead is counted in microseconds here: a task costs one parsed frame and one answer.
"""

from __future__ import annotations

import atexit
import contextlib
import faulthandler
import os
import signal
import socket
import struct
import sys
import threading
from time import perf_counter_ns
from typing import Any, Callable, NamedTuple, Optional

from .. import _byvalue, _trace, _wire
from .._errors import TaskCancelled
from .._objects import Folders
from . import failures, invoke, processes
from .channel import DONE, FAILED, Channel, Ended, Incoming
from .context import Context
from .output import Output
from .threads import Threads

__all__ = ["PLACE", "TASK", "Settings", "current", "done_frame", "failed_frame", "main", "read_place"]

TASK = struct.Struct("<IIIHHH")
"""Sequence, function, task, attempt, cores, number of cpus."""

PLACE = TASK.size - 2
"""Where in a TASK frame cpus and nodes begin."""

_DONE_HEAD = struct.Struct("<IBIQQ")
"""Length, type, sequence, nanoseconds, when the function began; the outputs follow."""

_FAILED = struct.Struct("<IQB")
_U16 = struct.Struct("<H")
_UNPLACED = bytes(4)
"""No cpus to be bound to, no nodes, as in a TASK frame."""

_ELSEWHERE = b"\xff\xff"
"""Like no place of a TASK frame: so many cpus nobody has."""

_current: "Optional[Executor]" = None


class Settings(NamedTuple):
    """What all executors of a worker have in common; from the SETUP frame."""

    socket: str
    shm: str
    disk: str
    node: str
    main: Optional[str]
    stream: bool
    users_threads: frozenset[str]
    nested: bool = False


def main(settings: Settings, identity: Any, output: str, zygote: int) -> int:
    """Makes this process, which has just been forked, an executor; returns its exit code when the worker needs it no longer."""
    os.setsid()
    if not processes.die_with_parent(zygote):
        return 1
    processes.prefer_as_oom_victim()
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    printed = Output(output)
    faulthandler.enable(2, all_threads=False)  # what a crash leaves is told with it
    _byvalue.use_own_main(settings.main)
    _new_seeds()
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.connect(settings.socket)
    channel = Channel(connection)
    channel.hello({"kind": "executor", "id": identity, "pid": os.getpid()})
    executor = _made(settings, channel, printed)
    if settings.stream:
        printed.stream_to(executor.show)
    executor.run()
    return 0


def _made(settings: Settings, channel: Channel, output: Output) -> Executor:
    _trace.identify("python-executor", "python", _trace.PYTHON_WORKER, node=settings.node)
    atexit.register(_trace.close)
    recorder = _trace.recorder(_trace.BINDING)
    if recorder is None:
        return Executor(settings, channel, output)
    from .traced import TracedExecutor

    return TracedExecutor(settings, channel, output, recorder)


def current() -> "Optional[Executor]":
    """The executor that this process is; None if it is none, or no task runs."""
    return _current if _current is not None and _current.is_running else None


class Executor:
    """Runs the tasks of a channel."""

    def __init__(self, settings: Settings, channel: Channel, output: Output) -> None:
        global _current
        self._channel = channel
        self._settings = settings
        self._output = output
        self.folders = Folders(settings.shm, settings.disk)
        self._functions: "dict[int, Any]" = {}
        self._context = Context(settings.node)
        self._place = _UNPLACED
        self._cores = 1
        self._threads = Threads(settings.users_threads)
        self._running: Optional[int] = None
        self._sequence = 0
        self._begun = 0
        _current = self
        self._interrupted_unseen = False
        self._deferring = False
        self._is_child = False
        self._main_thread = threading.get_ident()
        self._nested: Any = None
        if settings.nested:
            from . import nested

            nested.allow()
            self._nested = nested
        signal.signal(signal.SIGINT, self._interrupted)
        # Programs that the task has started are in the same process group, and ignore this one.
        signal.signal(signal.SIGURG, self._interrupted)
        os.register_at_fork(after_in_child=self._forked)

    @property
    def is_running(self) -> bool:
        """Whether a task runs now."""
        return self._running is not None

    @property
    def attempt(self) -> "tuple[int, int]":
        """The numbers of the task that runs and of its attempt."""
        return self._context.task, self._context.attempt

    def run(self) -> None:
        """Runs tasks until the connection ends."""
        next_task = self._channel.next_task
        run = self._run
        send = self._channel.send
        with contextlib.suppress(Ended):
            while True:
                send(run(next_task()))

    def ask(self, channel: int, question: bytes, waits: bool) -> bytes:
        """See :func:`colla.worker.ask`."""
        asked = self._running

        def check() -> None:
            if self._running is None or self._running != asked:
                raise RuntimeError("the task that asked the master has ended")
            self._look_for_cancellation(asked)

        answer = self._undisturbed(lambda: self._channel.ask(channel, question, waits, check))
        if answer.cpus:
            self._place = _ELSEWHERE
            self._bind(answer.cpus)
        return answer.content

    def tell(self, channel: int, message: bytes) -> None:
        """See :func:`colla.worker.tell`."""
        self._undisturbed(lambda: self._channel.tell(channel, message))

    def show(self, text: str) -> None:
        """Sends what the task prints."""
        self._undisturbed(lambda: self._channel.printed(text))

    def _run(self, incoming: Incoming) -> bytes:
        """Runs a task and returns its answer."""
        # A cancellation can come at any of these lines, also while another error is being handled, but only once.
        try:
            try:
                return self._attempt(incoming)
            except BaseException as error:
                self._running = None
                if self._is_child:
                    raise
                return self._failed(error)
        except TaskCancelled as cancelled:
            return self._failed(cancelled)
        finally:
            self._running = None
            self._context.end()
            channel = self._channel
            if channel.cancelled:
                channel.forget(self._sequence)
            if channel.is_asked:
                channel.end_questions()

    def _attempt(self, incoming: Incoming) -> bytes:
        data, start, end = incoming
        context = self._context
        sequence, number, context.task, context.attempt, cores, _ = TASK.unpack_from(data, start)
        self._sequence = sequence
        self._begun = perf_counter_ns()
        self._output.begin()
        at = start + PLACE
        # A place says its own length, so one that begins like the last one is the last one.
        at = at + len(self._place) if data.startswith(self._place, at) else self._take_place(data, at)
        if cores != self._cores:
            self._set_cores(cores)
        spec = context.begin(data, at)
        self._running = sequence
        if self._interrupted_unseen:
            self._interrupted()
        if self._channel.cancelled:
            self._end_if_cancelled(sequence)
        function = self._functions.get(number) or self._load(number)
        self._begun = begun = perf_counter_ns()
        outputs = invoke.run(function, data[spec:end], context)
        if self._nested is not None:
            outputs = self._nested.finish(outputs)
        nanoseconds = perf_counter_ns() - begun
        values = context.encode_outputs(outputs, self.folders)
        self._running = None
        return done_frame(sequence, begun, nanoseconds, values)

    def _load(self, number: int) -> Any:
        name, body = self._channel.functions[number]
        try:
            function = invoke.load_function(body, self._settings.node)
        except Exception as error:
            raise failures.cannot_load(error, name, self._settings.node) from error.__cause__
        self._functions[number] = function
        del self._channel.functions[number]
        return function

    def _failed(self, error: BaseException) -> bytes:
        nanoseconds = perf_counter_ns() - self._begun
        if self._nested is not None:
            self._nested.abort()
        if isinstance(error, MemoryError):
            failures.let_go(error)
        error = failures.of_argument(error, self._settings.node)
        return failed_frame(self._sequence, nanoseconds, failures.describe(error, self._output.tail()))

    def _take_place(self, data: bytes, start: int) -> int:
        """Binds the process to a task's cpus; returns the place in the frame behind cpus and nodes."""
        cpus, nodes, at = read_place(data, start)
        self._bind(cpus)
        self._place = data[start:at]
        self._context.nodes = nodes
        return at

    def _bind(self, cpus: "tuple[int, ...]") -> None:
        if cpus and cpus != self._context.cpus:
            processes.bind(cpus)
        self._context.cpus = cpus

    def _set_cores(self, cores: int) -> None:
        self._cores = self._context.cores = cores
        self._threads.set(max(1, cores))

    def _interrupted(self, *_: Any) -> None:
        """The handler of SIGINT and SIGURG: the worker cancels a task, which may have ended meanwhile, or wants those back that wait."""
        running = self._running
        if running is None or self._deferring:
            self._interrupted_unseen = True
            return
        # Another signal can come at each of these lines, and must not raise in the middle of what is read here.
        while True:
            self._deferring = True
            self._interrupted_unseen = False
            self._channel.look()
            self._channel.give_back()
            self._deferring = False
            if not self._interrupted_unseen:
                break
        self._end_if_cancelled(running)

    def _end_if_cancelled(self, running: int) -> None:
        if self._running == running and self._channel.is_cancelled(running):
            self._running = None
            raise TaskCancelled

    def _undisturbed(self, action: Callable[[], Any]) -> Any:
        """Does something with the connection that a cancellation must not leave half done; the cancellation comes after it."""
        if threading.get_ident() != self._main_thread:
            return action()
        self._deferring = True
        try:
            return action()
        finally:
            self._deferring = False
            if self._interrupted_unseen:
                self._interrupted()

    def _look_for_cancellation(self, running: int) -> None:
        """Does what has just been read says: gives back tasks that wait, ends the running one."""
        self._channel.give_back()
        if not self._channel.is_cancelled(running):
            return
        if threading.get_ident() == self._main_thread:
            self._end_if_cancelled(running)
        # The signal may have come before the cancellation was read.
        signal.pthread_kill(self._main_thread, signal.SIGINT)

    def _forked(self) -> None:
        """A child process that a task forks is no executor, whatever returns or raises into our code there."""
        self._is_child = True
        self._channel.abandon()


def done_frame(sequence: int, begun: int, nanoseconds: int, values: bytes) -> bytes:
    """What answers a task that succeeded, with when it began and how long it took, by perf_counter_ns, and the encoded outputs."""
    return _DONE_HEAD.pack(21 + len(values), DONE, sequence, nanoseconds, begun) + values


def failed_frame(sequence: int, nanoseconds: int, failure: failures.TaskFailure) -> bytes:
    """What answers a task that failed."""
    head = _FAILED.pack(sequence, nanoseconds, failure.retriable)
    return _wire.frame(FAILED, head, _wire.string(failure.message), _wire.string(failure.stack), failure.exception)


def read_place(data: bytes, start: int) -> "tuple[tuple[int, ...], tuple[str, ...], int]":
    """The cpus and nodes at this place in a TASK frame, and the place behind them."""
    count = _U16.unpack_from(data, start)[0]
    at = start + 2
    cpus = struct.unpack_from(f"<{count}H", data, at)
    at += 2 * count
    nodes = []
    names = _U16.unpack_from(data, at)[0]
    at += 2
    for _ in range(names):
        node, at = _wire.read_string(data, at)
        nodes.append(node)
    return cpus, tuple(nodes), at


def _new_seeds() -> None:
    """Executors are copies of one process: without this all would draw the same numbers from numpy (``random`` looks after itself)."""
    numpy_random = sys.modules.get("numpy.random")
    seed: Optional[Callable[[], None]] = getattr(numpy_random, "seed", None)
    if seed is not None:
        seed()
