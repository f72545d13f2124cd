"""The parameters of a function, read once, and the arguments of a call by the parameters' names."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from typing import Any

__all__ = ["Signature", "Bound"]

_VARARGS = 0x04
_VARKEYWORDS = 0x08


class Bound:
    """A call's arguments: by parameter (defaults filled in), the rest of the positional ones, and the rest of the named ones."""

    __slots__ = ("named", "varargs", "keywords")

    def __init__(self, named: dict[str, Any], varargs: tuple, keywords: dict[str, Any]) -> None:
        self.named = named
        self.varargs = varargs
        self.keywords = keywords


class Signature:
    """The parameters of a function.

    ``positional`` are the names of those that may be given by position, ``keyword_only`` of the others, in order; ``varargs`` and
    ``varkeywords`` are the names of ``*args`` and ``**kwargs`` (None: it has none); ``defaults`` are values by name.
    """

    __slots__ = ("function", "positional", "positional_only", "keyword_only", "varargs", "varkeywords", "defaults", "names", "required")

    def __init__(self, function: Callable) -> None:
        self.function = function
        code = getattr(function, "__code__", None)
        if code is not None and not hasattr(function, "__wrapped__"):
            self._read_code(function, code)
        else:
            self._read_signature(function)
        self.names = (*self.positional, *self.keyword_only)
        self.required = frozenset(name for name in self.names if name not in self.defaults)

    def _read_code(self, function: Callable, code: Any) -> None:
        names = code.co_varnames
        count = code.co_argcount
        end = count + code.co_kwonlyargcount
        self.positional = names[:count]
        self.positional_only = frozenset(names[: code.co_posonlyargcount])
        self.keyword_only = names[count:end]
        self.varargs = names[end] if code.co_flags & _VARARGS else None
        self.varkeywords = names[end + (self.varargs is not None)] if code.co_flags & _VARKEYWORDS else None
        values = function.__defaults__ or ()  # type: ignore[attr-defined]
        self.defaults = dict(zip(self.positional[count - len(values) :], values))
        self.defaults.update(function.__kwdefaults__ or {})  # type: ignore[attr-defined]

    def _read_signature(self, function: Callable) -> None:
        import inspect

        kinds: dict[Any, list[str]] = {}
        self.defaults = {}
        try:
            parameters: Mapping[str, Any] = inspect.signature(function).parameters
        except (TypeError, ValueError):  # a builtin that does not tell
            parameters = {}
            kinds = {inspect.Parameter.VAR_POSITIONAL: ["args"], inspect.Parameter.VAR_KEYWORD: ["kwargs"]}
        for name, parameter in parameters.items():
            kinds.setdefault(parameter.kind, []).append(name)
            if parameter.default is not parameter.empty:
                self.defaults[name] = parameter.default
        first = kinds.get(inspect.Parameter.POSITIONAL_ONLY, [])
        self.positional_only = frozenset(first)
        self.positional = (*first, *kinds.get(inspect.Parameter.POSITIONAL_OR_KEYWORD, []))
        self.keyword_only = tuple(kinds.get(inspect.Parameter.KEYWORD_ONLY, []))
        self.varargs = (kinds.get(inspect.Parameter.VAR_POSITIONAL) or [None])[0]
        self.varkeywords = (kinds.get(inspect.Parameter.VAR_KEYWORD) or [None])[0]

    def bind(self, args: tuple, kwargs: Mapping[str, Any], filled: Container[str] | None = None) -> Bound:
        """The arguments by name. Raises ``TypeError`` as the call itself would.

        Defaults are filled in for the names in ``filled`` (None: for all).
        """
        count = len(self.positional)
        named = dict(zip(self.positional, args))
        varargs = args[count:]
        keywords = {}
        for name, value in kwargs.items():
            if name in self.names and name not in self.positional_only:
                if name in named:
                    raise TypeError(f"{self._name()}() got multiple values for argument {name!r}")
                named[name] = value
            elif self.varkeywords is not None:
                keywords[name] = value
            else:
                from ._keywords import nearest

                raise TypeError(f"{self._name()}() got an unexpected keyword argument {name!r}{nearest(name, self.names)}")
        if varargs and self.varargs is None:
            raise TypeError(f"{self._name()}() takes {count} positional argument{'s' * (count != 1)} but {len(args)} were given")
        if len(named) < len(self.names):
            named = self._filled(named, filled)
        return Bound(named, varargs, keywords)

    def _filled(self, named: dict[str, Any], filled: Container[str] | None) -> dict[str, Any]:
        missing = [name for name in self.names if name in self.required and name not in named]
        if missing:
            from ._keywords import listed

            what = f"argument{'s' * (len(missing) != 1)}: {listed(map(repr, missing))}"
            raise TypeError(f"{self._name()}() missing {len(missing)} required {what}")
        return {
            name: named[name] if name in named else self.defaults[name]
            for name in self.names
            if name in named or filled is None or name in filled
        }

    def unbind(self, bound: Bound) -> tuple[tuple, dict[str, Any]]:
        """The positional and the named arguments that mean the same call."""
        named = bound.named
        count = 0
        while count < len(self.positional) and self.positional[count] in named:
            count += 1
        keywords = {name: named[name] for name in (*self.positional[count:], *self.keyword_only) if name in named}
        keywords.update(bound.keywords)
        return (*(named[name] for name in self.positional[:count]), *bound.varargs), keywords

    def _name(self) -> str:
        return getattr(self.function, "__qualname__", repr(self.function))
