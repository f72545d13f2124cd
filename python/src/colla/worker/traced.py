"""An executor that records what it does, for the run's trace. One that does not is without any of this.

What the executor is at is told when it changes only. The merger ends each phase where the next begins, and the amounts of a task and
its place in the worker (9000200) with its last phase. What is recorded around the user's code is gathered first, so that all of it costs little more than
reading the clock; it is in the log before that code begins, and after it has ended.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

from .. import _objects, _trace, _wire
from .channel import Channel, Incoming
from .context import Context
from .executor import Executor, Settings
from .output import Output

__all__ = ["TracedExecutor"]

INSIDE_TASK = _trace.INSIDE_TASK

_RUNNING = 1
_GET_PARAMETERS, _IMPORT, _USER_CODE, _DESERIALIZING, _SERIALIZING = 4, 5, 6, 8, 9
_SUCCESS, _COMPSS_EXCEPTION, _EXCEPTION, _CLEAN = 11, 12, 13, 14
_WAITING, _CALLING = 22, 23

_now = _trace.now


class _Context(Context):
    """Counts what is loaded and made."""

    __slots__ = ("_loaded", "_loaded_bytes", "_made_bytes", "_gathered")

    def __init__(self, node: str, gathered: "list[int]") -> None:
        super().__init__(node)
        self._gathered = gathered
        self._loaded = self._loaded_bytes = self._made_bytes = 0

    def begin(self, data: bytes, at: int) -> int:
        behind = super().begin(data, at)
        self._gathered += (_now(), INSIDE_TASK, 0, _DESERIALIZING)
        return behind

    def load(self, index: int) -> Any:
        if index not in self._objects:
            self._loaded += 1
            self._loaded_bytes += _wire.packed_size(self._data, self._accesses[index][2])
        return super().load(index)

    def tell_loaded(self) -> None:
        """Records how much the function has been given."""
        if self._loaded_bytes:
            self._gathered += (_now(), _trace.DESERIALIZED_BYTES, 0, self._loaded_bytes)
            self._gathered += (_now(), _trace.DESERIALIZED_OBJECTS, 0, self._loaded)

    def encode_outputs(self, outputs: Sequence[Any], folders: _objects.Folders) -> bytes:
        values = super().encode_outputs(outputs, folders)
        now = _now()
        if outputs:
            self._gathered += (now, _trace.SERIALIZED_BYTES, 0, self._made_bytes + len(values))
            self._gathered += (now, _trace.SERIALIZED_OBJECTS, 0, len(outputs))
        self._gathered += (now, INSIDE_TASK, 0, _SUCCESS)
        return values

    def _encode(self, index: int, obj: Any, folders: _objects.Folders) -> bytes:
        value = super()._encode(index, obj, folders)
        if value[0] == _wire.MAPPED:
            self._made_bytes += _wire.packed_size(value, 0)
        return value

    def end(self) -> None:
        self._gathered += (_now(), INSIDE_TASK, 0, _CLEAN)
        self._loaded = self._loaded_bytes = self._made_bytes = 0
        super().end()


class TracedExecutor(Executor):
    """Runs the tasks of a channel and records that."""

    def __init__(self, settings: Settings, channel: Channel, output: Output, recorder: _trace.Recorder) -> None:
        self._trace = recorder
        self._gathered: "list[int]" = []
        """What is to be recorded, for :meth:`_trace.Recorder.record_all`."""
        super().__init__(settings, channel, output)
        self._context: _Context = _Context(settings.node, self._gathered)
        recorder.record(_trace.INSIDE_WORKER, _RUNNING)

    def _run(self, incoming: Incoming) -> bytes:
        gathered = self._gathered
        gathered[:] = (_now(), INSIDE_TASK, 0, _GET_PARAMETERS)
        try:
            return super()._run(incoming)
        finally:
            gathered += (_now(), INSIDE_TASK, 0, 0)
            self._trace.record_all(gathered)

    def _flush(self) -> None:
        self._trace.record_all(self._gathered)
        self._gathered.clear()

    def _load(self, number: int) -> Any:
        self._gathered += (_now(), INSIDE_TASK, 0, _IMPORT)
        self._flush()
        function = super()._load(number)
        function.around(self._in_user_code)
        self._gathered += (_now(), INSIDE_TASK, 0, _DESERIALIZING)
        return function

    def _in_user_code(self, call: Callable) -> Callable:
        gathered = self._gathered
        context = self._context
        recorder = self._trace
        phases = recorder.open

        @functools.wraps(call)
        def traced(*args: Any, **kwargs: Any) -> Any:
            if context._loaded:
                context.tell_loaded()
            gathered.extend((_now(), INSIDE_TASK, 0, _USER_CODE))
            phases[INSIDE_TASK] = _USER_CODE
            recorder.record_all(gathered)
            gathered.clear()
            try:
                return call(*args, **kwargs)
            finally:
                phases[INSIDE_TASK] = _SERIALIZING
                gathered.extend((_now(), INSIDE_TASK, 0, _SERIALIZING))

        return traced

    def _failed(self, error: BaseException) -> bytes:
        self._gathered += (_now(), INSIDE_TASK, 0, _COMPSS_EXCEPTION if type(error).__name__ == "COMPSsException" else _EXCEPTION)
        return super()._failed(error)

    def _bind(self, cpus: "tuple[int, ...]") -> None:
        super()._bind(cpus)
        if cpus:
            self._gathered += (_now(), _trace.CPU_AFFINITY, 0, cpus[0] + 1)
            self._gathered += (_now(), _trace.CPU_COUNT, 0, len(cpus))

    def ask(self, channel: int, question: bytes, waits: bool) -> bytes:
        """As :meth:`Executor.ask`; what the user's code waits for is told apart from it."""
        if not waits or not self._begins(_WAITING):
            return super().ask(channel, question, waits)
        try:
            return super().ask(channel, question, waits)
        finally:
            self._ends()

    def tell(self, channel: int, message: bytes) -> None:
        """As :meth:`Executor.tell`: calls of tasks, above all."""
        if not self._begins(_CALLING):
            return super().tell(channel, message)
        try:
            return super().tell(channel, message)
        finally:
            self._ends()

    def _begins(self, phase: int) -> bool:
        """Records a phase inside of another; nothing, and False, for other threads than the task's."""
        if _trace.recorder(_trace.BINDING) is not self._trace:
            return False
        self._flush()
        self._trace.record(INSIDE_TASK, phase)
        return True

    def _ends(self) -> None:
        self._flush()
        self._trace.record(INSIDE_TASK, self._trace.open.get(INSIDE_TASK, 0))
