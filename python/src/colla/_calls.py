"""A call of a task in a program: its arguments become accesses to data and a spec, its results futures.

The format of specs is that of ``worker.invoke``.
"""

from __future__ import annotations

import functools
import pickle
from collections.abc import Iterable
from os import PathLike, fspath, getcwd
from os.path import exists
from typing import TYPE_CHECKING, Any

from . import _groups, _objects, _returns
from ._decorators import defaults_of
from ._definition import Definition
from ._errors import UsageError
from ._functions import modules_of, reference_of
from ._futures import Future, FutureInside, collecting
from ._mpi import MpiFunction, MpiProgram
from ._parameters import OUT, AccessMode, Kind, Parameter
from ._runners import runner_of
from ._signature import Bound, Signature
from ._templates import Needs, is_dynamic, lookup_of, treatment
from ._wire import INLINE_LIMIT
from ._serializers import reducers, registered
from .worker.invoke import ALIASED, GENERAL, MOST_PLAIN, OBJECTS, READS, load_access, output_access, path_access, written_stream

if TYPE_CHECKING:
    from ._session import Session
    from ._tasks import TaskFunction

__all__ = ["Plan"]

SCALARS = frozenset((int, float, str, bool, type(None)))
"""Types that have no identity and no parts."""

_FIXED = SCALARS | {bytes, complex, range, type(Ellipsis)}
"""Types that a task cannot change."""

_IN = AccessMode.IN
_OUT = AccessMode.OUT
_INOUT = AccessMode.INOUT
_WRITING = frozenset((AccessMode.OUT, AccessMode.INOUT, AccessMode.CONCURRENT, AccessMode.COMMUTATIVE))
_READS = bytes((READS,))
_GENERAL = bytes((GENERAL,))
_ALIASED = bytes((ALIASED,))
_OBJECTS = bytes((OBJECTS,))
_MAIN = b"__main__"


