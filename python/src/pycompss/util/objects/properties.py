"""What an object is."""

from __future__ import annotations

import inspect
import os
from typing import Any

__all__ = ["get_module_name", "get_object_properties", "is_module_available", "is_basic_iterable", "is_dict", "object_belongs_to_module"]


def get_module_name(path: str, file_name: str) -> str:
    """The dotted name of the module in ``path``/``file_name``: the folders above it that are packages are part of it."""
    parts = [os.path.splitext(os.path.basename(file_name))[0]]
    folder = os.path.abspath(path)
    while os.path.exists(os.path.join(folder, "__init__.py")):
        folder, name = os.path.split(folder)
        parts.insert(0, name)
    return ".".join(parts)


def get_object_properties(obj: Any) -> dict[str, Any]:
    """The attributes of the object that are neither methods nor private."""
    return {name: value for name, value in inspect.getmembers(obj) if not name.startswith("_") and not callable(value)}


def is_module_available(module_name: str) -> bool:
    """Whether a module of this name can be imported."""
    from importlib.util import find_spec

    try:
        return find_spec(module_name) is not None
    except (ImportError, ValueError):
        return False


def is_basic_iterable(obj: Any) -> bool:
    """Whether it is a list, a tuple, a byte array or a set."""
    return isinstance(obj, (list, tuple, bytearray, set, frozenset))


def is_dict(obj: Any) -> bool:
    """Whether it is a dictionary."""
    return isinstance(obj, dict)


def object_belongs_to_module(obj: Any, module_name: str) -> bool:
    """Whether the object's class is defined in the module or below it."""
    module = getattr(type(obj), "__module__", "")
    return module == module_name or module.startswith(module_name + ".")
