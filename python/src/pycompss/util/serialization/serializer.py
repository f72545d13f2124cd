"""Objects in files and in bytes, by pickle, or by cloudpickle where that cannot."""

from __future__ import annotations

import io
import pickle
from typing import IO, Any

from ..exceptions import SerializerException

__all__ = [
    "serialize_to_file", "serialize_to_bytes", "serialize_to_handler", "deserialize_from_file", "deserialize_from_bytes",
    "deserialize_from_handler", "serialize_objects",
]  # fmt: skip


def serialize_to_bytes(obj: Any) -> bytes:
    """The object in bytes. Raises ``SerializerException`` if it cannot be pickled."""
    try:
        return pickle.dumps(obj, protocol=pickle.HIGHEST_PROTOCOL)
    except Exception:  # the errors of pickle are of any type
        return _by_value(obj)


def _by_value(obj: Any) -> bytes:
    import cloudpickle

    try:
        return cloudpickle.dumps(obj, protocol=pickle.HIGHEST_PROTOCOL)
    except Exception as error:
        raise SerializerException(f"an object of type {type(obj).__qualname__} cannot be pickled: {error}") from error


def serialize_to_handler(obj: Any, handler: IO[bytes]) -> None:
    """Writes the object to an open file."""
    handler.write(serialize_to_bytes(obj))


def serialize_to_file(obj: Any, file_name: str) -> None:
    """Writes the object to the file of that name."""
    with open(file_name, "wb") as handler:
        serialize_to_handler(obj, handler)


def serialize_objects(to_serialize: list[tuple[Any, str]]) -> None:
    """Writes several objects, each to its file."""
    for obj, file_name in to_serialize:
        serialize_to_file(obj, file_name)


def deserialize_from_handler(handler: IO[bytes], *_: Any) -> tuple[Any, bool]:
    """The object in an open file, and whether the file can be closed."""
    return pickle.load(handler), True


def deserialize_from_file(file_name: str, *_: Any) -> Any:
    """The object in the file of that name. Raises ``SerializerException`` if there is none in it."""
    try:
        with open(file_name, "rb") as handler:
            return pickle.load(handler)
    except (pickle.UnpicklingError, EOFError) as error:
        raise SerializerException(f"{file_name} holds no object: {error}") from error


def deserialize_from_bytes(serialized: bytes, *_: Any) -> Any:
    """The object in the bytes."""
    return deserialize_from_handler(io.BytesIO(serialized))[0]
