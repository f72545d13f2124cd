"""Programs in containers: the command lines of Docker, Podman, Singularity and Apptainer."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from ._definition import decorate
from ._errors import UsageError
from ._keywords import canonical, expand

__all__ = ["Container", "container"]

_ALIKE = {"docker": ("docker", "podman"), "podman": ("podman", "docker"), "singularity": ("singularity", "apptainer"), "apptainer": ("apptainer", "singularity")}
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


def container(**keywords: Any) -> Callable[[Any], Any]:
    """The task's program runs in a container.

    Keywords: ``engine`` (DOCKER, PODMAN, SINGULARITY or APPTAINER; one that takes the same command line stands in for it),
    ``image`` (both needed) and ``options`` (further options of the engine, as one text).
    """
    given = canonical("container", keywords, ("engine", "image", "options"))
    described = Container.of(given.get("engine"), given.get("image"), given.get("options"))
    return decorate(lambda definition: definition._replace(container=described))
