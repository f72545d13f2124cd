"""What is said of a task that failed: a sentence, its traceback without our own frames, the exception, and whether to try again."""

from __future__ import annotations

import os
import sys
import traceback
from types import TracebackType
from typing import NamedTuple, Optional

from .. import _objects
from .._errors import DoNotRetry, TaskCancelled, UsageError

__all__ = ["TaskFailure", "cannot_load", "describe", "let_go", "of_argument"]

_LONGEST_MESSAGE = 2_000
_LARGEST_EXCEPTION = 1 << 20

_PACKAGES = tuple(
    os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), name) + os.sep
    for name in ("colla", "pycompss")
)
"""The folders of our own code."""


class TaskFailure(NamedTuple):
    """The content of a FAILED frame; ``retriable`` is 2 if the task's group is to end with it, ``exception`` is a packed object, empty if the exception cannot travel."""

    retriable: int
    message: str
    stack: str
    exception: bytes


def describe(error: BaseException, printed: str = "") -> TaskFailure:
    """What to say of a task that raised this error after printing that."""
    if isinstance(error, TaskCancelled):
        return TaskFailure(0, "the task was cancelled", _stack(error, printed), b"")
    if isinstance(error, SystemExit):
        message = f"SystemExit: {error.code}: a task ended the interpreter; to fail, raise another exception"
    else:
        message = _sentence(error)
    remedy = 2 if getattr(error, "colla_ends_group", False) else int(_is_retriable(error))
    return TaskFailure(remedy, message, _stack(error, printed), _pack(error))


def cannot_load(error: BaseException, name: str, node: str) -> BaseException:
    """The error to report when the function ``name`` could not be loaded on a node because of ``error``."""
    if isinstance(error, ModuleNotFoundError):
        return _missing(error, f"{name} cannot be loaded{_on(node)}")
    if isinstance(error, ImportError):
        setattr(error, _TOLD, True)
    return error


def let_go(error: BaseException) -> None:
    """Frees what the functions that failed still hold, so that there is memory to say what happened."""
    seen: "set[int]" = set()
    told: Optional[BaseException] = error
    while told is not None and id(told) not in seen:
        seen.add(id(told))
        traceback.clear_frames(told.__traceback__)
        told = told.__cause__ or told.__context__


def of_argument(error: BaseException, node: str) -> BaseException:
    """The error to report for one that may come from unpacking an argument, before the user's code was reached."""
    if not isinstance(error, (ImportError, AttributeError)) or _has_frames_of_the_user(error.__traceback__):
        return error
    what = f"an argument of the task cannot be unpacked{_on(node)}"
    if isinstance(error, ImportError):
        return error if getattr(error, _TOLD, False) else _missing(error, what)
    if not str(error).startswith("Can't get attribute"):
        return error
    return AttributeError(f"{what}: {error}; is the module the same as the program's?").with_traceback(error.__traceback__)


_TOLD = "_colla_told"


def _missing(error: ImportError, what: str) -> ImportError:
    missing = f"there is no module {error.name!r}" if isinstance(error, ModuleNotFoundError) else str(error)
    looked_in = ", ".join(entry or os.getcwd() for entry in sys.path)
    told = type(error)(f"{what}: {missing} (looked in {looked_in})", name=error.name, path=error.path)
    setattr(told, _TOLD, True)
    return told.with_traceback(error.__traceback__)


def _on(node: str) -> str:
    return f" on node {node}" if node else ""


def _is_retriable(error: BaseException) -> bool:
    """Whether another attempt could end otherwise.

    It could not after :class:`DoNotRetry`, when the task is not used as it must be (a result that cannot be pickled, a wrong number of
    results), when a module or name is missing, and when the call does not fit the function. Errors can say so themselves by an attribute ``colla_retriable``.
    """
    told = getattr(error, "colla_retriable", None)
    if told is not None:
        return bool(told)
    if isinstance(error, (DoNotRetry, UsageError, ImportError, NameError, SyntaxError)):
        return False
    return not (isinstance(error, TypeError) and not _has_frames_of_the_user(error.__traceback__))


def _has_frames_of_the_user(trace: Optional[TracebackType]) -> bool:
    while trace is not None:
        if not _is_ours(trace.tb_frame.f_code.co_filename):
            return True
        trace = trace.tb_next
    return False


def _is_ours(file: str) -> bool:
    return file.startswith(_PACKAGES)


def _sentence(error: BaseException) -> str:
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ in ("builtins", "__main__") else f"{kind.__module__}.{kind.__qualname__}"
    try:
        text = str(error).strip()
    except Exception as failure:  # a __str__ of the user's
        text = f"its text cannot be had ({type(failure).__name__})"
    first = text.splitlines()[0] if text else ""
    message = f"{name}: {first}" if first else name
    return message if len(message) <= _LONGEST_MESSAGE else message[: _LONGEST_MESSAGE - 1] + "…"


def _stack(error: BaseException, printed: str) -> str:
    try:
        told = traceback.TracebackException(type(error), error, error.__traceback__)
        _leave_out_our_frames(told, set())
        text = "".join(told.format())
    except Exception as failure:  # a __str__ of the user's, or a source file that cannot be read
        text = f"{type(error).__name__} (its traceback cannot be had: {type(failure).__name__}: {failure})\n"
    if not printed.strip():
        return text
    return f"{text}The task had printed:\n{printed}"


def _leave_out_our_frames(told: Optional[traceback.TracebackException], seen: "set[int]") -> None:
    if told is None or id(told) in seen:
        return
    seen.add(id(told))
    told.stack[:] = [frame for frame in told.stack if not _is_ours(frame.filename)]
    _leave_out_our_frames(told.__cause__, seen)
    _leave_out_our_frames(told.__context__, seen)
    for part in getattr(told, "exceptions", None) or ():
        _leave_out_our_frames(part, seen)


def _pack(error: BaseException) -> bytes:
    """The packed exception, or nothing if it cannot be pickled, or not be unpickled again."""
    try:
        packed = _objects.pack(error)
        if packed.size > _LARGEST_EXCEPTION:
            return b""
        data = packed.to_bytes()
        return data if isinstance(_objects.unpack(data), BaseException) else b""
    except (Exception, SystemExit):  # whatever the user's __reduce__ or __init__ raises
        return b""
