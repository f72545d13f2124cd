"""What a program asks of the run: waiting, files, groups, resources. Without a run, the plain sequential meaning of each."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from typing import IO, TYPE_CHECKING, Any

from . import _groups
from ._errors import UsageError
from ._futures import Future
from ._groups import TaskGroup
from ._keywords import number
from ._parameters import parameter_of
from ._session import current, is_forked
from ._signature import Signature
from ._templates import warn_once
from ._waiting import refuse_futures, values_of

if TYPE_CHECKING:
    from ._session import Session

__all__ = [
    "wait_on", "wait_on_file", "wait_on_directory", "open_file", "file_exists", "delete_file", "delete_object", "barrier", "barrier_group",
    "cancel_group", "snapshot", "number_of_resources", "request_resources", "free_resources", "set_wall_clock", "add_logger", "group",
]  # fmt: skip

group = TaskGroup


def wait_on(*objects: Any, mode: str = "rw", timeout: float | None = None) -> Any:
    """The value of a future, or of an object that tasks change, when the tasks are done; several: a list of the values.

    Lists, tuples, sets and dictionaries are gone through, at any depth; anything else is returned as it is. ``mode="r"`` says that the
    program will only read the value.

    Raises the task's own exception if the task failed; ``CancelledError`` if it was cancelled; ``WaitTimeoutError`` after ``timeout``
    seconds.
    """
    if not objects:
        raise UsageError("wait_on needs at least one object")
    session = current()
    what = objects[0] if len(objects) == 1 else list(objects)
    if session is not None:
        return values_of(session, what, timeout)
    if is_forked():
        refuse_futures(what)
    return what


def wait_on_file(*paths: Any) -> Any:
    """Waits until the tasks that write the files are done and the files are in their places; returns the path, or a list of them."""
    return _each(paths, _at_its_place)


def wait_on_directory(*paths: Any) -> Any:
    """As ``wait_on_file``, for folders."""
    return _each(paths, _at_its_place)


def open_file(path: Any, mode: str = "r", *args: Any, **kwargs: Any) -> IO[Any]:
    """Waits until the tasks that write the file are done, then opens it as ``open`` does."""
    session = current()
    datum = session.known_file(os.fspath(path)) if session is not None else None
    if session is not None and datum is not None:
        session.wait_file(datum)
        if any(letter in mode for letter in "wax+"):
            session.barrier()  # tasks that read what was there before have to be done with it
            session.forget_file(datum)
    return open(path, mode, *args, **kwargs)


def file_exists(*paths: Any) -> Any:
    """Whether there is such a file, or a task that writes it has been called; several: a list."""
    return _each(paths, _exists)


def delete_file(*paths: Any) -> Any:
    """Deletes the files once the tasks that use them are done; returns for each whether there was one."""
    return _each(paths, _delete)


def delete_object(*objects: Any) -> Any:
    """Says that the program needs the objects no more: their copies on the nodes go once the tasks that use them are done."""
    session = current()
    return _each(objects, lambda obj: True if session is None else _forget(session, obj))


def barrier(no_more_tasks: bool = False) -> None:
    """Waits for all tasks that were called before. Raises what made one of them fail."""
    session = current()
    if session is not None:
        session.barrier()


def barrier_group(group_name: str) -> None:
    """Waits for the tasks of the group. Raises the ``COMPSsException`` that one of them raised."""
    session = current()
    if session is not None:
        _groups.wait_for(session, group_name)


def cancel_group(group_name: str) -> None:
    """Cancels the tasks of the group that have not finished."""
    session = current()
    if session is not None:
        _groups.cancel(session, group_name)


def snapshot() -> None:
    """Asks for a checkpoint of the run. It does nothing yet."""
    if current() is not None:
        warn_once("compss_snapshot does nothing yet: a run keeps no checkpoints")


def number_of_resources() -> int:
    """How many nodes the run has."""
    session = current()
    return 1 if session is None else int(session.ask("resources")["nodes"])


def request_resources(num_resources: int, group_name: str | None = None) -> None:
    """Asks for further nodes. The allocation is fixed: it warns once and changes nothing."""
    _fixed("request")


def free_resources(num_resources: int, group_name: str | None = None) -> None:
    """Gives nodes back. The allocation is fixed: it warns once and changes nothing."""
    _fixed("give back")


def set_wall_clock(wall_clock_limit: float) -> None:
    """Ends the run, as if the program had failed, when it has taken so many seconds from now on."""
    limit = number("wall_clock_limit", wall_clock_limit, float, 0)
    session = current()
    if session is not None and limit > 0:
        import threading

        timer = threading.Timer(limit, lambda: session.ended or session.ask("cancel_all"))
        timer.daemon = True
        timer.start()


def add_logger(logger_name: str) -> None:
    """Lets the logger of this name write where the program's other messages go."""
    import logging

    logger = logging.getLogger(logger_name)
    if not logger.hasHandlers():
        logger.addHandler(logging.StreamHandler())


def wait_for_arguments(
    function: Callable, parameters: Mapping[str, Any], args: tuple, kwargs: dict[str, Any]
) -> tuple[tuple, dict[str, Any]]:
    """The arguments of a call that runs in the program, with everything in them waited for."""
    if current() is None:
        return args, kwargs
    described = {name: parameter_of(name, value) for name, value in parameters.items()}
    bound = Signature(function).bind(args, kwargs)
    for name, value in bound.named.items():
        parameter = described.get(name)
        if parameter is not None and parameter.is_path:
            wait_on_file(value)
        else:
            bound.named[name] = wait_on(value)
    bound.varargs = tuple(wait_on(value) for value in bound.varargs)
    bound.keywords = {name: wait_on(value) for name, value in bound.keywords.items()}
    return Signature(function).unbind(bound)


def _each(values: tuple, do: Callable[[Any], Any]) -> Any:
    if not values:
        raise UsageError("the call needs at least one argument")
    results = [do(value) for value in values]
    return results[0] if len(results) == 1 else results


def _exists(path: Any) -> bool:
    session = current()
    if session is not None:
        if session.known_file(os.fspath(path)) is not None:
            return True
        if session.is_deleted(os.fspath(path)):
            return False
    return os.path.exists(path)


def _at_its_place(path: Any) -> Any:
    session = current()
    datum = session.known_file(os.fspath(path)) if session is not None else None
    if session is not None and datum is not None:
        session.wait_file(datum)
    return path


def _forget(session: Session, obj: Any) -> bool:
    if type(obj) is Future:
        obj.delete()
        return True
    if session.forget(obj) or not isinstance(obj, (list, tuple)):
        return True
    return all([_forget(session, element) for element in obj])


def _fixed(what: str) -> None:
    if current() is not None:
        warn_once(f"the program wants to {what} nodes, but those of the allocation are fixed; nothing is changed")


def _delete(path: Any) -> bool:
    session = current()
    datum = session.known_file(os.fspath(path)) if session is not None else None
    if session is not None and datum is not None:
        session.delete_file(datum)
        return True
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    elif os.path.lexists(path):
        os.remove(path)
    else:
        return False
    return True


def connect() -> None:
    """Connects to the run that the program was started in, if there is one."""
    current()


def disconnect(failed: bool = False) -> None:
    """Waits for all tasks and ends the run, in order or as a program that failed; nothing without a run."""
    session = current()
    if session is not None:
        session.end(failed)
