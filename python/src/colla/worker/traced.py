"""An executor that records what it does, for the run's trace. One that does not is without any of this.

What the executor is at is told when it changes only; the merger ends each phase where the next begins.
"""

from __future__ import annotations

import functools
import struct
from collections.abc import Callable, Sequence
from typing import Any

from .. import _objects, _trace, _wire
from .channel import Channel, Incoming
from .context import Context
from .executor import Executor, Settings
from .output import Output

__all__ = ["TracedExecutor"]

INSIDE_TASK, INSIDE_WORKER = _trace.INSIDE_TASK, _trace.INSIDE_WORKER

_RUNNING, _PROCESS_TASK = 1, 2
_GET_PARAMETERS, _IMPORT, _USER_CODE, _DESERIALIZING, _SERIALIZING = 4, 5, 6, 8, 9
_SUCCESS, _COMPSS_EXCEPTION, _EXCEPTION, _CLEAN = 11, 12, 13, 14
_WAITING, _CALLING = 22, 23

_U32 = struct.Struct("<I")
_U64 = struct.Struct("<Q")


class _Context(Context):
    """Counts what is loaded and made."""

    __slots__ = ("_loaded", "_loaded_bytes", "_made_bytes", "_told", "_record")

    def __init__(self, node: str, record: Callable[[int, int], None]) -> None:
        super().__init__(node)
        self._record = record
        self._loaded = self._loaded_bytes = self._made_bytes = 0
        self._told: "list[int]" = []

    def begin(self, data: bytes, at: int) -> int:
        self._loaded = self._loaded_bytes = self._made_bytes = 0
        behind = super().begin(data, at)
        self._record(INSIDE_TASK, _DESERIALIZING)
        return behind

    def load(self, index: int) -> Any:
        if index not in self._objects:
            self._loaded += 1
            self._loaded_bytes += _size_of(self._data, self._accesses[index][2])
        return super().load(index)

    def tell_loaded(self) -> None:
        """Records how much the function has been given."""
        if self._loaded_bytes:
            self._tell(_trace.DESERIALIZED_BYTES, self._loaded_bytes)
            self._tell(_trace.DESERIALIZED_OBJECTS, self._loaded)

    def _tell(self, kind: int, amount: int) -> None:
        self._record(kind, amount)
        self._told.append(kind)

    def end(self) -> None:
        record = self._record
        for kind in self._told:
            record(kind, 0)
        self._told.clear()
        record(INSIDE_TASK, _CLEAN)
        super().end()

    def encode_outputs(self, outputs: Sequence[Any], folders: _objects.Folders) -> bytes:
        values = super().encode_outputs(outputs, folders)
        if outputs:
            self._tell(_trace.SERIALIZED_BYTES, self._made_bytes + len(values))
            self._tell(_trace.SERIALIZED_OBJECTS, len(outputs))
        self._record(INSIDE_TASK, _SUCCESS)
        return values

    def _encode(self, index: int, obj: Any, folders: _objects.Folders) -> bytes:
        value = super()._encode(index, obj, folders)
        if value[0] == _wire.MAPPED:
            self._made_bytes += _size_of(value, 0)
        return value


def _size_of(data: bytes, at: int) -> int:
    """The bytes of the encoded value at this place that are packed, in it or in its file."""
    if data[at] not in (_wire.INLINE, _wire.MAPPED):
        return 0
    length = _U32.unpack_from(data, at + 1)[0]
    return _U64.unpack_from(data, at + 5 + length)[0] if data[at] == _wire.MAPPED else length


class TracedExecutor(Executor):
    """Runs the tasks of a channel and records that."""

    def __init__(self, settings: Settings, channel: Channel, output: Output, recorder: _trace.Recorder) -> None:
        self._trace = recorder
        super().__init__(settings, channel, output)
        self._context: _Context = _Context(settings.node, recorder.record)
        recorder.record(INSIDE_WORKER, _RUNNING)

    def _run(self, incoming: Incoming) -> bytes:
        record = self._trace.record
        record(INSIDE_WORKER, _PROCESS_TASK)
        record(INSIDE_TASK, _GET_PARAMETERS)
        try:
            return super()._run(incoming)
        finally:
            record(INSIDE_TASK, 0)
            record(INSIDE_WORKER, _RUNNING)

    def _load(self, number: int) -> Any:
        record = self._trace.record
        record(INSIDE_TASK, _IMPORT)
        function = super()._load(number)
        function.around(self._in_user_code)
        record(INSIDE_TASK, _DESERIALIZING)
        return function

    def _in_user_code(self, call: Callable) -> Callable:
        record = self._trace.record
        context = self._context
        phases = self._trace.open

        @functools.wraps(call)
        def traced(*args: Any, **kwargs: Any) -> Any:
            context.tell_loaded()
            record(INSIDE_TASK, _USER_CODE)
            phases[INSIDE_TASK] = _USER_CODE
            try:
                return call(*args, **kwargs)
            finally:
                phases[INSIDE_TASK] = _SERIALIZING
                record(INSIDE_TASK, _SERIALIZING)

        return traced

    def _failed(self, error: BaseException) -> bytes:
        self._trace.record(INSIDE_TASK, _COMPSS_EXCEPTION if type(error).__name__ == "COMPSsException" else _EXCEPTION)
        return super()._failed(error)

    def _bind(self, cpus: "tuple[int, ...]") -> None:
        super()._bind(cpus)
        if cpus:
            self._trace.record(_trace.CPU_AFFINITY, cpus[0] + 1)
            self._trace.record(_trace.CPU_COUNT, len(cpus))

    def ask(self, channel: int, question: bytes, waits: bool) -> bytes:
        """As :meth:`Executor.ask`; what the user's code waits for is told apart from it."""
        recorder = _trace.recorder(_trace.BINDING)
        if recorder is not self._trace or not waits:
            return super().ask(channel, question, waits)
        recorder.record(INSIDE_TASK, _WAITING)
        try:
            return super().ask(channel, question, waits)
        finally:
            recorder.record(INSIDE_TASK, recorder.open.get(INSIDE_TASK, 0))

    def tell(self, channel: int, message: bytes) -> None:
        """As :meth:`Executor.tell`: calls of tasks, above all."""
        recorder = _trace.recorder(_trace.BINDING)
        if recorder is not self._trace:
            return super().tell(channel, message)
        recorder.record(INSIDE_TASK, _CALLING)
        try:
            return super().tell(channel, message)
        finally:
            recorder.record(INSIDE_TASK, recorder.open.get(INSIDE_TASK, 0))