class Plan:
    """What all calls of a task in one session have in common."""

    def __init__(self, task: TaskFunction, session: Session) -> None:
        self.task = task
        self.session = session
        self.definition = task.definition
        self.name = task.__qualname__
        self.signature = Signature(task.function)
        self._templates: dict[Any, int] = {}
        self._functions: dict[TaskFunction, int] = {}
        self._dynamic = is_dynamic(self.definition) or any(is_dynamic(each.definition) for each in task.implementations())
        self.large: set[type] = set()
        self._special = self._special_parameters()
        self.count = self._static_count()
        self._template = None if self._dynamic else self.template({})
        self._defaults = self._result_defaults()
        self._kinds = self._kinds_of_results()
        self.simple = self._simple_arity()
        self._least = sum(name in self.signature.required for name in self.signature.positional)
        self._prefix = bytes((self.count,)) if 0 <= self.count <= MOST_PLAIN else b""

    def _special_parameters(self) -> dict[str, Parameter]:
        """The parameters that are more than objects which the task reads."""
        found = {name: each for name, each in self.definition.parameters.items() if each.kind is not Kind.OBJECT or each.mode is not _IN}
        first = self.signature.positional[:1]
        if first and first[0] not in self.definition.parameters and self.task.is_method(first[0]):
            found[first[0]] = self.definition.target
        return found

    def _static_count(self) -> int:
        """The number of results, or -1 if each call has its own."""
        self._returns: Any = (
            _returns.declared(self.name, self.definition.returns) if self.definition.returns_given else self._inferred()
        )
        return self._returns if isinstance(self._returns, int) else -1

    def _inferred(self) -> int:
        if self.definition.execution is not None and not isinstance(self.definition.execution, MpiFunction):
            return _returns.annotated(self.task.function)
        return _returns.inferred(self.task.function)

    def _result_defaults(self) -> list[Any] | None:
        """What an ignored failure leaves in the results; None if nothing is said."""
        defaults = defaults_of(self.definition)
        if not self.definition.ignores_failures or "returns" not in defaults:
            return None
        values = defaults["returns"]
        return list(values) if self.count > 1 and isinstance(values, (list, tuple)) and len(values) == self.count else [values] * max(0, self.count)

    def _kinds_of_results(self) -> list[type | None] | None:
        """The classes of the results, if some have methods that are tasks."""
        returns = self.definition.returns
        kinds = list(returns) if isinstance(returns, (list, tuple)) else [returns]
        found = [each if isinstance(each, type) and _has_tasks(each) else None for each in kinds]
        return found if any(found) and len(found) == self.count else None

    def _simple_arity(self) -> int:
        """With how many positional arguments at most, and nothing else, a call can take the short way; -1: none can."""
        signature = self.signature
        plain = not self._special and self._defaults is None and not self._dynamic and 0 <= self.count <= MOST_PLAIN
        if not plain or signature.varargs is not None or any(name in signature.required for name in signature.keyword_only):
            return -1
        return len(signature.positional)

    # Calls -------------------------------------------------------------------------------------------------------------------

    def call(self, args: tuple, kwargs: dict[str, Any]) -> Any:
        """Calls the task and returns the futures of its results: one, a list of several, or None."""
        if not kwargs and self._least <= len(args) <= self.simple:
            data = self._call_simply(args)
            if data is not None:
                return Future(self.session, data[0], self.name) if self.count == 1 and self._kinds is None else self._futures(data)
        return self._futures(_Call(self, args, kwargs).submit())

    def _call_simply(self, args: tuple) -> list[int] | None:
        """The results' data if the arguments are scalars, futures and small objects, else None."""
        futures = None
        for index, value in enumerate(args):
            kind = type(value)
            if kind in SCALARS:
                continue
            if kind is not Future or value._session is not self.session:
                return self._call_with_objects(args)
            if futures is None:
                futures = [index]
            else:
                futures.append(index)
        if futures is None:
            spec = self._prefix + pickle.dumps(args, 5)
            accesses: Any = ()
        else:
            accesses = [(args[index]._datum, 0) for index in futures]
            values = [None if type(value) is Future else value for value in args]
            spec = _READS + pickle.dumps((self.count, values, futures), 5)
        if len(spec) > INLINE_LIMIT:
            return None
        return self.session.submit(self._template, accesses, self.count, spec, _groups.innermost)

    def _call_with_objects(self, args: tuple) -> list[int] | None:
        """The results' data if the arguments are small, of importable types, and no task changes an object now, else None."""
        session = self.session
        if session.tracks_any() or reducers() is not None:
            return None
        for value in args:
            if type(value) in self.large or _bytes_of(value) > INLINE_LIMIT:
                return None
        reads = _Reads(session)
        collecting.collector = reads.collect
        try:
            pickled = pickle.dumps(args, 5)
        except Exception:  # whatever a type of the user's raises: the long way finds out where
            return None
        finally:
            collecting.collector = None
        if len(pickled) > INLINE_LIMIT or _MAIN in pickled:
            return None
        spec = _OBJECTS + self._prefix + pickled if reads.accesses else self._prefix + pickled
        return session.submit(self._template, reads.accesses, self.count, spec, _groups.innermost)

    def _futures(self, data: list[int]) -> Any:
        session = self.session
        futures = [Future(session, datum, self.name) for datum in data]
        if self._kinds is not None:
            for future, kind in zip(futures, self._kinds):
                future._kind = kind
        return futures if len(futures) > 1 else futures[0] if futures else None

    def results_of(self, bound: Bound) -> int:
        """The number of results of a call."""
        if self.count >= 0:
            return self.count
        variables = getattr(self.task.function, "__globals__", {})
        named = {**self.signature.defaults, **bound.named}
        named = {name: value.result() if name == self._returns and type(value) is Future else value for name, value in named.items()}
        return _returns.named(self.name, self._returns, named, variables)

    # Templates ---------------------------------------------------------------------------------------------------------------

    def template_for(self, bound: Bound) -> int:
        """The template of a call."""
        return self._template if self._template is not None else self.template(bound.named)

    def template(self, arguments: dict[str, Any]) -> int:
        """The template for these arguments. Raises ``UsageError`` if no node could ever run it."""
        variants = [self.task, *self.task.implementations()]
        needs = [self._needs(each, arguments) for each in variants]
        key = tuple(each.key() for each in needs)
        known = self._templates.get(key)
        if known is None:
            for each, need in zip(variants, needs):
                self._check_ranks(each, need)
            implementations = [
                {"kind": "python", "function": self._function(each), **need.description()} for each, need in zip(variants, needs)
            ]
            known = self._templates[key] = self.session.template({
                "name": self.name, "implementations": implementations, "timeout": needs[0].timeout, **treatment(self.name, self.definition)
            })  # fmt: skip
        return known

    def _needs(self, task: TaskFunction, arguments: dict[str, Any]) -> Needs:
        return Needs(task.__qualname__, task.definition, lookup_of(task.function, self.signature, arguments))

    def _check_ranks(self, task: TaskFunction, needs: Needs) -> None:
        execution = task.definition.execution
        if isinstance(execution, MpiProgram):
            raise UsageError(f"{task.__qualname__} is an @{execution.extent.decorator} program, which cannot implement another task or be implemented by one")
        if isinstance(execution, MpiFunction):
            execution.check(task.__qualname__, self.signature)
            execution.check_results(task.__qualname__, max(0, self.count), sum(needs.rank_counts))

    def _function(self, task: TaskFunction) -> int:
        known = self._functions.get(task)
        if known is None:
            body = function_body(task)
            known = self._functions[task] = self.session.function(body, task.__qualname__, modules_of(task.function))
        return known


