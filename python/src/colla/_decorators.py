"""Decorators that refine a task: implementations, failures, reductions, nodes, data transformations, descriptions in a file."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from ._definition import Definition, Implementation, OnFailure, Reduction, decorate
from ._errors import UsageError
from ._keywords import canonical, expand, nearest, truth
from ._parameters import Parameter
from . import _parameters

__all__ = ["implement", "on_failure", "reduction", "multinode", "IO", "local", "software", "data_transformation", "Transformation"]

MANAGEMENTS = ("RETRY", "FAIL", "IGNORE", "CANCEL_SUCCESSORS")


def implement(**keywords: Any) -> Callable[[Any], Any]:
    """A further implementation of another task: each call of that one may run this instead, where its constraints fit better.

    Keywords: ``source_class`` (the module's or class's name) and ``method`` (the other task's name); both are needed.
    """
    given = canonical("implement", keywords, ("source_class", "method"))
    if not given.get("source_class") or not given.get("method"):
        raise UsageError("@implement needs the keywords 'source_class' and 'method'")
    which = Implementation(str(given["source_class"]), str(given["method"]))
    return decorate(lambda definition: definition._replace(implements=which))


def management_of(value: Any) -> str:
    """The policy's name. Raises ``UsageError`` for an unknown one."""
    text = str(value).upper()
    if text not in MANAGEMENTS:
        raise UsageError(f"on_failure is {value!r}; give RETRY, FAIL, IGNORE or CANCEL_SUCCESSORS")
    return text


def on_failure(**keywords: Any) -> Callable[[Any], Any]:
    """What happens when the task fails.

    Keywords: ``management`` (needed): RETRY (twice more, then the run fails), FAIL, IGNORE (go on; what it would have written has the
    defaults) or CANCEL_SUCCESSORS; and, for IGNORE, a default for each parameter that the task writes and for ``returns``.
    """
    given = {"management" if name.lower() == "management" else name: value for name, value in keywords.items()}
    if "management" not in given:
        raise UsageError("@on_failure needs the keyword 'management'")
    management = management_of(given.pop("management"))
    return decorate(lambda definition: definition._replace(on_failure=OnFailure(management, given), on_failure_given=True))


def reduction(**keywords: Any) -> Callable[[Any], Any]:
    """The task combines the elements of its collection; it is called on chunks of it, in a tree, as they become ready.

    Keywords: ``chunk_size`` (elements in a chunk; a number, ``$NAME``; default: chosen here), ``is_reduce`` (False: one task for all).
    The order of the elements is kept; the function must be associative.
    """
    given = canonical("reduction", keywords, ("chunk_size", "is_reduce"))
    if not truth("is_reduce of @reduction", given.get("is_reduce", True)):
        return decorate(lambda definition: definition)
    described = Reduction(given.get("chunk_size"))
    return decorate(lambda definition: definition._replace(reduction=described))


def multinode(**keywords: Any) -> Callable[[Any], Any]:
    """The task has several nodes to itself; it runs on the first and finds the names of all in ``COMPSS_HOSTNAMES``.

    Keyword: ``computing_nodes`` (a number, ``$NAME``, the name of a global or parameter; default 1).
    """
    given = canonical("multinode", keywords, ("computing_nodes",))
    nodes = given.get("computing_nodes", 1)
    return decorate(lambda definition: definition._replace(computing_nodes=nodes))


def IO(*functions: Any) -> Any:
    """The task mostly reads and writes files. So far it takes one core, as any other task."""
    change = decorate(lambda definition: definition._replace(io=True))
    return change(*functions) if functions else change


def local(function: Callable | None = None, **parameters: Any) -> Any:
    """The function runs in the program itself, after waiting for what it is given.

    Arguments that are futures, or lists and dictionaries with some, are waited for. ``**parameters``: constants as for ``@task``; files
    that tasks write are waited for when the parameter is one of ``FILE_*``.
    """
    if function is None:
        return lambda target: local(target, **parameters)

    @functools.wraps(function)
    def run_in_program(*args: Any, **kwargs: Any) -> Any:
        from ._api import wait_for_arguments

        args, kwargs = wait_for_arguments(function, parameters, args, kwargs)
        return function(*args, **kwargs)

    return run_in_program


class Transformation(NamedTuple):
    """Another form of one argument, made by a function before the task gets it."""

    parameter: str
    function: Callable
    kind: str | None = None
    target: Any = None
    keywords: Mapping[str, Any] | None = None


def data_transformation(*args: Any, **keywords: Any) -> Callable[[Any], Any]:
    """The argument ``param`` is handed to ``function``, and the task gets what that makes of it; the function runs as a task.

    ``type``: OBJECT_TO_FILE and COLLECTION_TO_FILE (the function gets the argument and the path ``target``, which it writes),
    FILE_TO_OBJECT, FILE_TO_COLLECTION, OBJECT_TO_COLLECTION, COLLECTION_TO_OBJECT. Further keywords are the function's. Without any
    argument, each call of the task says it, by its keyword ``dt``: one or a list of what ``dto(param, function)`` makes.
    """
    if not args and not keywords:  # each call says which, by its keyword dt
        return decorate(lambda definition: definition._replace(transforms_at_call=True))
    given = dict(zip(("param", "function"), args))
    for name, value in keywords.items():
        given[{"param_name": "param", "parameter": "param", "func": "function"}.get(name, name)] = value
    if isinstance(given.get("param"), Transformation):
        described: tuple[Transformation, ...] = tuple(each for each in args if isinstance(each, Transformation))
    else:
        described = (transformation(**given),)
    return decorate(lambda definition: definition._replace(transformations=(*described, *definition.transformations)))


def transformation(
    param: str | None = None, function: Callable | None = None, type: Any = None, target: Any = None, **keywords: Any
) -> Transformation:
    """One transformation, as ``@data_transformation`` takes it. Raises ``UsageError`` without parameter or function.

    PyCOMPSs also calls the parameter ``target``, and then the file that is written ``destination``.
    """
    if param is None:
        param, target = target, keywords.pop("destination", None)
    else:
        target = keywords.pop("destination", target)
    keywords.pop("size", None)
    if not isinstance(param, str) or not callable(function):
        raise UsageError("@data_transformation needs a parameter's name and a function, as in @data_transformation('data', convert)")
    extra = dict(keywords.pop("func_kwargs", None) or {})
    keywords.pop("is_workflow", None)
    return Transformation(param, function, None if type is None else str(type).upper(), target, {**extra, **keywords})


def software(**keywords: Any) -> Callable[[Any], Any]:
    """The task as a JSON file describes it.

    The file has ``execution`` (type, binary, args …), ``parameters``, ``prolog``, ``epilog``, ``constraints`` and ``container``.

    Keyword: ``config_file`` (needed). Raises ``UsageError`` naming the file when it cannot be read or says what is not known.
    """
    given = canonical("software", keywords, ("config_file",))
    if not given.get("config_file"):
        raise UsageError("@software needs the keyword 'config_file'")
    path = expand(str(given["config_file"]), "config_file of @software")
    try:
        with open(path, encoding="utf-8") as file:
            described = json.load(file)
    except OSError as error:
        raise UsageError(f"@software cannot read {path}: {error.strerror}") from None
    except ValueError as error:
        raise UsageError(f"@software: {path} is not JSON: {error}") from None
    if not isinstance(described, dict):
        raise UsageError(f"@software: {path} must hold one JSON object")
    return _from_description(path, described)


def _from_description(path: str, described: dict[str, Any]) -> Callable[[Any], Any]:
    from . import _constraints, _containers, _http, _mpi, _programs
    from ._tasks import TaskFunction, task

    execution = dict(described.get("execution") or described.get("properties") or {})
    kind = str(execution.pop("type", described.get("type", "task"))).lower()
    makers: dict[str, Callable[..., Callable[[Any], Any]]] = {
        "binary": _programs.binary, "ompss": _programs.ompss, "julia": _programs.julia, "compss": _programs.compss,
        "mpi": _mpi.mpi, "mpmd_mpi": _mpi.mpmd_mpi, "opencl": _programs.opencl, "decaf": _programs.decaf,
        "multinode": multinode, "http": _http.http,
    }  # fmt: skip
    parts = {
        "constraints": _constraints.constraint, "container": _containers.container, "prolog": _programs.prolog,
        "epilog": _programs.epilog,
    }  # fmt: skip
    if kind not in makers and kind not in ("task", "python", "workflow"):
        raise UsageError(f"@software: {path} has the type {kind!r}{nearest(kind, makers)}")
    layers = [makers[kind](**execution)] if kind in makers else []
    layers += [make(**described[name]) for name, make in parts.items() if described.get(name)]
    parameters = {name: _named_constant(path, name, value) for name, value in (described.get("parameters") or {}).items()}

    def apply(target: Any) -> Any:
        if parameters and not isinstance(target, TaskFunction):
            target = task(**parameters)(target)
        for layer in layers:
            target = layer(target)
        return target

    return apply


def _named_constant(path: str, name: str, value: Any) -> Any:
    if not isinstance(value, str) or name == "returns":
        return value
    constant = getattr(_parameters, value.upper(), None)
    if not isinstance(constant, Parameter):
        raise UsageError(f"@software: {path} describes parameter {name!r} by {value!r}; give a name such as IN or FILE_OUT")
    return constant


def defaults_of(definition: Definition) -> Mapping[str, Any]:
    """What an ignored failure leaves in the outputs, by parameter (``returns``: the results)."""
    return {**definition.defaults, **definition.on_failure.defaults}
