"""Frames and values as they travel between Python and the engine; the formats are in docs/python-protocol.md.

A frame is ``u32 length`` (of what follows), ``u8 type`` and a body. A value is a tag and what it says: numbers, short strings,
booleans and ``None`` as themselves, anything else as a packed object that this module does not look into.
"""

from __future__ import annotations

import json
import struct
from typing import NamedTuple, Optional, Union

__all__ = [
    "FAILURE_CANCELLED",
    "FAILURE_DATA_LOST",
    "FAILURE_INTERNAL",
    "FAILURE_NODES_LOST",
    "FAILURE_TASK",
    "FAILURE_USAGE",
    "INLINE_LIMIT",
    "NOTHING",
    "Failure",
    "File",
    "Frames",
    "Inline",
    "Mapped",
    "Nothing",
    "ProtocolError",
    "frame",
    "inline",
    "json_frame",
    "mapped",
    "packed_size",
    "path",
    "read_failure",
    "read_string",
    "read_value",
    "scalar",
    "string",
]

# The values' tags.
NONE, FALSE, TRUE, INTEGER, FLOAT, STRING, INLINE, MAPPED, FILE, NO_VALUE = range(10)

INLINE_LIMIT = 32 * 1024
"""A packed object of at most so many bytes travels inside the frame; a larger one as a file."""

STRING_LIMIT = 64 * 1024
"""A string of at most so many UTF-8 bytes travels as itself; a longer one is packed."""

FAILURE_USAGE, FAILURE_TASK, FAILURE_CANCELLED, FAILURE_DATA_LOST, FAILURE_INTERNAL, FAILURE_NODES_LOST = range(6)

HEADER = struct.Struct("<IB")
"""Length and type of a frame."""

U16 = struct.Struct("<H")
U32 = struct.Struct("<I")
U64 = struct.Struct("<Q")
_INTEGER = struct.Struct("<Bq")
_FLOAT = struct.Struct("<Bd")
_I64 = struct.Struct("<q")
_F64 = struct.Struct("<d")
_TAG_LENGTH = struct.Struct("<BI")

_LEAST = -(2**63)
_MOST = 2**63 - 1

_NONE_BYTES = bytes([NONE])
_FALSE_BYTES = bytes([FALSE])
_TRUE_BYTES = bytes([TRUE])

Buffer = Union[bytes, bytearray, memoryview]


class ProtocolError(Exception):
    """The other end sent what the protocol does not know."""


class Inline(NamedTuple):
    """A packed object whose bytes came inside the frame."""

    data: bytes


class Mapped(NamedTuple):
    """A packed object in a file of the shared-memory folder (or of the folder on disk, when that was full)."""

    path: str
    size: int


class File(NamedTuple):
    """A file or folder of the user's."""

    path: str


class Nothing:
    """The type of :data:`NOTHING`: what a task is still to make."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "NOTHING"


NOTHING = Nothing()

NOTHING_BYTES = bytes([NO_VALUE])
"""The encoded value of what is not there yet."""


def scalar(value: object) -> Optional[bytes]:
    """The encoded value of None, a boolean, an integer of 64 bits, a float or a short string; None for anything else.

    Only exact types count: an instance of a subclass would come back without its class.
    """
    kind = type(value)
    if kind is int:
        return _INTEGER.pack(INTEGER, value) if _LEAST <= value <= _MOST else None  # type: ignore[operator]
    if kind is str:
        if len(value) > STRING_LIMIT:  # type: ignore[arg-type]
            return None
        try:
            text = value.encode()  # type: ignore[attr-defined]
        except UnicodeEncodeError:
            return None  # a lone surrogate, which UTF-8 does not know
        return _TAG_LENGTH.pack(STRING, len(text)) + text if len(text) <= STRING_LIMIT else None
    if kind is float:
        return _FLOAT.pack(FLOAT, value)
    if value is None:
        return _NONE_BYTES
    if kind is bool:
        return _TRUE_BYTES if value else _FALSE_BYTES
    return None


def inline(packed: Buffer) -> bytes:
    """The encoded value of a packed object that travels inside the frame."""
    return _TAG_LENGTH.pack(INLINE, len(packed)) + bytes(packed)


def mapped(file: str, size: int) -> bytes:
    """The encoded value of a packed object of ``size`` bytes that has been written to the file of this absolute path."""
    text = _path_bytes(file)
    return _TAG_LENGTH.pack(MAPPED, len(text)) + text + U64.pack(size)


def path(file: str) -> bytes:
    """The encoded value of a user's file or folder, by its absolute path."""
    text = _path_bytes(file)
    return _TAG_LENGTH.pack(FILE, len(text)) + text


