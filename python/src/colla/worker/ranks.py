"""A call of a function on all ranks of an MPI job: rank 0 has the arguments and passes them on, and gathers what the ranks have made.

Objects travel as one pickle and its large buffers, which MPI sends from where they are and which are not copied again.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Union

from .. import _objects, _trace
from .._errors import UsageError
from .._signature import Signature

if TYPE_CHECKING:
    from .._definition import Definition
    from .._mpi import MpiFunction

__all__ = ["Team", "join", "team"]

_AT_ONCE = 1 << 30
"""Bytes of one message: MPI counts in an int."""

_PARTS, _BUFFERS = 1, 2
"""Tags of messages."""

Place = Union[int, str]
"""Where an argument is: its position, or its name."""


class _Share(NamedTuple):
    """How one argument is divided: the elements of each rank; with ``single``, each gets at most one, and that by itself.

    ``writes`` says that the function changes the elements.
    """

    indices: "list[list[int]]"
    single: bool
    writes: bool

    def of(self, rank: int, whole: Any) -> Any:
        """What the rank gets."""
        mine = self.indices[rank]
        if self.single and mine:
            return whole[mine[0]]
        return whole[_selection(mine)] if _is_array(whole) else [whole[index] for index in mine]

    def put_back(self, whole: Any, parts: "Sequence[Any]") -> Any:
        """The argument with the elements as the ranks have left them; one that several ranks had, as the lowest of them."""
        changed = list(whole) if isinstance(whole, tuple) else whole
        for rank in reversed(range(len(parts))):
            mine = self.indices[rank]
            if self.single:
                for index in mine:
                    changed[index] = parts[rank]
                continue
            self._check(parts[rank], len(mine), rank)
            if _is_array(changed):
                changed[_selection(mine)] = parts[rank]
                continue
            for number, index in enumerate(mine):
                changed[index] = parts[rank][number]
        return tuple(changed) if isinstance(whole, tuple) else changed

    @staticmethod
    def _check(part: Any, count: int, rank: int) -> None:
        if len(part) != count:
            raise UsageError(f"rank {rank} has made its part of a collection {len(part)} elements long, where it was given {count}")


def _is_array(value: Any) -> bool:
    return hasattr(value, "dtype")


def _selection(indices: "list[int]") -> "slice | list[int]":
    """These places of an array; as a slice, which copies nothing, if they follow each other."""
    if not indices:
        return slice(0, 0)
    first, last = indices[0], indices[-1]
    return slice(first, last + 1) if last - first + 1 == len(indices) and indices == list(range(first, last + 1)) else indices


class _Call(NamedTuple):
    """What all ranks are told: the arguments with None for those that are divided, which of these are written, and whether results are gathered."""

    args: "list[Any]"
    kwargs: "dict[str, Any]"
    written: "list[Place]"
    gathers: bool


class Team:
    """The ranks of this job, as one of them sees it."""

    def __init__(self, mpi: Any) -> None:
        self._mpi = mpi
        # Of our own: what the function sends does not meet what we send.
        self._comm = mpi.COMM_WORLD.Dup()
        self.rank: int = self._comm.rank
        self.size: int = self._comm.size

    def share(self, value: Any) -> Any:
        """Tells all ranks what rank 0 gives; returns it."""
        return self._comm.bcast(value, root=0)

    def lead(
        self, execution: MpiFunction, definition: Definition, function: Callable, args: Sequence[Any], kwargs: "dict[str, Any]", results: int
    ) -> "tuple[Any, list[Any], dict[str, Any]]":
        """On rank 0: the call on all ranks. Returns its result, and the arguments as they are then.

        The result is that of rank 0, or the list of all when ``results`` is the number of ranks. Raises what the function raises here.
        """
        execution.check_results(_name(function), results, self.size)
        args = list(args)
        arguments: "dict[Place, Any]" = {**dict(enumerate(args)), **kwargs}
        shares = self._shares(execution, definition, function, args, kwargs)
        call = _Call(
            [None if place in shares else value for place, value in enumerate(args)],
            {name: None if name in shares else value for name, value in kwargs.items()},
            [place for place, share in shares.items() if share.writes],
            1 < self.size == results,
        )
        self._tell(call)
        for rank in range(1, self.size):
            self._send({place: share.of(rank, arguments[place]) for place, share in shares.items()}, rank)
        parts = {place: share.of(0, arguments[place]) for place, share in shares.items()}
        # Not what was sent, but what the call was given, which the function may change.
        own = call._replace(args=args, kwargs=kwargs)
        gathered = self._run(function, own, parts)
        for place in call.written:
            whole = shares[place].put_back(arguments[place], [each.parts[place] for each in gathered])
            (args if isinstance(place, int) else kwargs)[place] = whole  # type: ignore[call-overload]
        results_of_all = [each.result for each in gathered]
        return results_of_all if call.gathers else results_of_all[0], args, kwargs

    def follow(self, function: Callable) -> None:
        """On the other ranks: their part of a call that rank 0 leads. Raises what the function raises here."""
        call = self._told()
        self._run(function, call, self._receive(0))

    def _shares(
        self, execution: MpiFunction, definition: Definition, function: Callable, args: Sequence[Any], kwargs: "dict[str, Any]"
    ) -> "dict[Place, _Share]":
        if not execution.layouts:
            return {}
        signature = Signature(function)
        bound = signature.bind(tuple(args), kwargs)
        found: "dict[Place, _Share]" = {}
        for name, layout in execution.layouts_of(function, bound, signature).items():
            whole = bound.named[name]
            if not hasattr(whole, "__getitem__") or not hasattr(whole, "__len__") or isinstance(whole, (str, bytes, dict)):
                kind = type(whole).__name__
                raise UsageError(f"argument {name} of {_name(function)} has a layout, so it must be a list, tuple or array; it is a {kind}")
            all_of = [layout.indices(rank, self.size) for rank in range(self.size)]
            there = [[index for index in indices if index < len(whole)] for indices in all_of]
            place: Place = name
            if name not in kwargs:
                place = signature.positional.index(name)
                if place >= len(args):
                    kwargs[name] = whole  # a default
                    place = name
            single = max(map(len, all_of)) == 1
            found[place] = _Share(there, single, definition.parameter(name).writes)
        return found

    def _run(self, function: Callable, call: _Call, parts: "dict[Place, Any]") -> "list[_Made]":
        args = [parts.get(place, value) for place, value in enumerate(call.args)]
        with _trace.user_code():
            result = function(*args, **{name: parts.get(name, value) for name, value in call.kwargs.items()})
        made = _Made(result if call.gathers or self.rank == 0 else None, {place: parts[place] for place in call.written})
        return self._gather(made) if call.gathers or call.written else [made]

    # Objects on their way ------------------------------------------------------------------------------------------------------

    def _tell(self, obj: Any) -> None:
        packed = _objects.pack(obj)
        self._comm.bcast((packed.pickle, [buffer.nbytes for buffer in packed.buffers]), root=0)
        for piece in _pieces(packed.buffers):
            self._comm.Bcast([piece, self._mpi.BYTE], root=0)

    def _told(self) -> Any:
        pickled, sizes = self._comm.bcast(None, root=0)
        buffers = [bytearray(size) for size in sizes]
        for piece in _pieces(buffers):
            self._comm.Bcast([piece, self._mpi.BYTE], root=0)
        return pickle.loads(pickled, buffers=buffers)

    def _send(self, obj: Any, rank: int) -> None:
        packed = _objects.pack(obj)
        self._comm.send((packed.pickle, [buffer.nbytes for buffer in packed.buffers]), dest=rank, tag=_PARTS)
        for piece in _pieces(packed.buffers):
            self._comm.Send([piece, self._mpi.BYTE], dest=rank, tag=_BUFFERS)

    def _receive(self, rank: int) -> Any:
        pickled, sizes = self._comm.recv(source=rank, tag=_PARTS)
        buffers = [bytearray(size) for size in sizes]
        for piece in _pieces(buffers):
            self._comm.Recv([piece, self._mpi.BYTE], source=rank, tag=_BUFFERS)
        return pickle.loads(pickled, buffers=buffers)

    def _gather(self, made: "_Made") -> "list[_Made]":
        """What all ranks have made, on rank 0; nothing on others."""
        if self.rank != 0:
            try:
                self._send(made, 0)
            except _objects.Unpicklable as error:
                raise UsageError(error.of(f"what rank {self.rank} has made")) from None
            return []
        return [made, *(self._receive(rank) for rank in range(1, self.size))]


class _Made(NamedTuple):
    """What a rank has made: its result, and the arguments in which it has changed elements."""

    result: Any
    parts: "dict[Place, Any]"


def join(mpi: Any) -> Team:
    """Makes this process one of the job's team, by the module ``mpi4py.MPI``. All ranks do this, once."""
    global _team
    _team = Team(mpi)
    return _team


def team() -> Team:
    """The team of this process. Raises RuntimeError in one that is no rank."""
    if _team is None:
        raise RuntimeError("a function for MPI ranks is called outside of an MPI job")
    return _team


_team: "Team | None" = None


def _pieces(buffers: "Iterable[Any]") -> "Iterable[memoryview]":
    for buffer in buffers:
        view = memoryview(buffer).cast("B")
        for start in range(0, len(view), _AT_ONCE):
            yield view[start : start + _AT_ONCE]


def _name(function: Callable) -> str:
    return getattr(function, "__qualname__", repr(function))
