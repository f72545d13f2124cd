"""How many threads numerical libraries use: as many as the task has cores.

The libraries read environment variables when they are loaded and are told through functions of their own later. What the user has
set in the environment stays as it is.
"""

from __future__ import annotations

import contextlib
import os
import sys
from typing import Any, Callable

__all__ = ["Threads", "limit_before_imports"]

_VARIABLES = {
    "OMP_NUM_THREADS": ("libgomp", "libiomp5", "libomp"),
    "OPENBLAS_NUM_THREADS": ("openblas",),
    "MKL_NUM_THREADS": ("libmkl_rt",),
    "BLIS_NUM_THREADS": ("libblis",),
    "NUMEXPR_NUM_THREADS": (),
}
"""Environment variables, and parts of the file names of the libraries that they are for."""

_FUNCTIONS = {
    "openblas": (
        "openblas_set_num_threads",
        "openblas_set_num_threads64_",
        "scipy_openblas_set_num_threads",
        "scipy_openblas_set_num_threads64_",
    ),
    "libmkl_rt": ("MKL_Set_Num_Threads",),
    "libblis": ("bli_thread_set_num_threads",),
    "libgomp": ("omp_set_num_threads",),
    "libiomp5": ("omp_set_num_threads",),
    "libomp": ("omp_set_num_threads",),
}


def limit_before_imports() -> frozenset[str]:
    """Has libraries that are loaded from now on start with one thread; returns the variables that the user has set."""
    users = frozenset(name for name in _VARIABLES if name in os.environ)
    for name in _VARIABLES:
        os.environ.setdefault(name, "1")
    return users


class Threads:
    """Sets the number of threads of this process's numerical libraries. For one thread: the one that runs the tasks."""

    def __init__(self, users: frozenset[str]) -> None:
        self._variables = [name for name in _VARIABLES if name not in users]
        self._libraries = tuple(
            library for name in self._variables for library in _VARIABLES[name]
        )
        self._set_by_file: dict[str, "list[Callable[[int], Any]]"] = {}

    def set(self, count: int) -> None:
        """Gives libraries that are loaded, and those that will be, so many threads."""
        for name in self._variables:
            os.environ[name] = str(count)
        for file in _loaded_libraries(self._libraries):
            setters = self._set_by_file.get(file)
            if setters is None:
                setters = self._set_by_file[file] = _setters(file)
            for setter in setters:
                setter(count)
        self._tell_modules(count)

    def _tell_modules(self, count: int) -> None:
        for module, variable in (("numexpr", "NUMEXPR_NUM_THREADS"), ("torch", "OMP_NUM_THREADS"), ("numba", "OMP_NUM_THREADS")):
            imported = sys.modules.get(module)
            function = getattr(imported, "set_num_threads", None)
            if function is not None and variable in self._variables:
                # numba and numexpr refuse more threads than they started with; the task then runs with those.
                with contextlib.suppress(Exception):
                    function(count)


def _loaded_libraries(parts: "tuple[str, ...]") -> set[str]:
    """The files of loaded shared libraries whose names contain one of these parts."""
    files = set()
    try:
        with open("/proc/self/maps") as maps:
            for line in maps:
                slash = line.find("/")
                if slash >= 0 and ".so" in line:
                    file = line[slash:].rstrip("\n")
                    name = os.path.basename(file)
                    if any(part in name for part in parts):
                        files.add(file)
    except OSError:
        return set()
    return files


def _setters(file: str) -> "list[Callable[[int], Any]]":
    import ctypes

    try:
        library = ctypes.CDLL(file, mode=getattr(os, "RTLD_NOLOAD", 0) | ctypes.DEFAULT_MODE)
    except OSError:
        return []
    name = os.path.basename(file)
    found = []
    for part, functions in _FUNCTIONS.items():
        for function in functions if part in name else ():
            setter = getattr(library, function, None)
            if setter is not None:
                setter.argtypes = [ctypes.c_int]
                setter.restype = None
                found.append(setter)
    return found
