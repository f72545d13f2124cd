"""Events around parts of an application, by PyCOMPSs' names. They do nothing where the run is not traced."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from colla import _trace, trace
from pycompss.util.context import in_master, in_worker

__all__ = [
    "TRACING", "EventInsideWorker", "EventMaster", "EventWorker", "EventWorkerCache", "emit_event", "emit_manual_event",
    "emit_manual_event_explicit", "event",
]  # fmt: skip


class _Tracing:
    """Whether the run is traced."""

    def is_tracing(self) -> bool:
        """Whether events come into a trace."""
        return trace.is_on()


TRACING = _Tracing()


class _Event:
    """``with EventMaster(22):``; the event begins where the object is made, as in PyCOMPSs."""

    kind = 0
    here: Callable[[], bool]

    def __init__(self, event_id: int) -> None:
        self._region = trace.region(int(event_id), self.kind) if type(self).here() else None
        if self._region is not None:
            self._region.__enter__()

    def __enter__(self) -> None:
        """The event has begun."""

    def __exit__(self, *raised: Any) -> None:
        if self._region is not None:
            self._region.__exit__(*raised)


class EventMaster(_Event):
    """An event of the main program, 9000300."""

    kind = _trace.MASTER
    here = staticmethod(in_master)


class EventWorker(_Event):
    """An event of a worker, 9000200."""

    kind = _trace.INSIDE_WORKER
    here = staticmethod(in_worker)


class EventInsideWorker(_Event):
    """An event inside of a task, 9000100."""

    kind = _trace.INSIDE_TASK
    here = staticmethod(in_worker)


class EventWorkerCache(_Event):
    """An event of a cache, 9000201."""

    kind = 9000201
    here = staticmethod(in_worker)


def emit_manual_event(
    event_id: Any, master: bool = False, inside: bool = False, cpu_affinity: bool = False, gpu_affinity: bool = False, cpu_number: bool = False
) -> None:
    """Records one event; 0 ends what was before."""
    emit_manual_event_explicit(*_numbers(event_id, master, inside, cpu_affinity, gpu_affinity, cpu_number))


def emit_manual_event_explicit(event_group: int, event_id: int) -> None:
    """Records one event of a type."""
    trace.event(int(event_group), int(event_id))


def event(
    event_id: Any, master: bool = False, inside: bool = False, cpu_affinity: bool = False, gpu_affinity: bool = False
) -> trace.region:
    """An event as long as the block lasts."""
    kind, value = _numbers(event_id, master, inside, cpu_affinity, gpu_affinity, False)
    return trace.region(value, kind)


def emit_event(event_id: Any, master: bool = False, inside: bool = False) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """An event as long as the decorated function runs."""
    return event(event_id, master, inside)


def _numbers(event_id: Any, master: bool, inside: bool, cpu_affinity: bool, gpu_affinity: bool, cpu_number: bool) -> "tuple[int, int]":
    """Type and value."""
    if master:
        return _trace.MASTER, int(event_id)
    if not inside:
        return _trace.INSIDE_WORKER, int(event_id)
    if cpu_affinity or gpu_affinity:
        # A list of cores, such as 4-7,9: the first is told, counted from 1.
        first = str(event_id).split(",")[0].split("-")[0]
        return _trace.CPU_AFFINITY if cpu_affinity else _trace.GPU_AFFINITY, int(first) + isinstance(event_id, str)
    return _trace.CPU_COUNT if cpu_number else _trace.INSIDE_TASK, int(event_id)