def function_body(task: TaskFunction) -> bytes:
    """What executors make the function from.

    Raises ``UsageError`` naming the variable that the function refers to and that cannot be pickled.
    """
    definition = task.definition
    source = reference_of(task.function) or task.function
    defaults = dict(defaults_of(definition)) if definition.ignores_failures else {}
    in_executor = defaults if defaults.keys() - {"returns"} else None
    spreads = definition.computing_nodes is not None
    body = (source, task.__qualname__, runner_of(definition), in_executor, spreads, *registered())
    try:
        return _objects.dumps(body)
    except _objects.Unpicklable:
        pass
    try:
        _objects.dumps(source)
    except _objects.Unpicklable as error:
        raise UsageError(f"task {task.__qualname__} cannot be sent to the nodes: {error.of('it')}") from None
    try:
        return _objects.dumps(body)
    except _objects.Unpicklable as error:
        raise UsageError(f"the defaults of task {task.__qualname__} cannot be sent to the nodes: {error}") from None


def assembled(made: Any) -> None:
    """The task that makes an object with futures in it one with their values: that is done when it has its argument."""


@functools.lru_cache(maxsize=1)
def _assembling() -> TaskFunction:
    from ._tasks import TaskFunction

    return TaskFunction(assembled, Definition(parameters={"made": OUT}, returns=0, returns_given=True))


def file_datum(session: Session, task: str, name: str, parameter: Parameter, path: str) -> int:
    """The datum of a path that is passed to a task. Raises ``UsageError`` if the task is to read what is not there."""
    if parameter.mode is not _OUT and session.known_file(path) is None and not exists(path):
        what = "folder" if parameter.kind is Kind.DIRECTORY else "file"
        raise UsageError(f"argument {name} of {task} is the {what} {path!r}, which does not exist (seen from {getcwd()}) and which no task writes")
    return session.file(path, parameter.kind is Kind.DIRECTORY)


class _Reads:
    """The data of the futures in the arguments of a call that only reads, each once."""

    __slots__ = ("accesses", "_session", "_known")

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[int, int] = {}
        self.accesses: list[tuple[int, int]] = []

    def collect(self, future: Future) -> tuple:
        """What pickle writes for a future."""
        if future._session is not self._session:
            raise UsageError("a future of a run that has ended")
        index = self._known.setdefault(future._datum, len(self.accesses))
        if index == len(self.accesses):
            self.accesses.append((future._datum, 0))
        return load_access, (index,)


class _Access:
    """In the arguments of a call, the place of an access's content."""

    __slots__ = ("index",)

    def __init__(self, index: int) -> None:
        self.index = index

    def __reduce__(self) -> tuple:
        return load_access, (self.index,)


class _PathAccess(_Access):
    __slots__ = ()

    def __reduce__(self) -> tuple:
        return path_access, (self.index,)


class _Output(_Access):
    """The place of an object that the task makes, which begins as the program's."""

    __slots__ = ("initial",)

    def __init__(self, index: int, initial: Any) -> None:
        super().__init__(index)
        self.initial = initial

    def __reduce__(self) -> tuple:
        return output_access, (self.index, self.initial)


class _WrittenStream:
    """In the arguments of a call, a stream that the task writes."""

    __slots__ = ("stream",)

    def __init__(self, stream: Any) -> None:
        self.stream = stream

    def __reduce__(self) -> tuple:
        return written_stream, (self.stream,)


