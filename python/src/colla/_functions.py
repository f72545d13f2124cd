"""A task's function on its way to the executors: by name if it can be imported there, else with all that it refers to."""

from __future__ import annotations

import sys
import types
import zlib
from collections.abc import Callable
from typing import Any, NamedTuple

__all__ = ["Reference", "reference_of", "candidates", "fingerprint", "modules_of"]


class Reference(NamedTuple):
    """A function by its module and name, with a number that changes with its code (0: it has none)."""

    module: str
    qualname: str
    fingerprint: int


def reference_of(function: Callable) -> Reference | None:
    """How executors find the function, or None if they cannot: it is of the main script, local, or not what its name means."""
    module = getattr(function, "__module__", None)
    qualname = getattr(function, "__qualname__", None)
    if not module or not qualname or module == "__main__" or "<" in qualname or module not in sys.modules:
        return None
    if any(each is function for each in candidates(sys.modules[module], qualname)):
        return Reference(module, qualname, fingerprint(function))
    return None


def candidates(module: Any, qualname: str) -> list[Any]:
    """What the name means in the module, and what is within that: a task's function, what a decorator wrapped."""
    from ._tasks import TaskFunction

    found: Any = module
    for part in qualname.split("."):
        found = _attribute(found, part)
        if found is None:
            return []
    chain: list[Any] = []
    while found is not None and not any(each is found for each in chain):
        chain.append(found)
        if isinstance(found, TaskFunction):
            found = found.function
        elif isinstance(found, (staticmethod, classmethod)):
            found = found.__func__
        else:
            found = getattr(found, "__wrapped__", None)
    return [each for each in chain if not isinstance(each, (TaskFunction, staticmethod, classmethod))]


def _attribute(owner: Any, name: str) -> Any:
    if isinstance(owner, type):
        for kind in owner.__mro__:
            if name in vars(kind):
                return vars(kind)[name]
        return None
    return getattr(owner, name, None)


def fingerprint(function: Callable) -> int:
    """A number that changes with the function's code, and not with where its file is. 0 if there is no Python code."""
    code = getattr(function, "__code__", None)
    return 0 if code is None else zlib.crc32(repr(_essence(code)).encode("utf-8", "surrogatepass")) or 1


def _essence(code: types.CodeType) -> tuple:
    return (code.co_code, code.co_names, code.co_varnames, code.co_freevars, [_constant(each) for each in code.co_consts])


def _constant(value: Any) -> Any:
    if isinstance(value, types.CodeType):
        return _essence(value)
    if isinstance(value, frozenset):
        return sorted(map(repr, value))
    return value


def modules_of(function: Callable) -> list[str]:
    """The modules that the function refers to by its global names, for executors to import before."""
    code = getattr(function, "__code__", None)
    variables = getattr(function, "__globals__", {})
    names: dict[str, None] = {}
    module = getattr(function, "__module__", None)
    if module and module != "__main__":
        names[module] = None
    for name in getattr(code, "co_names", ()):
        value = variables.get(name)
        source = value.__name__ if isinstance(value, types.ModuleType) else getattr(value, "__module__", None)
        if isinstance(source, str) and source not in ("__main__", "builtins") and source in sys.modules:
            names[source] = None
    return list(names)
