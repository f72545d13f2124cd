"""A call of a task's function in an executor: its arguments from the spec and the accesses, its outputs in order.

A spec is one byte that says which form it has, and a pickle:

- a number of results up to ``MOST_PLAIN``: the pickle is the tuple of arguments; there is nothing else;
- ``READS``: the number of results, the tuple of arguments, and the positions in it of the accesses, all of which only read;
- ``GENERAL``: the number of results, the list of positional and the dictionary of named arguments, and for each access that writes (but for
  the results) the path to its value in them, or, for files, ``-1 - number`` of the access. Accesses anywhere in the
  arguments are pickled as calls of the ``*_access`` functions below. Then the parameters' names of these accesses, or None;
- ``OBJECTS``: a byte with the number of results, and the tuple of arguments, in which accesses that read are calls of ``load_access``;
- ``ALIASED``: as ``GENERAL``, and the numbers of accesses are persistent ids in the pickle.

One task runs at a time; the module's state is that task's.
"""

from __future__ import annotations

import functools
import io
import pickle
import sys
from collections.abc import Callable
from typing import Any, Protocol

from .._errors import UsageError
from .._functions import Reference, candidates, fingerprint

__all__ = ["MOST_PLAIN", "READS", "GENERAL", "ALIASED", "OBJECTS", "Context", "Function", "load_function", "run"]

MOST_PLAIN = 100
READS = 0x80
GENERAL = 0x81
ALIASED = 0x82
OBJECTS = 0x83

_GENERATOR = 0x20
_COROUTINE = 0x80


class Context(Protocol):
    """What an executor knows of a call."""

    accesses: int
    node: str
    nodes: list[str]
    cores: int
    task: int

    def load(self, index: int) -> Any:
        """The content of an access: an object, or the path of a file."""


Elsewhere = Callable[[Any, "dict[str, Any]", int], "tuple[Any, Any, dict[str, Any]]"]


class Function:
    """A task's function as executors call it.

    ``defaults`` are outputs by parameter's name for a failure that is ignored (None: failures are failures); ``spreads``: it wants to know
    its nodes; ``elsewhere`` (None: it runs here) carries out a call in other processes, from the arguments and the number of results to
    the result and to the arguments as they are then.
    """

    __slots__ = ("call", "name", "defaults", "spreads", "elsewhere", "plain")

    def __init__(self, call: Callable, name: str, defaults: dict[str, Any] | None, spreads: bool, elsewhere: Elsewhere | None = None) -> None:
        self.call = call
        self.name = name
        self.defaults = defaults
        self.spreads = spreads
        self.elsewhere = elsewhere
        self.plain = defaults is None and not spreads and elsewhere is None

    def around(self, wrap: Callable[[Callable], Callable]) -> None:
        """Replaces what carries out calls by what ``wrap`` makes of it."""
        self.call = wrap(self.call)
        if self.elsewhere is not None:
            self.elsewhere = wrap(self.elsewhere)


class _Call:
    """The accesses of the running call, each loaded once."""

    __slots__ = ("context", "loaded", "written")

    def __init__(self, context: Context) -> None:
        self.context = context
        self.loaded: dict[int, Any] = {}
        self.written: list[Any] = []

    def load(self, index: int) -> Any:
        if index not in self.loaded:
            self.loaded[index] = self.context.load(index)
        return self.loaded[index]


_call: _Call = None  # type: ignore[assignment]
"""The running call; only while one runs."""


class _Unpickler(pickle.Unpickler):
    """Reads pickles whose persistent ids are numbers of accesses."""

    def persistent_load(self, index: int) -> Any:
        return _call.load(index)


def load_access(index: int) -> Any:
    """The content of an access of the running call."""
    return _call.load(index)


def path_access(index: int) -> Any:
    """The path of an access of the running call, for a program that passed a ``Path``."""
    from pathlib import Path

    return Path(_call.load(index))


def output_access(index: int, initial: Any) -> Any:
    """The object that the running call makes anew: it begins as what the program passed."""
    _call.loaded[index] = initial
    return initial


def written_stream(stream: Any) -> Any:
    """A stream that the running call writes, and leaves when it has ended."""
    _call.written.append(stream)
    return stream


def load_function(body: bytes, node: str = "") -> Function:
    """The function of a FUNCTION frame's body.

    Raises ``ImportError`` if its module cannot be imported here, and ``UsageError`` if it is another function here than in the program.
    """
    # Behind them come the user's serializers, which are known by being unpickled.
    source, name, runner, defaults, spreads, *_ = pickle.loads(body)
    function = _resolved(source, node) if isinstance(source, Reference) else source
    flags = getattr(getattr(function, "__code__", None), "co_flags", 0)
    if flags & _GENERATOR:
        function = _collected(function)
    elif flags & _COROUTINE:
        function = _awaited(function)
    if runner is None:
        return Function(function, name, defaults, spreads)
    return Function(runner.prepare(function), name, defaults, spreads, runner.elsewhere(function))


def _resolved(source: Reference, node: str) -> Callable:
    import importlib

    where = f" on node {node}" if node else ""
    try:
        module = importlib.import_module(source.module)
    except ImportError as error:
        places = ", ".join(path or "." for path in sys.path)
        text = f"module {source.module} of task {source.qualname} cannot be imported{where}: {error}; looked in {places}"
        raise ImportError(text, name=error.name, path=error.path) from error
    found = candidates(module, source.qualname)
    for each in found:
        if fingerprint(each) == source.fingerprint:
            return each
    file = getattr(module, "__file__", None) or "?"
    what = "differs from the program's" if found else "is missing"
    raise UsageError(f"{source.qualname} of module {source.module}{where} ({file}) {what}: install the same version there")


