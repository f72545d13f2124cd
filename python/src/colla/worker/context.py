"""What a task's code is given besides its function and its call: the accesses to data, and where it runs."""

from __future__ import annotations

import struct
from typing import Any, Optional, Sequence

from .. import _objects, _wire
from .._errors import UsageError

__all__ = ["Context"]

# Flags of an access.
_IN_PLACE, _FILE = 1, 2

_WRITES = (False, True, True, True, True, False)
"""Whether a direction writes; by its number in the protocol."""

_U16 = struct.Struct("<H")
_U32 = struct.Struct("<I")

_NO_OUTPUTS, _ONE = _U16.pack(0), _U16.pack(1)

_SIZE = (0, 0, 0, 8, 8, None, None, None, None, 0)
"""Bytes behind the tag of a value; None where a length says it."""


class Context:
    """The task that an executor runs now. One object serves all tasks, one after the other; nothing of it outlives a task."""

    __slots__ = (
        "task",
        "attempt",
        "cores",
        "cpus",
        "nodes",
        "node",
        "accesses",
        "output_names",
        "_data",
        "_accesses",
        "_writing",
        "_objects",
        "_in_place",
    )

    def __init__(self, node: str) -> None:
        self.node = node
        """The name of the node on which this is."""
        self.task = 0
        """The number of the task in the run."""
        self.attempt = 0
        """Which attempt this is, from 0 or 1 on as the engine counts."""
        self.cores = 1
        self.cpus: Sequence[int] = ()
        """The cpus to which the task is bound; empty if it is not."""
        self.nodes: Sequence[str] = ()
        """The names of all its nodes, if it has been given several."""
        self.accesses = 0
        """How many data it reads or writes."""
        self.output_names: Optional[Sequence[str]] = None
        """For messages: what the user calls the outputs. Whoever runs the function sets it before it returns."""
        self._data: bytes = b""
        self._accesses: "list[tuple[int, int, int]]" = []
        self._writing: "list[int]" = []
        self._objects: "dict[int, Any]" = {}
        self._in_place: "dict[int, _objects.InPlace]" = {}

    def direction(self, index: int) -> int:
        """The direction of an access, as the protocol numbers them: 0 IN, 1 OUT, 2 INOUT, 3 CONCURRENT, 4 COMMUTATIVE, 5 IN_DELETE."""
        return self._accesses[index][0]

    def is_file(self, index: int) -> bool:
        """Whether an access is to a file or folder; :meth:`load` gives its path then."""
        return bool(self._accesses[index][1] & _FILE)

    def load(self, index: int) -> Any:
        """The object of an access, or the path of its file; the same one at each call. None if it has no content yet."""
        objects = self._objects
        if index in objects:
            return objects[index]
        _, flags, at = self._accesses[index]
        value, _ = _wire.read_value(self._data, at)
        if value is _wire.NOTHING:
            obj = None
        elif flags & _IN_PLACE and type(value) is _wire.Mapped:
            obj, file = _objects.load_in_place(value)
            if file is not None:
                self._in_place[index] = file
        else:
            obj = _objects.load(value)
        objects[index] = obj
        return obj

    def begin(self, data: bytes, at: int) -> int:
        """Takes the accesses, whose number is at this place in a TASK frame; returns the place behind them."""
        self._data = data
        self.accesses = count = data[at] | data[at + 1] << 8
        at += 2
        accesses = self._accesses
        for index in range(count):
            direction = data[at]
            at += 2
            accesses.append((direction, data[at - 1], at))
            if _WRITES[direction]:
                self._writing.append(index)
            size = _SIZE[data[at]]
            at = at + 1 + size if size is not None else _behind(data, at)
        return at

    def end(self) -> None:
        """Lets go of all objects of the task."""
        self._data = b""
        self.output_names = None
        if self._accesses:
            self._accesses.clear()
            self._writing.clear()
            self._objects.clear()
            self._in_place.clear()

    def encode_outputs(self, outputs: Sequence[Any], folders: _objects.Folders) -> bytes:
        """Number and values of what the task has made: ``outputs`` are those of the accesses that write, in order; None for files.

        Raises UsageError for one that cannot be pickled; no file is left then.
        """
        writing = self._writing
        if len(writing) != len(outputs):
            raise RuntimeError(f"{len(outputs)} outputs for the {len(writing)} that the task makes")
        if not writing:
            return _NO_OUTPUTS
        if len(writing) == 1 and not self._accesses[writing[0]][1] & _FILE:
            value = _wire.scalar(outputs[0])
            if value is not None:
                return _ONE + value
        parts = [_U16.pack(len(writing))]
        try:
            for index, obj in zip(writing, outputs):
                parts.append(self._encode(index, obj, folders))
        except BaseException as error:
            _delete_files(parts[1:], self._in_place)
            if isinstance(error, _objects.Unpicklable):
                raise UsageError(error.of(self._name_of(len(parts) - 1, len(writing)))) from None
            raise
        return b"".join(parts)

    def _encode(self, index: int, obj: Any, folders: _objects.Folders) -> bytes:
        if self._accesses[index][1] & _FILE:
            return _wire.NOTHING_BYTES
        file = self._in_place.get(index)
        if file is not None and obj is self._objects.get(index):
            value = _objects.store_in_place(obj, file)
            if value is not None:
                return value
        return _objects.encode(obj, folders)

    def _name_of(self, output: int, count: int) -> str:
        names = self.output_names
        if names is not None and output < len(names):
            return names[output]
        return "the task's result" if count == 1 else f"the task's output {output + 1}"


def _behind(data: bytes, at: int) -> int:
    """The place behind the value that begins here and says its own length."""
    behind = at + 5 + _U32.unpack_from(data, at + 1)[0]
    return behind + 8 if data[at] == _wire.MAPPED else behind


def _delete_files(values: "list[bytes]", in_place: "dict[int, _objects.InPlace]") -> None:
    import contextlib
    import os

    kept = {file.path for file in in_place.values()}
    for encoded in values:
        value, _ = _wire.read_value(encoded, 0)
        if isinstance(value, _wire.Mapped) and value.path not in kept:
            with contextlib.suppress(OSError):
                os.unlink(value.path)
