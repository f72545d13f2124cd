"""What a task does with each of its parameters: kinds, directions, standard streams, and the constants that name them."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Any, NamedTuple

from ._errors import UsageError

__all__ = [
    "Direction", "Kind", "Stream", "Parameter", "Key", "parameter_of",
    "Type", "StdIOStream", "Prefix", "Depth", "Weight", "Keep_rename", "Cache",
    "STDIN", "STDOUT", "STDERR",
    "IN", "OUT", "INOUT", "CONCURRENT", "COMMUTATIVE", "IN_DELETE",
    "FILE", "FILE_IN", "FILE_OUT", "FILE_INOUT", "FILE_CONCURRENT", "FILE_COMMUTATIVE",
    "FILE_STDIN", "FILE_STDOUT", "FILE_STDERR",
    "FILE_IN_STDIN", "FILE_IN_STDOUT", "FILE_IN_STDERR",
    "FILE_OUT_STDIN", "FILE_OUT_STDOUT", "FILE_OUT_STDERR",
    "FILE_INOUT_STDIN", "FILE_INOUT_STDOUT", "FILE_INOUT_STDERR",
    "FILE_CONCURRENT_STDIN", "FILE_CONCURRENT_STDOUT", "FILE_CONCURRENT_STDERR",
    "FILE_COMMUTATIVE_STDIN", "FILE_COMMUTATIVE_STDOUT", "FILE_COMMUTATIVE_STDERR",
    "DIRECTORY", "DIRECTORY_IN", "DIRECTORY_OUT", "DIRECTORY_INOUT",
    "COLLECTION", "COLLECTION_IN", "COLLECTION_INOUT", "COLLECTION_OUT", "COLLECTION_IN_DELETE",
    "COLLECTION_FILE", "COLLECTION_FILE_IN", "COLLECTION_FILE_INOUT", "COLLECTION_FILE_OUT",
    "DICTIONARY", "DICTIONARY_IN", "DICTIONARY_INOUT", "DICTIONARY_OUT", "DICTIONARY_IN_DELETE",
    "STREAM_IN", "STREAM_OUT",
    "block_count", "block_length", "stride",
]


class AccessMode(enum.IntEnum):
    """What a task does with a datum; the numbers are those of the gateway's protocol."""

    IN = 0
    OUT = 1
    INOUT = 2
    CONCURRENT = 3
    COMMUTATIVE = 4
    IN_DELETE = 5

    @property
    def writes(self) -> bool:
        return self in _WRITING


_WRITING = frozenset((AccessMode.OUT, AccessMode.INOUT, AccessMode.CONCURRENT, AccessMode.COMMUTATIVE))


class Kind(enum.Enum):
    """What the argument is."""

    OBJECT = "object"
    FILE = "file"
    DIRECTORY = "directory"
    COLLECTION = "collection"
    COLLECTION_FILE = "collection of files"
    DICTIONARY = "dictionary"
    STREAM = "stream"


class Stream(enum.Enum):
    """The standard stream of a program that a parameter is connected to."""

    STDIN = "stdin"
    STDOUT = "stdout"
    STDERR = "stderr"


class Key(enum.Enum):
    """A key of the dictionary that describes a parameter in detail, as in ``{Type: COLLECTION_IN, Depth: 2}``."""

    TYPE = "type"
    DIRECTION = "direction"
    STDIOSTREAM = "stdiostream"
    PREFIX = "prefix"
    DEPTH = "depth"
    WEIGHT = "weight"
    KEEP_RENAME = "keep_rename"
    CACHE = "cache"


class Parameter(NamedTuple):
    """What a task does with one parameter.

    ``prefix`` goes before the value on a program's command line; ``depth`` says how many levels of a collection are containers;
    ``weight`` is a hint for placement.
    """

    kind: Kind = Kind.OBJECT
    mode: AccessMode = AccessMode.IN
    stream: Stream | None = None
    prefix: str = ""
    depth: int = 1
    weight: float = 1.0

    @property
    def writes(self) -> bool:
        """Whether the task may change the argument."""
        return self.mode in _WRITING

    @property
    def is_path(self) -> bool:
        """Whether the argument is the path of a file or folder."""
        return self.kind is Kind.FILE or self.kind is Kind.DIRECTORY


