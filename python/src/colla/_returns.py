"""How many values a task returns: from its decorator, its annotation, or its return statements."""

from __future__ import annotations

import builtins
import os
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ._errors import UsageError

if TYPE_CHECKING:
    import ast

__all__ = ["declared", "inferred", "annotated", "named"]

_GENERATOR = 0x20
_COROUTINE = 0x80 | 0x200


def declared(task: str, returns: Any) -> int | str:
    """The number of values that ``returns`` of the decorator stands for, or the name whose value says it at each call.

    Raises ``UsageError`` for a number below 0.
    """
    if returns is None or returns is False:
        return 0
    if isinstance(returns, bool) or isinstance(returns, type):
        return 1
    if isinstance(returns, int):
        if returns < 0:
            raise UsageError(f"returns of {task} is {returns}; give a number of at least 0")
        return returns
    if isinstance(returns, str):
        text = os.path.expandvars(returns).strip()
        return int(text) if text.isdigit() else text
    if isinstance(returns, (list, tuple)):
        return len(returns)
    return 1


def named(task: str, name: str, arguments: Mapping[str, Any], variables: Mapping[str, Any]) -> int:
    """The number of values when ``returns`` is the name of a parameter or a global variable.

    Raises ``UsageError`` if there is none of that name or its value is not a number.
    """
    for place in (arguments, variables, vars(builtins)):
        if name in place:
            count = declared(task, place[name])
            if isinstance(count, int):
                return count
            break
    from ._keywords import nearest

    raise UsageError(f"returns of {task} is {name!r}, which is neither a parameter nor a global variable with a number{nearest(name, arguments)}")


def annotated(function: Callable) -> int:
    """The number of values by the annotation alone; 0 without one."""
    annotations = getattr(function, "__annotations__", {})
    return _annotated(annotations["return"]) if "return" in annotations else 0


def inferred(function: Callable) -> int:
    """The number of values of a function whose decorator does not say it."""
    if "return" in getattr(function, "__annotations__", {}):
        return annotated(function)
    code = getattr(function, "__code__", None)
    if code is None:
        return 1
    if code.co_flags & (_GENERATOR | _COROUTINE):
        return 1
    node = _definition_of(code)
    if node is None:
        return _from_code(code)
    if type(node).__name__ == "Lambda":
        return _values(node.body)  # type: ignore[attr-defined]
    return max((_values(each.value) for each in _return_statements(node)), default=0)


def _annotated(annotation: Any) -> int:
    if annotation is None or annotation is type(None):
        return 0
    if isinstance(annotation, str):
        return _annotated_text(annotation)
    if getattr(annotation, "__origin__", None) is tuple:
        parts = annotation.__args__
        return 1 if Ellipsis in parts or not parts else len(parts)
    return 1


def _annotated_text(text: str) -> int:
    import ast

    try:
        node = ast.parse(text, mode="eval").body
    except SyntaxError:
        return 1
    if isinstance(node, ast.Constant) and node.value is None:
        return 0
    if isinstance(node, ast.Subscript) and ast.unparse(node.value).rpartition(".")[2] in ("tuple", "Tuple"):
        parts = node.slice
        if isinstance(parts, ast.Tuple) and not any(isinstance(each, ast.Constant) and each.value is Ellipsis for each in parts.elts):
            return len(parts.elts)
    return 1


_trees: dict[str, tuple[int, ast.Module]] = {}


def _definition_of(code: Any) -> ast.AST | None:
    """The function's place in its source; None if there is no source or it is not clear which."""
    import ast
    import linecache

    lines = linecache.getlines(code.co_filename)
    if not lines:
        return None
    known = _trees.get(code.co_filename)
    if known is None or known[0] != len(lines):
        try:
            known = (len(lines), ast.parse("".join(lines)))
        except SyntaxError:
            return None
        _trees[code.co_filename] = known
    found = [node for node in ast.walk(known[1]) if _is_of(node, code)]
    return found[0] if len(found) == 1 else None


def _is_of(node: ast.AST, code: Any) -> bool:
    import ast

    if isinstance(node, ast.Lambda):
        return code.co_name == "<lambda>" and node.lineno == code.co_firstlineno
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) or node.name != code.co_name:
        return False
    return code.co_firstlineno in (node.lineno, *(each.lineno for each in node.decorator_list))


def _return_statements(node: ast.AST) -> Iterator[ast.Return]:
    """Those of the function itself, not of functions within."""
    import ast

    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Return):
            yield child
        elif not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            yield from _return_statements(child)


def _values(node: ast.expr | None) -> int:
    import ast

    if node is None or (isinstance(node, ast.Constant) and node.value is None):
        return 0
    if isinstance(node, ast.IfExp):
        return max(_values(node.body), _values(node.orelse))
    if isinstance(node, ast.Tuple) and not any(isinstance(each, ast.Starred) for each in node.elts):
        return max(1, len(node.elts))
    return 1


def _from_code(code: Any) -> int:
    """From the instruction before each return: less than the source tells, but there without it."""
    import dis

    most = 0
    before = None
    for instruction in dis.get_instructions(code):
        name = instruction.opname
        if name == "RETURN_CONST":
            most = max(most, _constant(instruction.argval))
        elif name == "RETURN_VALUE" and before is not None:
            if before.opname == "BUILD_TUPLE":
                most = max(most, before.arg or 1)
            else:
                most = max(most, _constant(before.argval) if before.opname == "LOAD_CONST" else 1)
        if name not in ("CACHE", "NOP"):
            before = instruction
    return most


def _constant(value: Any) -> int:
    return 0 if value is None else max(1, len(value)) if isinstance(value, tuple) else 1