class _Call:
    """One call on the long way: any parameters, any arguments."""

    def __init__(self, plan: Plan, args: tuple, kwargs: dict[str, Any]) -> None:
        self.plan = plan
        self.session = plan.session
        special = plan._special
        self.bound = plan.signature.bind(args, kwargs, special)
        self.data: list[int] = []
        self.modes: list[int] = []
        self.paths: list[Any] = []
        self.names: list[str] = []
        self._known: dict[int, int] = {}
        self._inline: list[tuple[Any, str]] = []
        self._initial: set[int] = set()
        self._taken_out: set[int] = set()
        self._created: list[tuple[Any, Any, int]] = []

    def submit(self) -> list[int]:
        """Calls the task and returns the data of its results."""
        plan = self.plan
        results = plan.results_of(self.bound)
        template = plan.template_for(self.bound)
        spec = self._spec(results)
        accesses = list(zip(self.data, self.modes))
        if plan._defaults:
            # What the engine leaves when it ignores a failure is the content that was there before.
            data = [self.session.put(value, f"the default of {plan.name}") for value in plan._defaults]
            self.session.submit(template, [*accesses, *((datum, _INOUT) for datum in data)], 0, spec, _groups.innermost)
        else:
            data = self.session.submit(template, accesses, results, spec, _groups.innermost)
        for container, key, datum in self._created:
            container[key] = Future(self.session, datum, plan.name)
        return data

    # Arguments -----------------------------------------------------------------------------------------------------------------

    def _arguments(self) -> tuple[list[Any], dict[str, Any]]:
        plan, bound = self.plan, self.bound
        special, varargs = plan._special, plan.definition.varargs
        args, keywords = plan.signature.unbind(bound)
        count = len(args) - len(bound.varargs)
        placed: list[Any] = []
        for position, value in enumerate(args):
            name = plan.signature.positional[position] if position < count else f"{plan.signature.varargs}[{position - count}]"
            parameter = special.get(name) if position < count else varargs
            placed.append(self._argument(name, parameter, value, (position,)))
        return placed, {name: self._argument(name, special.get(name), value, (name,)) for name, value in keywords.items()}

    def _argument(self, name: str, parameter: Parameter | None, value: Any, path: tuple) -> Any:
        if parameter is None or (parameter.kind is Kind.OBJECT and parameter.mode is _IN):
            return self._read(name, value)
        kind = parameter.kind
        if kind is Kind.OBJECT:
            return self._object(name, parameter.mode, value, path)
        if kind is Kind.STREAM:
            return self._stream(name, parameter.mode, value)
        if kind is Kind.FILE or kind is Kind.DIRECTORY:
            return self._file(name, parameter, value)
        if kind is Kind.COLLECTION_FILE:
            return self._files(name, parameter, value)
        return self._collection(name, parameter.mode, value, path, parameter.depth)

    def _read(self, name: str, value: Any) -> Any:
        """An object that the task only reads."""
        kind = type(value)
        if kind in SCALARS and not (kind is str and len(value) > INLINE_LIMIT):
            return value
        datum = self._datum_of(value)
        if datum is not None:
            return _Access(self._access(datum, _IN))
        if _bytes_of(value) > INLINE_LIMIT or id(value) in self._taken_out or (kind in self.plan.large and self._is_large(value)):
            return _Access(self._access(self._sent(name, value), _IN))
        self._inline.append((value, name))
        return value

    def _stream(self, name: str, mode: AccessMode, stream: Any) -> Any:
        """A stream, which is no datum: whoever reads it does not wait for those who write it."""
        self._inline.append((stream, name))
        if mode is _IN:
            return stream
        stream.add_writer()
        return _WrittenStream(stream)

    def _datum_of(self, value: Any) -> int | None:
        if type(value) is Future:
            if value._session is not self.session:
                raise UsageError(f"an argument of {self.plan.name} is a future that was deleted, or of a run that has ended")
            return value._datum
        return self.session.is_tracked(value)

    def _is_large(self, value: Any) -> bool:
        collector = collecting.collector
        try:
            collecting.collector = None
            return _objects.pack(value).size > INLINE_LIMIT
        except UsageError:  # futures inside, or nothing that can be pickled: the long way says
            return False
        finally:
            collecting.collector = collector

    def _sent(self, name: str, value: Any, writes: bool = False) -> int:
        try:
            return self.session.argument(value, writes, f"argument {name} of {self.plan.name}")
        except FutureInside:
            if not writes:
                raise
        _assembling()(value)
        return self.session.output(value)

    def _access(self, datum: int, mode: AccessMode, path: Any = None, name: str = "") -> int:
        """The number of the access; one datum is accessed once."""
        known = self._known.get(datum)
        if known is None:
            known = self._known[datum] = len(self.data)
            self.data.append(datum)
            self.modes.append(mode)
            self.paths.append(path)
            self.names.append(name)
        elif self.modes[known] != mode:
            if self.modes[known] not in _WRITING and mode in _WRITING:
                self.paths[known], self.names[known] = path, name
            self.modes[known] = _both(AccessMode(self.modes[known]), mode)
        return known

    def _object(self, name: str, mode: AccessMode, value: Any, path: tuple, container: Any = None, element: Any = None) -> Any:
        """An object that the task changes, makes or takes; in a collection of the program's if ``container`` is one."""
        if not mode.writes:
            datum = self._datum_of(value)
            return _Access(self._access(datum, mode)) if datum is not None else self._read(name, value)
        if type(value) is Future:
            return self._changed(self._datum_of(value), _INOUT if mode is _OUT else mode, path, name)
        if type(value) in _FIXED:
            return self._replaced(name, mode, value, path, container, element)
        blank = mode is _OUT and _is_plain_array(value)
        if mode is not _OUT or (not blank and self._is_large(value)):
            return self._changed(self._sent(name, value, True), _INOUT if mode is _OUT else mode, path, name)
        index = self._access(self.session.output(value), mode, path, name)
        if self.modes[index] != _OUT:
            return _Access(index)
        self._inline.append((value, name))
        self._initial.add(id(value))
        return _Output(index, _Blank(value) if blank else value)

    def _changed(self, datum: Any, mode: AccessMode, path: tuple, name: str) -> _Access:
        return _Access(self._access(datum, mode, path, name))

    def _replaced(self, name: str, mode: AccessMode, value: Any, path: tuple, container: Any, element: Any) -> Any:
        """A value that cannot be changed: in a list or dictionary of the program's the task's new one takes its place, as a future."""
        if not isinstance(container, (list, dict)):
            return value
        datum = self.session.new() if mode is _OUT else self.session.put(value, f"argument {name} of {self.plan.name}")
        self._created.append((container, element, datum))
        index = self._access(datum, mode, path, name)
        return _Output(index, value) if mode is _OUT else _Access(index)

    def _file(self, name: str, parameter: Parameter, value: Any) -> Any:
        if value is None:
            return None
        if type(value) is Future:
            raise UsageError(
                f"argument {name} of {self.plan.name} is a {parameter.kind.value}, so it must be a path; it is a future (the result of "
                f"{value._what}): wait for it with compss_wait_on first"
            )
        if not isinstance(value, (str, PathLike)):
            raise UsageError(f"argument {name} of {self.plan.name} is a {parameter.kind.value}, so it must be a path; it is a {type(value).__name__}")
        datum = file_datum(self.session, self.plan.name, name, parameter, fspath(value))
        index = self._access(datum, parameter.mode, -1 - len(self.data), name)
        return _Access(index) if type(value) is str else _PathAccess(index)

    def _files(self, name: str, parameter: Parameter, value: Any) -> Any:
        if isinstance(value, (list, tuple)):
            found = [self._files(f"{name}[{index}]", parameter, each) for index, each in enumerate(value)]
            return tuple(found) if type(value) is tuple else found
        if isinstance(value, dict):
            return {key: self._files(f"{name}[{key!r}]", parameter, each) for key, each in value.items()}
        return self._file(name, parameter, value)

    def _collection(self, name: str, mode: AccessMode, value: Any, path: tuple, depth: int) -> Any:
        """The collection with accesses in the places of its elements."""
        elements: Iterable[tuple[Any, Any]]
        made: Any
        if type(value) is Future or self.session.is_tracked(value) is not None:
            return self._object(name, mode, value, path)
        if isinstance(value, dict):
            made, elements = {} if type(value) is dict else value.copy(), value.items()
        elif isinstance(value, (list, tuple)):
            made, elements = [None] * len(value), enumerate(value)
        elif type(value) in _FIXED:
            kind = type(value).__name__
            raise UsageError(f"argument {name} of {self.plan.name} is a collection, so it must be a list or a dictionary; it is a {kind}")
        else:
            return self._object(name, mode, value, path)
        for step, element in elements:
            where = f"{name}[{step!r}]"
            if depth > 1 and isinstance(element, (list, tuple, dict)):
                made[step] = self._collection(where, mode, element, (*path, step), depth - 1)
            elif mode is _IN:
                made[step] = self._read(where, element)
            else:
                made[step] = self._object(where, mode, element, (*path, step), value, step)
        return tuple(made) if type(value) is tuple else made

    # The spec ------------------------------------------------------------------------------------------------------------------

    def _spec(self, results: int) -> bytes:
        spec = self._pickled(results, *self._arguments())
        if len(spec) <= INLINE_LIMIT:
            return spec
        self._taken_out = {id(value) for value, _ in self._inline if type(value) not in SCALARS and self._is_large(value)}
        if not self._taken_out:
            return spec
        self.plan.large.update(type(value) for value, _ in self._inline if id(value) in self._taken_out)
        self._start_again()
        return self._pickled(results, *self._arguments())

    def _start_again(self) -> None:
        for _, _, datum in self._created:
            self.session.close(datum)
        for each in (self.data, self.modes, self.paths, self.names, self._known, self._inline, self._created):
            each.clear()

    def _pickled(self, results: int, args: list[Any], kwargs: dict[str, Any]) -> bytes:
        if not self._inline and not self.data and not kwargs and results <= MOST_PLAIN:
            return bytes((results,)) + pickle.dumps(tuple(args), 5)
        writing = [index for index, mode in enumerate(self.modes) if mode in _WRITING]
        paths = [self.paths[index] for index in writing]
        names = [self.names[index].partition("[")[0] for index in writing] if writing and self.plan.definition.ignores_failures else None
        call = (results, args, kwargs, paths, names)
        collecting.collector = self._collect
        try:
            if self._inline and self.session.tracks_any():
                return _ALIASED + _objects.dumps(call, None, self._alias)
            return _GENERAL + _objects.dumps(call)
        except _objects.Unpicklable as error:
            raise self._explained(error) from None
        finally:
            collecting.collector = None

    def _collect(self, future: Future) -> tuple:
        """What pickle writes for a future that is somewhere in an argument."""
        return load_access, (self._access(self._datum_of(future), _IN),)

    def _alias(self, obj: Any) -> int | None:
        """The access of an object somewhere in an argument that tasks change."""
        datum = self.session.is_tracked(obj)
        return None if datum is None or id(obj) in self._initial else self._access(datum, _IN)

    def _explained(self, error: _objects.Unpicklable) -> UsageError:
        for value, name in self._inline:
            try:
                _objects.dumps(value)
            except _objects.Unpicklable as found:
                return UsageError(found.of(f"argument {name} of {self.plan.name}: it"))
        return UsageError(f"the arguments of {self.plan.name} cannot be sent: {error}")