Type = Key.TYPE
Direction = Key.DIRECTION
StdIOStream = Key.STDIOSTREAM
Prefix = Key.PREFIX
Depth = Key.DEPTH
Weight = Key.WEIGHT
Keep_rename = Key.KEEP_RENAME
Cache = Key.CACHE

STDIN = Stream.STDIN
STDOUT = Stream.STDOUT
STDERR = Stream.STDERR

IN = Parameter()
OUT = Parameter(mode=AccessMode.OUT)
INOUT = Parameter(mode=AccessMode.INOUT)
CONCURRENT = Parameter(mode=AccessMode.CONCURRENT)
COMMUTATIVE = Parameter(mode=AccessMode.COMMUTATIVE)
IN_DELETE = Parameter(mode=AccessMode.IN_DELETE)

FILE = FILE_IN = Parameter(Kind.FILE)
FILE_OUT = Parameter(Kind.FILE, AccessMode.OUT)
FILE_INOUT = Parameter(Kind.FILE, AccessMode.INOUT)
FILE_CONCURRENT = Parameter(Kind.FILE, AccessMode.CONCURRENT)
FILE_COMMUTATIVE = Parameter(Kind.FILE, AccessMode.COMMUTATIVE)
FILE_STDIN = FILE_IN_STDIN = FILE_IN._replace(stream=STDIN)
FILE_IN_STDOUT = FILE_IN._replace(stream=STDOUT)
FILE_IN_STDERR = FILE_IN._replace(stream=STDERR)
FILE_OUT_STDIN = FILE_OUT._replace(stream=STDIN)
FILE_STDOUT = FILE_OUT_STDOUT = FILE_OUT._replace(stream=STDOUT)
FILE_STDERR = FILE_OUT_STDERR = FILE_OUT._replace(stream=STDERR)
FILE_INOUT_STDIN = FILE_INOUT._replace(stream=STDIN)
FILE_INOUT_STDOUT = FILE_INOUT._replace(stream=STDOUT)
FILE_INOUT_STDERR = FILE_INOUT._replace(stream=STDERR)
FILE_CONCURRENT_STDIN = FILE_CONCURRENT._replace(stream=STDIN)
FILE_CONCURRENT_STDOUT = FILE_CONCURRENT._replace(stream=STDOUT)
FILE_CONCURRENT_STDERR = FILE_CONCURRENT._replace(stream=STDERR)
FILE_COMMUTATIVE_STDIN = FILE_COMMUTATIVE._replace(stream=STDIN)
FILE_COMMUTATIVE_STDOUT = FILE_COMMUTATIVE._replace(stream=STDOUT)
FILE_COMMUTATIVE_STDERR = FILE_COMMUTATIVE._replace(stream=STDERR)

DIRECTORY = DIRECTORY_IN = Parameter(Kind.DIRECTORY)
DIRECTORY_OUT = Parameter(Kind.DIRECTORY, AccessMode.OUT)
DIRECTORY_INOUT = Parameter(Kind.DIRECTORY, AccessMode.INOUT)

COLLECTION = COLLECTION_IN = Parameter(Kind.COLLECTION)
COLLECTION_INOUT = Parameter(Kind.COLLECTION, AccessMode.INOUT)
COLLECTION_OUT = Parameter(Kind.COLLECTION, AccessMode.OUT)
COLLECTION_IN_DELETE = Parameter(Kind.COLLECTION, AccessMode.IN_DELETE)
COLLECTION_FILE = COLLECTION_FILE_IN = Parameter(Kind.COLLECTION_FILE)
COLLECTION_FILE_INOUT = Parameter(Kind.COLLECTION_FILE, AccessMode.INOUT)
COLLECTION_FILE_OUT = Parameter(Kind.COLLECTION_FILE, AccessMode.OUT)