def packed_size(data: Buffer, at: int) -> int:
    """The bytes of the encoded value at this place that are packed, in it or in its file; 0 for others."""
    if data[at] not in (INLINE, MAPPED):
        return 0
    length: int = U32.unpack_from(data, at + 1)[0]
    return U64.unpack_from(data, at + 5 + length)[0] if data[at] == MAPPED else length


def read_value(data: Buffer, at: int) -> tuple[object, int]:
    """The value at this place and the place behind it.

    Packed objects are :class:`Inline` and :class:`Mapped`, files are :class:`File`, no value is :data:`NOTHING`.
    """
    tag = data[at]
    at += 1
    if tag == INTEGER:
        return _I64.unpack_from(data, at)[0], at + 8
    if tag == INLINE:
        end = at + 4 + U32.unpack_from(data, at)[0]
        return Inline(bytes(data[at + 4 : end])), end
    if tag == FLOAT:
        return _F64.unpack_from(data, at)[0], at + 8
    if tag == STRING:
        return read_string(data, at)
    if tag == NONE:
        return None, at
    if tag == TRUE:
        return True, at
    if tag == FALSE:
        return False, at
    if tag == NO_VALUE:
        return NOTHING, at
    if tag == MAPPED:
        file, at = read_string(data, at)
        return Mapped(file, U64.unpack_from(data, at)[0]), at + 8
    if tag == FILE:
        file, at = read_string(data, at)
        return File(file), at
    raise ProtocolError(f"a value has the unknown tag {tag}")


def string(text: str) -> bytes:
    """A ``str`` of the protocol. What UTF-8 cannot say is replaced by a question mark."""
    encoded = text.encode(errors="replace")
    return U32.pack(len(encoded)) + encoded


def read_string(data: Buffer, at: int) -> tuple[str, int]:
    """The ``str`` at this place and the place behind it."""
    end = at + 4 + U32.unpack_from(data, at)[0]
    return str(data[at + 4 : end], "utf-8", "replace"), end


def frame(kind: int, *parts: Buffer) -> bytes:
    """A frame of this type whose body is these parts, one after the other."""
    body = b"".join(parts)
    return HEADER.pack(len(body) + 1, kind) + body


def json_frame(kind: int, content: object, *before: Buffer) -> bytes:
    """A frame of this type whose body is ``before`` and then JSON, as a ``str``."""
    text = json.dumps(content, separators=(",", ":")).encode()
    return frame(kind, *before, U32.pack(len(text)), text)


class Frames:
    """Cuts a stream of bytes into frames. For one thread."""

    __slots__ = ("_data", "_at")

    def __init__(self) -> None:
        self._data: Buffer = b""
        self._at = 0

    def feed(self, data: bytes) -> list[tuple[int, memoryview]]:
        """The frames, each its type and its body, that these bytes complete."""
        if self._at < len(self._data):
            # What is left of a long frame grows in place, so that its pieces are not copied again and again.
            if type(self._data) is not bytearray or self._at:
                self._data = bytearray(memoryview(self._data)[self._at :])
            self._data += data
        else:
            self._data = data
        self._at = 0
        whole = self._data
        end = len(whole)
        if end < 4 or end < 4 + U32.unpack_from(whole, 0)[0]:
            return []
        view = memoryview(whole if type(whole) is bytes else bytes(whole))
        frames = []
        at = 0
        while at + 4 <= end:
            behind = at + 4 + U32.unpack_from(view, at)[0]
            if behind > end:
                break
            frames.append((view[at + 4], view[at + 5 : behind]))
            at = behind
        self._data = view[at:].tobytes()
        return frames


class Failure(NamedTuple):
    """Why something failed, as the gateway tells it.

    ``kind`` is one of the ``FAILURE_`` constants; ``exception`` is a packed object, empty if no exception could travel.
    """

    kind: int
    task: str
    node: str
    message: str
    stack: str
    exception: bytes


def read_failure(data: Buffer, at: int) -> Failure:
    """The failure that fills the rest of a frame from this place on."""
    kind = data[at]
    task, at = read_string(data, at + 1)
    node, at = read_string(data, at)
    message, at = read_string(data, at)
    stack, at = read_string(data, at)
    return Failure(kind, task, node, message, stack, bytes(data[at:]))


def _path_bytes(file: str) -> bytes:
    """A path in UTF-8: Java cannot name any other."""
    try:
        return file.encode()
    except UnicodeEncodeError:
        raise ValueError(f"the path {file!r} is not valid UTF-8: rename it") from None