def _has_tasks(kind: type) -> bool:
    return any(hasattr(value, "task_of") for each in kind.__mro__ for value in vars(each).values())


def _both(first: AccessMode, second: AccessMode) -> AccessMode:
    """What a task does that accesses one datum in two ways."""
    if not first.writes and not second.writes:
        return AccessMode.IN_DELETE
    if first.writes and second.writes:
        return _INOUT
    writing = first if first.writes else second
    return _INOUT if writing is _OUT else writing


def _bytes_of(value: Any) -> int:
    """The bytes of an object that tells them at once, else 0."""
    if isinstance(value, (bytes, bytearray, str)):
        return len(value)
    if not hasattr(type(value), "nbytes"):  # an instance might make up any attribute
        return 0
    size = value.nbytes
    return size if type(size) is int else 0


class _Blank:
    """A new numpy array of a shape and type, in place of one whose content will be overwritten."""

    __slots__ = ("array",)

    def __init__(self, array: Any) -> None:
        self.array = array

    def __reduce__(self) -> tuple:
        import numpy

        return numpy.zeros, (self.array.shape, self.array.dtype, "F" if self.array.flags.fnc else "C")


def _is_plain_array(value: Any) -> bool:
    return type(value).__module__ == "numpy" and type(value).__name__ == "ndarray" and not value.dtype.hasobject