def _collected(function: Callable) -> Callable:
    return functools.wraps(function)(lambda *args, **kwargs: list(function(*args, **kwargs)))


def _awaited(function: Callable) -> Callable:
    import asyncio

    return functools.wraps(function)(lambda *args, **kwargs: asyncio.run(function(*args, **kwargs)))


def run(function: Function, spec: bytes | memoryview, context: Context) -> list[Any]:
    """Carries out a call; returns its outputs in the order of the accesses that write (None for files).

    Raises what the function raises.
    """
    kind = spec[0]
    if not function.plain:
        return _run_general(function, kind, memoryview(spec)[1:], context)
    if kind <= MOST_PLAIN:
        result = function.call(*pickle.loads(memoryview(spec)[1:]))
        return [result] if kind == 1 else _results(function, result, kind)
    if kind == READS:
        count, arguments = _reading(memoryview(spec)[1:], context)
        result = function.call(*arguments)
        return [result] if count == 1 else _results(function, result, count)
    return _run_general(function, kind, memoryview(spec)[1:], context)


def _reading(pickled: memoryview, context: Context) -> tuple[int, list[Any]]:
    count, values, positions = pickle.loads(pickled)
    arguments = list(values)
    for index, position in enumerate(positions):
        arguments[position] = context.load(index)
    return count, arguments


def _run_general(function: Function, kind: int, pickled: memoryview, context: Context) -> list[Any]:
    global _call
    _call = _Call(context)
    try:
        if kind == GENERAL:
            count, args, kwargs, plan, names = pickle.loads(pickled)
        elif kind == ALIASED:
            count, args, kwargs, plan, names = _Unpickler(io.BytesIO(pickled)).load()
        elif kind == OBJECTS:
            count, args, kwargs, plan, names = pickled[0], pickle.loads(pickled[1:]), {}, (), None
        elif kind == READS:
            (count, args), kwargs, plan, names = _reading(pickled, context), {}, (), None
        else:
            count, args, kwargs, plan, names = kind, pickle.loads(pickled), {}, (), None
        if function.spreads:
            _tell_nodes(context)
        try:
            if function.elsewhere is not None:
                result, args, kwargs = function.elsewhere(args, kwargs, count)
            else:
                result = function.call(*args, **kwargs)
            results = _results(function, result, count)
        except Exception:
            if function.defaults is None:
                raise
            _leave_streams()
            return _ignored(function, count, args, kwargs, plan, names)
        _leave_streams()
        return [_output(function, args, kwargs, path) for path in plan] + results
    finally:
        _call = None  # type: ignore[assignment]


def _leave_streams() -> None:
    """After the last attempt; another one would go on writing."""
    for stream in _call.written:
        stream.leave()


def _results(function: Function, result: Any, count: int) -> list[Any]:
    if count == 0:
        return []
    if count == 1:
        return [result]
    if hasattr(result, "__next__"):
        result = list(result)
    if isinstance(result, (str, bytes, bytearray, dict, set, frozenset)) or not hasattr(result, "__len__"):
        got = "nothing (None)" if result is None else f"one value, of type {type(result).__name__}"
    elif len(result) == count:
        return list(result)
    else:
        got = f"{len(result)}"
    raise UsageError(f"task {function.name} was to return {count} values, as its decorator says, but returned {got}")


def _output(function: Function, args: Any, kwargs: dict[str, Any], path: Any) -> Any:
    if type(path) is int:
        return None
    first, *rest = path
    value = kwargs[first] if type(first) is str else args[first]
    try:
        for step in rest:
            value = value[step]
    except (LookupError, TypeError):
        where = "".join(f"[{step!r}]" for step in rest)
        raise UsageError(f"task {function.name} took element {where} out of a collection that it was to update") from None
    return value


def _ignored(function: Function, count: int, args: Any, kwargs: dict[str, Any], plan: Any, names: Any) -> list[Any]:
    """The outputs after a failure that is ignored; what made it is left in the task's own messages."""
    import traceback

    traceback.print_exc()
    defaults: dict[str, Any] = function.defaults or {}
    outputs = []
    for name, path in zip(names or (), plan):
        if type(path) is int:
            outputs.append(_default_file(_call.load(-1 - path), defaults.get(name)))
        else:
            outputs.append(defaults[name] if name in defaults else _output(function, args, kwargs, path))
    results = defaults.get("returns")
    if count > 1 and isinstance(results, (list, tuple)) and len(results) == count:
        return outputs + list(results)
    return outputs + [results] * count


def _default_file(path: str, default: Any) -> None:
    """Leaves a file in the place of one that the task was to write: a copy of the one at the path ``default``, or an empty one."""
    import os
    import shutil

    if default is not None:
        shutil.copyfile(default, path)
    elif not os.path.exists(path):
        with open(path, "wb"):
            pass


def _tell_nodes(context: Context) -> None:
    import os

    nodes = list(context.nodes) or [os.uname().nodename]
    os.environ["COMPSS_HOSTNAMES"] = ",".join(nodes)
    os.environ["COMPSS_NUM_NODES"] = str(len(nodes))
    os.environ["COMPSS_NUM_THREADS"] = str(context.cores)
    os.environ["COMPSS_MASTER_NODE"] = nodes[0]
