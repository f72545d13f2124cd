"""Objects on their way between processes: packed, in frames or in files, and unpacked again.

The formats are in docs/python-protocol.md. Large buffers (of numpy arrays, say) are written once, from where they are, and mapped
where they are read. All functions may be called from any thread.
"""

from __future__ import annotations

import errno
import itertools
import os
import pickle
import struct
from io import BytesIO
from typing import Any, Callable, Iterator, Optional, Sequence, Union

from . import _mapping
from ._byvalue import BufferCallback, dumps_by_value, forget_classes
from ._errors import CollaError
from ._serializers import reducers, register_serializer
from ._unpicklable import Unpicklable, explain
from ._wire import INLINE_LIMIT, File, Inline, Mapped, inline, mapped, scalar

__all__ = [
    "Folders",
    "InPlace",
    "Packed",
    "Unpicklable",
    "dumps",
    "encode",
    "encode_packed",
    "forget_classes",
    "load",
    "load_in_place",
    "pack",
    "register_serializer",
    "store_in_place",
    "unpack",
    "unpack_header",
]

MAGIC = 0x314F5043
ALIGNMENT = 64
PROTOCOL = 5

_LEAST_BUFFER = 1024
"""A smaller buffer stays in the pickle: its place of its own would cost more than its copy."""

_MOST_PARTS = 1024
"""So many pieces the kernel takes in one call."""

_HEAD = struct.Struct("<IIQ")
_MAIN = b"__main__"

Buffer = Union[bytes, bytearray, memoryview]


class Packed:
    """An object as its pickle and the buffers that the pickle leaves out.

    The buffers are the object's own memory: write them before the object changes. ``size`` is that of the whole in bytes.
    """

    __slots__ = ("pickle", "buffers", "size")

    def __init__(self, pickled: bytes, buffers: Sequence[memoryview]) -> None:
        self.pickle = pickled
        self.buffers = buffers
        size = _HEAD.size + 8 * len(buffers) + len(pickled)
        for buffer in buffers:
            size = _aligned(size) + buffer.nbytes
        self.size = size

    def parts(self) -> Iterator[Buffer]:
        """The packed object, piece by piece."""
        count = len(self.buffers)
        yield _HEAD.pack(MAGIC, count, len(self.pickle)) + struct.pack(f"<{count}Q", *(b.nbytes for b in self.buffers))
        yield self.pickle
        at = _HEAD.size + 8 * count + len(self.pickle)
        for buffer in self.buffers:
            start = _aligned(at)
            if start > at:
                yield bytes(start - at)
            yield buffer
            at = start + buffer.nbytes

    def to_bytes(self) -> bytes:
        """The packed object in one piece."""
        if not self.buffers:
            return _HEAD.pack(MAGIC, 0, len(self.pickle)) + self.pickle
        return b"".join(self.parts())


class Folders:
    """Where files of packed objects are made: in shared memory, and on disk when that is full.

    Files are called after the process that makes them and counted: ``PID-N``. Make one for each process, after a fork.
    """

    inline_limit = INLINE_LIMIT
    """Bytes of a packed object up to which no file is made."""

    def __init__(self, shm: str, disk: str) -> None:
        self.shm = shm
        self.disk = disk
        self._pid = os.getpid()
        self._numbers = itertools.count(1)

    def capacity(self) -> int:
        """Bytes that all files in shared memory may have together."""
        space = os.statvfs(self.shm)
        return space.f_blocks * space.f_frsize

    def write(self, packed: Packed) -> str:
        """Writes a packed object to a new file and returns its path; nothing is left of it after a failure.

        Raises OSError with a sentence if there is no space in either folder.
        """
        name = f"{self._pid}-{next(self._numbers)}"
        try:
            return _write_file(os.path.join(self.shm, name), packed)
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.ENOMEM, errno.EFBIG):
                raise
        try:
            return _write_file(os.path.join(self.disk, name), packed)
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
                raise
            text = f"no space left for an object of {_bytes(packed.size)}, neither in {self.shm} nor in {self.disk}"
            raise OSError(error.errno, text) from None


