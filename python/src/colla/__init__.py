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
    "DoNotRetry": "_errors",
    "TaskCancelled": "_errors",
    "register_serializer": "_serializers",
    "Future": "_futures",
    "start": "_start",
    "stop": "_start",
    "task": "_tasks",
    "COMPSsException": "_exceptions",
    "constraint": "_constraints",
    "container": "_containers",
    "http": "_http",
    "implement": "_decorators",
    "on_failure": "_decorators",
    "reduction": "_decorators",
    "multinode": "_decorators",
    "IO": "_decorators",
    "local": "_decorators",
    "software": "_decorators",
    "data_transformation": "_decorators",
    "binary": "_programs",
    "ompss": "_programs",
    "julia": "_programs",
    "compss": "_programs",
    "mpi": "_mpi",
    "mpmd_mpi": "_mpi",
    "opencl": "_programs",
    "decaf": "_programs",
    "prolog": "_programs",
    "epilog": "_programs",
    "TaskGroup": "_groups",
    "wait_on": "_api",
    "wait_on_file": "_api",
    "wait_on_directory": "_api",
    "open_file": "_api",
    "file_exists": "_api",
    "delete_file": "_api",
    "delete_object": "_api",
    "barrier": "_api",
    "barrier_group": "_api",
    "cancel_group": "_api",
    "snapshot": "_api",
    "number_of_resources": "_api",
    "request_resources": "_api",
    "free_resources": "_api",
    "set_wall_clock": "_api",
    "group": "_api",
    "IN": "_parameters",
    "OUT": "_parameters",
    "INOUT": "_parameters",
    "CONCURRENT": "_parameters",
    "COMMUTATIVE": "_parameters",
    "IN_DELETE": "_parameters",
    "FILE": "_parameters",
    "FILE_IN": "_parameters",
    "FILE_OUT": "_parameters",
    "FILE_INOUT": "_parameters",
    "DIRECTORY_IN": "_parameters",
    "DIRECTORY_OUT": "_parameters",
    "DIRECTORY_INOUT": "_parameters",
    "COLLECTION_IN": "_parameters",
    "COLLECTION_INOUT": "_parameters",
    "COLLECTION_OUT": "_parameters",
    "COLLECTION_FILE_IN": "_parameters",
    "COLLECTION_FILE_INOUT": "_parameters",
    "COLLECTION_FILE_OUT": "_parameters",
    "DICTIONARY_IN": "_parameters",
    "DICTIONARY_INOUT": "_parameters",
    "DICTIONARY_OUT": "_parameters",
    "Type": "_parameters",
    "Direction": "_parameters",
    "StdIOStream": "_parameters",
    "Prefix": "_parameters",
    "Depth": "_parameters",
    "Weight": "_parameters",
    "STDIN": "_parameters",
    "STDOUT": "_parameters",
    "STDERR": "_parameters",
    "load_ipython_extension": "notebook",
    "unload_ipython_extension": "notebook",
}
"""The module of each public name."""

__all__ = sorted(name for name in _HOME if not name.endswith("_extension"))

if TYPE_CHECKING:
    from ._errors import (
        CancelledError,
        CollaError,
        DataLostError,
        DoNotRetry,
        InternalError,
        NodesLostError,
        TaskCancelled,
        TaskFailedError,
        UsageError,
        WaitTimeoutError,
    )
    from ._futures import Future
    from ._serializers import register_serializer
    from ._start import start, stop
    from ._api import (
        barrier,
        barrier_group,
        cancel_group,
        delete_file,
        delete_object,
        file_exists,
        free_resources,
        group,
        number_of_resources,
        open_file,
        request_resources,
        set_wall_clock,
        snapshot,
        wait_on,
        wait_on_directory,
        wait_on_file,
    )
    from ._constraints import constraint
    from ._containers import container
    from ._decorators import (
        IO,
        data_transformation,
        implement,
        local,
        multinode,
        on_failure,
        reduction,
        software,
    )
    from ._exceptions import COMPSsException
    from ._groups import TaskGroup
    from ._http import http
    from ._parameters import (
        COLLECTION_FILE_IN,
        COLLECTION_FILE_INOUT,
        COLLECTION_FILE_OUT,
        COLLECTION_IN,
        COLLECTION_INOUT,
        COLLECTION_OUT,
        COMMUTATIVE,
        CONCURRENT,
        DICTIONARY_IN,
        DICTIONARY_INOUT,
        DICTIONARY_OUT,
        DIRECTORY_IN,
        DIRECTORY_INOUT,
        DIRECTORY_OUT,
        Depth,
        Direction,
        FILE,
        FILE_IN,
        FILE_INOUT,
        FILE_OUT,
        IN,
        INOUT,
        IN_DELETE,
        OUT,
        Prefix,
        STDERR,
        STDIN,
        STDOUT,
        StdIOStream,
        Type,
        Weight,
    )
    from ._mpi import mpi, mpmd_mpi
    from ._programs import (
        binary,
        compss,
        decaf,
        epilog,
        julia,
        ompss,
        opencl,
        prolog,
    )
    from ._tasks import task


def __getattr__(name: str) -> object:
    module = _HOME.get(name)
    if module is None:
        raise AttributeError(f"module 'colla' has no name {name!r}")
    value = getattr(importlib.import_module("." + module, __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(_HOME))
