"""Programs in containers: the command lines of Docker, Podman, Singularity and Apptainer."""

from __future__ import annotations

import os
import pickle
import shlex
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from ._definition import decorate
from ._errors import UsageError
from ._keywords import canonical, expand

__all__ = ["Container", "call_inside", "container"]

_ALIKE = {
    "docker": ("docker", "podman"),
    "podman": ("podman", "docker"),
    "singularity": ("singularity", "apptainer"),
    "apptainer": ("apptainer", "singularity"),
}
"""The engines that can stand in for each other: they take the same command line."""


class Container(NamedTuple):
    """An image, the engine that runs it, and further options of that engine."""

    engine: str
    image: str
    options: str = ""

    @classmethod
    def of(cls, engine: Any, image: Any, options: Any = None) -> Container:
        """Raises ``UsageError`` for an unknown engine or without an image."""
        name = str(engine).lower()
        if name not in _ALIKE:
            raise UsageError(f"engine of @container is {engine!r}; give DOCKER, PODMAN, SINGULARITY or APPTAINER")
        if not image:
            raise UsageError("@container needs the keyword 'image'")
        return cls(name, str(image), str(options or ""))

    def command(self, argv: Sequence[str], folder: str, others: Iterable[str] = ()) -> list[str]:
        """The command line that runs ``argv`` in the container, in ``folder``, which it sees under its own path, as the ``others``.

        Raises ``UsageError`` if no engine for it is installed here.
        """
        engine = self.installed()
        options = shlex.split(expand(self.options))
        seen = sorted({folder, *others})
        if self.engine in ("docker", "podman"):
            folders = [part for each in seen for part in ("--volume", f"{each}:{each}")]
            return [engine, "run", "--rm", "--init", "--interactive", *folders, "--workdir", folder, *options, self.image, *argv]
        folders = [part for each in seen for part in ("--bind", each)]
        return [engine, "exec", *folders, "--pwd", folder, *options, self.image, *argv]

    def installed(self) -> str:
        """The engine's command on this machine."""
        for name in _ALIKE[self.engine]:
            if shutil.which(name):
                return name
        wanted = " nor ".join(_ALIKE[self.engine])
        raise UsageError(f"the task runs in the container image {self.image}, but neither {wanted} is installed; install one, or remove @container")


def call_inside(
    container: Container, function: Callable, args: tuple, kwargs: dict[str, Any], folders: Iterable[str]
) -> tuple[Any, list[Any], dict[str, Any]]:
    """Calls a Python function in the container, by a ``python3`` that is in the image.

    Returns its result and the arguments as they are then. Raises what it raises, and ``TaskFailedError`` if the container fails.
    """
    import cloudpickle

    from . import _objects
    from ._commands import Command, run
    from ._errors import TaskFailedError

    name = getattr(function, "__qualname__", repr(function))
    ours = {os.path.dirname(os.path.dirname(os.path.abspath(module.__file__ or ""))) for module in (cloudpickle, _objects)}
    modules = [path for path in sys.path if os.path.isdir(path) and not path.startswith((sys.prefix, sys.base_prefix))]
    with tempfile.TemporaryDirectory(prefix="colla-container-") as exchange:
        call, answer = os.path.join(exchange, "call"), os.path.join(exchange, "answer")
        with open(call, "wb") as file:
            file.write(_objects.dumps((function, list(args), kwargs)))
        places = ":".join(dict.fromkeys([*modules, *sorted(ours)]))
        inside = ["env", f"PYTHONPATH={places}", "python3", "-m", "colla.worker.contained", call, answer]
        argv = container.command(inside, os.getcwd(), {exchange, *places.split(":"), *folders})
        code = run(Command(argv), name, lambda code: False)
        if not os.path.exists(answer):
            raise TaskFailedError(f"{name}: {argv[0]} ended with exit code {code} before the function had in image {container.image}", name)
        with open(answer, "rb") as file:
            error, result, args_after, kwargs_after = pickle.load(file)
    if error is not None:
        raise error
    return result, args_after, kwargs_after


def container(**keywords: Any) -> Callable[[Any], Any]:
    """The task's program or function runs in a container; for a function, the image has a ``python3`` of the program's version.

    Keywords: ``engine`` (DOCKER, PODMAN, SINGULARITY or APPTAINER; one that takes the same command line stands in for it),
    ``image`` (both needed) and ``options`` (further options of the engine, as one text).
    """
    given = canonical("container", keywords, ("engine", "image", "options"))
    described = Container.of(given.get("engine"), given.get("image"), given.get("options"))
    return decorate(lambda definition: definition._replace(container=described))
