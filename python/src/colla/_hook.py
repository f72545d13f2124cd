"""Functions called inside a task, in the run's trace: what ``@task(tracing_hook=True)`` asks for.

Each call of a Python function of the application's is an event of Extrae's type 60000100 while it is the innermost. Those of the
standard library, of installed packages and of Colla are not told, and belong to who has called them.
"""

from __future__ import annotations

import functools
import os
import sys
import sysconfig
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any

from . import _trace

__all__ = ["hooked"]

_MOST_FUNCTIONS = 1000
"""So many are told apart; further ones belong to who has called them."""

_MOST_EVENTS = 200_000
"""Of one task; after them the rest of it is one event."""

_MOST_DEPTH = 64

_PACKAGES = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_FOREIGN = (
    *(os.path.join(os.path.abspath(sysconfig.get_path(name)), "") for name in ("stdlib", "platstdlib")),
    *(os.path.join(_PACKAGES, name, "") for name in ("colla", "pycompss", "pyextrae")),
    "<frozen",
    "<string>",
)
_INSTALLED = (f"{os.sep}site-packages{os.sep}", f"{os.sep}dist-packages{os.sep}")

_names: "dict[CodeType, int]" = {}
"""The numbers of functions; 0 for those that are not told."""

_told: "set[int]" = set()
"""The numbers that are told."""


def hooked(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, with what it calls recorded if this process is traced."""
    if not _trace.is_on(_trace.USER):
        return function

    @functools.wraps(function)
    def traced(*args: Any, **kwargs: Any) -> Any:
        recorder = _trace.recorder(_trace.USER)
        if recorder is None or sys.getprofile() is not None:  # a profiler of the application's own
            return function(*args, **kwargs)
        hook = _Hook(recorder)
        sys.setprofile(hook)
        try:
            return function(*args, **kwargs)
        finally:
            sys.setprofile(None)
            hook.over()

    return traced


class _Hook:
    """Sees the calls of one thread."""

    def __init__(self, recorder: _trace.Recorder) -> None:
        self._recorder = recorder
        self._record = recorder.record
        self._open: "list[int]" = []
        """The functions that are told and have not returned, as numbers."""
        self._deeper = 0
        self._left = _MOST_EVENTS

    def __call__(self, frame: FrameType, event: str, _: Any) -> None:
        if self._recorder.is_busy:
            return
        if event == "call":
            number = _names.get(frame.f_code)
            if number is None:
                number = _name(frame.f_code)
            if number:
                self._begin(number)
        elif event == "return" and _names.get(frame.f_code):
            self._end()

    def _begin(self, number: int) -> None:
        if self._left <= 0 or len(self._open) >= _MOST_DEPTH:
            self._deeper += 1
            return
        self._left -= 2
        self._open.append(number)
        self._record(_trace.USER_FUNCTION, number)

    def _end(self) -> None:
        if self._deeper:
            self._deeper -= 1
        elif self._open:
            self._open.pop()
            self._record(_trace.USER_FUNCTION, self._open[-1] if self._open else 0)

    def over(self) -> None:
        """The task has ended, whatever was under way."""
        if self._open:
            self._record(_trace.USER_FUNCTION, 0)


def _is_foreign(file: str) -> bool:
    return file.startswith(_FOREIGN) or any(part in file for part in _INSTALLED)


def _name(code: CodeType) -> int:
    number = 0
    if len(_told) < _MOST_FUNCTIONS and not _is_foreign(code.co_filename):
        name = getattr(code, "co_qualname", code.co_name)
        label = f"{os.path.splitext(os.path.basename(code.co_filename))[0]}.{name}"
        number = _trace.number_of(label)
        _told.add(number)
        _trace.define(_trace.USER_FUNCTION, "", {number: label})
    if number or len(_names) < 10 * _MOST_FUNCTIONS:
        _names[code] = number
    return number
