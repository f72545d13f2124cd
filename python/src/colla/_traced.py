"""What a program's session does, in the run's trace: COMPSs' events of the master. A session that is not traced is without any of this."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Optional

from . import _trace, _wire
from ._session import Session

__all__ = ["attach", "starting"]

_START, _STOP, _RUNNING, _FILE, _DELETE_FILE, _GET_FILE, _DELETE_OBJECT = 1, 2, 3, 7, 9, 10, 12
_BARRIER, _GROUP_BARRIER, _OPEN_GROUP, _CLOSE_GROUP, _RESOURCES = 13, 14, 15, 16, 18
_REGISTER, _WAIT_ON, _PROCESS_TASK, _INSTANTIATION, _SERIALIZE = 21, 22, 23, 100, 113

_METHODS = {
    "function": _REGISTER,
    "template": _REGISTER,
    "submit": _PROCESS_TASK,
    "submit_program": _PROCESS_TASK,
    "put": _SERIALIZE,
    "argument": _SERIALIZE,
    "get": _WAIT_ON,
    "get_all": _WAIT_ON,
    "exception": _WAIT_ON,
    "file": _FILE,
    "wait_file": _GET_FILE,
    "delete_file": _DELETE_FILE,
    "forget": _DELETE_OBJECT,
    "open_group": _OPEN_GROUP,
    "close_group": _CLOSE_GROUP,
}
"""What calls of a session's methods are in the trace."""


def starting() -> None:
    """The program begins to connect to its run."""
    _trace.identify_program()
    made = _trace.recorder(_trace.BINDING)
    if made is not None:
        made.record(_trace.MASTER, _START)


def attach(session: Session) -> None:
    """Has what the session does recorded from now on, if its run is traced."""
    _trace.configure_at(str(session.facts.get("run_folder") or ""))
    made = _trace.recorder(_trace.BINDING)
    if made is None:
        return
    made.open[_trace.MASTER] = _RUNNING
    made.record(_trace.MASTER, _RUNNING)
    for name, phase in _METHODS.items():
        setattr(session, name, _recorded(getattr(session, name), phase))
    session.put_encoded = _sized(session.put_encoded)  # type: ignore[method-assign]
    session.barrier = _barrier(session.barrier)  # type: ignore[method-assign]
    session.ask = _asking(session.ask)  # type: ignore[method-assign]
    session.leave = _leaving(session.leave)  # type: ignore[method-assign]
    session._unpacked = _unpacking(session._unpacked)  # type: ignore[method-assign]
    session.on_plan = _plan


def _plan(plan: Any) -> None:
    plan.call = _recorded(plan.call, _INSTANTIATION)


def _recorded(call: Callable, phase: int) -> Callable:
    recorder, group, kind = _trace.recorder, _trace.BINDING, _trace.MASTER

    @functools.wraps(call)
    def recorded(*args: Any, **kwargs: Any) -> Any:
        made = recorder(group)
        if made is None:
            return call(*args, **kwargs)
        open_now = made.open
        outer = open_now.get(kind, 0)
        open_now[kind] = phase
        made.record(kind, phase)
        try:
            return call(*args, **kwargs)
        finally:
            open_now[kind] = outer
            made.record(kind, outer)

    return recorded


def _barrier(call: Callable) -> Callable:
    of_all, of_group = _recorded(call, _BARRIER), _recorded(call, _GROUP_BARRIER)

    @functools.wraps(call)
    def barrier(group: int = -1, timeout: Optional[float] = None) -> None:
        (of_all if group < 0 else of_group)(group, timeout)

    return barrier


def _asking(call: Callable) -> Callable:
    of_resources = _recorded(call, _RESOURCES)

    @functools.wraps(call)
    def ask(op: str, **arguments: Any) -> Any:
        return (of_resources if op == "resources" else call)(op, **arguments)

    return ask


def _sized(call: Callable) -> Callable:
    @functools.wraps(call)
    def put_encoded(value: bytes) -> int:
        _amount(_trace.SERIALIZED_BYTES, _wire.packed_size(value, 0))
        return call(value)

    return put_encoded


def _unpacking(call: Callable) -> Callable:
    @functools.wraps(call)
    def unpacked(answer: bytes) -> Any:
        value = call(answer)
        _amount(_trace.DESERIALIZED_BYTES, _wire.packed_size(answer, 5))
        return value

    return unpacked


def _amount(kind: int, amount: int) -> None:
    made = _trace.recorder(_trace.BINDING)
    if made is not None and amount:
        made.record(kind, amount)
        made.record(kind, 0)


def _leaving(call: Callable) -> Callable:
    stopping = _recorded(call, _STOP)

    @functools.wraps(call)
    def leave(failed: bool) -> Any:
        try:
            return stopping(failed)
        finally:
            made = _trace.recorder(_trace.BINDING)
            if made is not None:
                made.open[_trace.MASTER] = 0
                made.record(_trace.MASTER, 0)

    return leave