class InPlace:
    """An object's file that is mapped to be changed where it is; see :func:`load_in_place`."""

    __slots__ = ("path", "size", "memory", "pickle", "starts", "lengths")

    def __init__(self, path: str, size: int, memory: Any) -> None:
        self.path = path
        self.size = size
        self.memory = memory
        self.pickle, buffers = unpack_header(memoryview(memory))
        base = _mapping.address_of(memory) if buffers else 0
        self.starts = [base + start for start, _ in buffers]
        self.lengths = [length for _, length in buffers]


def dumps(obj: Any, buffer_callback: BufferCallback = None, persistent_id: Optional[Callable[[Any], Any]] = None) -> bytes:
    """The pickle of an object, in which what ``__main__`` defines is contained.

    With ``persistent_id``, see there in pickle's documentation.

    Raises :class:`Unpicklable`, which says what in the object cannot be pickled. An exception that is not an error of pickling but
    one of Colla's own (a future in the wrong place) passes through.
    """
    return _dumps(obj, buffer_callback, [], persistent_id)


def pack(obj: Any) -> Packed:
    """An object as its pickle and the large buffers in it, which are not copied. Raises :class:`Unpicklable`."""
    buffers: list[memoryview] = []

    def take(buffer: pickle.PickleBuffer) -> bool:
        view = buffer.raw()
        if view.nbytes < _LEAST_BUFFER:
            return True
        buffers.append(view)
        return False

    return Packed(_dumps(obj, take, buffers), buffers)


def encode(obj: Any, folders: Folders) -> bytes:
    """The encoded value of any object: as itself, inline if it is small, else in a new file. Raises as :func:`pack`."""
    return scalar(obj) or encode_packed(pack(obj), folders)


def encode_packed(packed: Packed, folders: Folders) -> bytes:
    """The encoded value of a packed object: inline if it is small, else in a new file."""
    if packed.size <= folders.inline_limit:
        return inline(packed.to_bytes())
    return mapped(folders.write(packed), packed.size)


def load(value: Any) -> Any:
    """The object of a value as ``_wire.read_value`` gives it; changing it changes nothing for others.

    Large files are mapped, and stay so as long as the object lives, deleted or not. A user's file is its path.
    """
    kind = type(value)
    if kind is Inline:
        return unpack(value.data)
    if kind is Mapped:
        memory = _mapping.map_private(value.path, value.size)
        pickled, buffers = unpack_header(memoryview(memory))
        view = memoryview(memory)
        return pickle.loads(pickled, buffers=[view[start : start + length] for start, length in buffers])
    if kind is File:
        return value.path
    return value


def load_in_place(value: Mapped) -> "tuple[Any, Optional[InPlace]]":
    """The object in a file that may be changed where it is, and what :func:`store_in_place` needs.

    If somebody still looks at the file, or nothing in it could be changed in place, the object is an ordinary copy and there is no
    second result.
    """
    if not _mapping.is_ours_alone(value.path):
        return load(value), None
    file = InPlace(value.path, value.size, _mapping.map_in_place(value.path, value.size))
    view = memoryview(file.memory)
    buffers = [view[start : start + length] for start, length in unpack_header(view)[1]]
    if not buffers:
        return pickle.loads(file.pickle), None
    obj = pickle.loads(file.pickle, buffers=buffers)
    file.pickle = bytes(file.pickle)
    return obj, file


def store_in_place(obj: Any, file: InPlace) -> Optional[bytes]:
    """The encoded value of an object that was loaded in place, if its buffers still are those of the file, else None.

    The file has its new content then. A pickle that changed is written again where it still fits.
    """
    packed = pack(obj)
    if [buffer.nbytes for buffer in packed.buffers] != file.lengths:
        return None
    for buffer, start in zip(packed.buffers, file.starts):
        if buffer.readonly or _mapping.address_of(buffer) != start:
            return None
    if packed.pickle != file.pickle:
        if packed.size != file.size:
            return None
        head = _HEAD.size + 8 * len(packed.buffers)
        if _aligned(head + len(packed.pickle)) != _aligned(head + len(file.pickle)):
            return None
        beginning = b"".join(itertools.islice(packed.parts(), 2))
        file.memory[: len(beginning)] = beginning
    return mapped(file.path, file.size)


