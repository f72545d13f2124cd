"""Colla: call functions of a sequential program as tasks, on all the cores of a batch job or of a laptop.

The names below are imported at their first use: a program that uses few of them starts fast.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

__version__ = "0.1.0"

_HOME = {
    "CollaError": "_errors",
    "UsageError": "_errors",
    "TaskFailedError": "_errors",
    "CancelledError": "_errors",
    "DataLostError": "_errors",
    "NodesLostError": "_errors",
    "InternalError": "_errors",
    "WaitTimeoutError": "_errors",
    "Future": "_futures",
    "start": "_start",
    "stop": "_start",
}
"""The module of each public name."""

__all__ = sorted(_HOME)

if TYPE_CHECKING:
    from ._errors import (
        CancelledError,
        CollaError,
        DataLostError,
        InternalError,
        NodesLostError,
        TaskFailedError,
        UsageError,
        WaitTimeoutError,
    )
    from ._futures import Future
    from ._start import start, stop


def __getattr__(name: str) -> object:
    module = _HOME.get(name)
    if module is None:
        raise AttributeError(f"module 'colla' has no name {name!r}")
    value = getattr(importlib.import_module("." + module, __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(_HOME))
