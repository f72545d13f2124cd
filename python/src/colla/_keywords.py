"""Keywords of decorators: the spellings that are accepted, and what to say about one that is not."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from typing import Any

from ._errors import UsageError

__all__ = ["snake_case", "canonical", "nearest", "truth", "number", "expand", "listed"]

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def snake_case(name: str) -> str:
    """``timeOut`` as ``time_out``."""
    return _HUMP.sub("_", name).lower()


def canonical(decorator: str, given: Mapping[str, Any], known: Iterable[str]) -> dict[str, Any]:
    """The keywords that a decorator was given, by their present names: the older camelCase spellings are accepted too.

    Raises ``UsageError`` for one that the decorator does not have.
    """
    names = frozenset(known)
    result = {}
    for name, value in given.items():
        key = name if name in names else snake_case(name)
        if key not in names:
            raise UsageError(f"@{decorator} has no keyword {name!r}{nearest(name, names)}")
        result[key] = value
    return result


def nearest(name: str, names: Iterable[str]) -> str:
    """``; did you mean 'x'?`` if one of the names is close, else what there is."""
    import difflib

    choices = sorted(names)
    close = difflib.get_close_matches(name, choices, 1, 0.6)
    if close:
        return f"; did you mean {close[0]!r}?"
    return f"; there are: {', '.join(choices)}" if choices else ""


def truth(what: str, value: Any) -> bool:
    """A switch: a bool, or the text of one."""
    if isinstance(value, str):
        text = expand(value).strip().lower()
        if text in ("true", "false"):
            return text == "true"
    elif isinstance(value, (bool, int)):
        return bool(value)
    raise UsageError(f"{what} is {value!r}; give True or False")


def number(what: str, value: Any, kind: type = int, least: float = 0) -> Any:
    """A number, or the text of one, in which ``$NAME`` stands for the environment's value."""
    text = expand(value, what) if isinstance(value, str) else value
    try:
        result = kind(text)
    except (TypeError, ValueError):
        result = None
    if result is None or isinstance(value, bool) or result < least:
        raise UsageError(f"{what} is {value!r}; give a number of at least {least}")
    return result


def expand(text: str, what: str = "") -> str:
    """The text with ``$NAME`` and ``${NAME}`` replaced by the environment's values.

    With ``what``, a variable that is not set is a ``UsageError`` naming it.
    """
    if "$" not in text:
        return text
    expanded = os.path.expandvars(text)
    if what and "$" in expanded:
        raise UsageError(f"{what} is {text!r}, but the environment has no such variable; set it before the program starts")
    return expanded


def listed(names: Iterable[str]) -> str:
    """Names as a sentence lists them: ``a, b and c``."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