def unpack(data: Buffer) -> Any:
    """The object of a packed object in memory, of which it keeps nothing."""
    magic, count, length = _HEAD.unpack_from(data)
    if count == 0 and magic == MAGIC:
        return pickle.loads(memoryview(data)[_HEAD.size : _HEAD.size + length])
    pickled, buffers = unpack_header(memoryview(data))
    return pickle.loads(pickled, buffers=[bytearray(data[start : start + size]) for start, size in buffers])


def unpack_header(view: memoryview) -> "tuple[memoryview, list[tuple[int, int]]]":
    """The pickle of a packed object, and where in it each buffer starts and how long it is.

    Raises ValueError if it is none.
    """
    magic, count, length = _HEAD.unpack_from(view) if len(view) >= _HEAD.size else (0, 0, 0)
    head = _HEAD.size + 8 * count
    if magic != MAGIC or head + length > len(view):
        raise ValueError(f"{len(view)} bytes that should be a packed object are none")
    at = head + length
    buffers = []
    for size in struct.unpack_from(f"<{count}Q", view, _HEAD.size):
        start = _aligned(at)
        at = start + size
        buffers.append((start, size))
    if at > len(view):
        raise ValueError(f"a packed object of {at} bytes was cut to {len(view)}")
    return view[head : head + length], buffers


def _dumps(
    obj: Any, callback: BufferCallback, buffers: "list[memoryview]", persistent_id: Optional[Callable[[Any], Any]] = None
) -> bytes:
    """The pickle; ``buffers``, which the callback fills, are emptied before a second attempt."""
    try:
        pickled = _plain(obj, callback, persistent_id)
        if _MAIN not in pickled:
            return pickled
    except CollaError:
        raise
    except Exception:  # whatever a type of the user's raises: cloudpickle can do more, or says why not
        pass
    buffers.clear()
    try:
        return dumps_by_value(obj, callback, persistent_id)
    except CollaError:
        raise
    except Exception as error:
        raise explain(obj, error, dumps_by_value) from error


class _NamingPickler(pickle.Pickler):
    """A pickler whose persistent ids come from a function."""

    def __init__(self, out: BytesIO, callback: BufferCallback, name: Callable[[Any], Any]) -> None:
        super().__init__(out, PROTOCOL, buffer_callback=callback)
        self._name = name

    def persistent_id(self, obj: Any) -> Any:
        return self._name(obj)


def _plain(obj: Any, callback: BufferCallback, persistent_id: Optional[Callable[[Any], Any]] = None) -> bytes:
    table = reducers()
    if table is None and persistent_id is None:
        return pickle.dumps(obj, PROTOCOL, buffer_callback=callback)
    out = BytesIO()
    if persistent_id is None:
        pickler = pickle.Pickler(out, PROTOCOL, buffer_callback=callback)
    else:
        pickler = _NamingPickler(out, callback, persistent_id)
    if table is not None:
        pickler.dispatch_table = table
    pickler.dump(obj)
    return out.getvalue()


def _write_file(path: str, packed: Packed) -> str:
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        try:
            _write(fd, packed.parts())
        finally:
            os.close(fd)
    except BaseException:
        os.unlink(path)
        raise
    return path


def _write(fd: int, parts: Iterator[Buffer]) -> None:
    waiting: list[memoryview] = []
    for part in parts:
        waiting.append(memoryview(part))
        if len(waiting) == _MOST_PARTS:
            waiting = _write_some(fd, waiting)
    while waiting:
        waiting = _write_some(fd, waiting)


def _write_some(fd: int, parts: list[memoryview]) -> list[memoryview]:
    """Writes what the kernel takes at once and returns the rest."""
    count = os.writev(fd, parts)
    for index, part in enumerate(parts):
        if count < part.nbytes:
            return [part[count:], *parts[index + 1 :]]
        count -= part.nbytes
    return []


def _aligned(at: int) -> int:
    return (at + ALIGNMENT - 1) & -ALIGNMENT


def _bytes(count: int) -> str:
    for unit, size in (("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)):
        if count >= size:
            return f"{count / size:.1f} {unit}"
    return f"{count} bytes"