DICTIONARY = DICTIONARY_IN = Parameter(Kind.DICTIONARY)
DICTIONARY_INOUT = Parameter(Kind.DICTIONARY, AccessMode.INOUT)
DICTIONARY_OUT = Parameter(Kind.DICTIONARY, AccessMode.OUT)
DICTIONARY_IN_DELETE = Parameter(Kind.DICTIONARY, AccessMode.IN_DELETE)

STREAM_IN = Parameter(Kind.STREAM, AccessMode.IN)
STREAM_OUT = Parameter(Kind.STREAM, AccessMode.OUT)

block_count = "block_count"
block_length = "block_length"
stride = "stride"
"""Keys of what ``@mpi`` takes as ``<parameter>_layout``."""

_KEYS = {key.value: key for key in Key}


def parameter_of(name: str, given: Any) -> Parameter:
    """The parameter that a decorator's value describes: a constant, or a dictionary with ``Type``, ``Direction`` and so on.

    Raises ``UsageError`` naming the parameter if the value is neither.
    """
    if isinstance(given, Parameter):
        return given
    if isinstance(given, Mapping):
        return _detailed(name, given)
    raise UsageError(
        f"parameter {name!r} is described by {given!r}; give a constant such as IN, INOUT or FILE_OUT, or a dictionary such as "
        "{Type: COLLECTION_IN, Depth: 2}"
    )


def _detailed(name: str, given: Mapping[Any, Any]) -> Parameter:
    details = {_key(name, key): value for key, value in given.items()}
    parameter = details.get(Key.TYPE, IN)
    if not isinstance(parameter, Parameter):
        raise UsageError(f"Type of parameter {name!r} is {parameter!r}; give a constant such as FILE_IN or COLLECTION_IN")
    changes: dict[str, Any] = {}
    if Key.DIRECTION in details:
        changes["mode"] = _mode(name, details[Key.DIRECTION])
    if Key.STDIOSTREAM in details:
        changes["stream"] = _stream(name, details[Key.STDIOSTREAM])
    if Key.PREFIX in details:
        changes["prefix"] = str(details[Key.PREFIX])
    if Key.DEPTH in details:
        changes["depth"] = _number(name, "Depth", int, details[Key.DEPTH], 1)
    if Key.WEIGHT in details:
        changes["weight"] = _number(name, "Weight", float, details[Key.WEIGHT], 0)
    return parameter._replace(**changes)


def _key(name: str, key: Any) -> Key:
    if isinstance(key, Key):
        return key
    known = _KEYS.get(str(key).lower().replace("content_type", "type"))
    if known is None:
        raise UsageError(
            f"{key!r} says nothing about parameter {name!r}; the keys are Type, Direction, StdIOStream, Prefix, Depth, Weight, "
            "Keep_rename and Cache"
        )
    return known


def _mode(name: str, given: Any) -> AccessMode:
    if isinstance(given, Parameter):
        return given.mode
    if isinstance(given, str) and given.upper() in AccessMode.__members__:
        return AccessMode[given.upper()]
    raise UsageError(f"Direction of parameter {name!r} is {given!r}; give IN, OUT, INOUT, CONCURRENT, COMMUTATIVE or IN_DELETE")


def _stream(name: str, given: Any) -> Stream:
    if isinstance(given, Stream):
        return given
    if isinstance(given, str) and given.upper() in Stream.__members__:
        return Stream[given.upper()]
    raise UsageError(f"StdIOStream of parameter {name!r} is {given!r}; give STDIN, STDOUT or STDERR")


def _number(name: str, key: str, number: type, given: Any, least: int) -> Any:
    try:
        value = number(given)
    except (TypeError, ValueError):
        value = None
    if value is None or value < least:
        raise UsageError(f"{key} of parameter {name!r} is {given!r}; give a number of at least {least}")
    return value
