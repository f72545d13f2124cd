"""The conformance programs: plain scripts as users write them, and what each needs, from its line `# conformance: ...`."""

from __future__ import annotations

import importlib.util
import shutil
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).with_name("programs")
SEQUENTIAL, RUN, LOCAL, CLUSTER = "sequential", "run", "local", "cluster"
MODES = (SEQUENTIAL, RUN, LOCAL, CLUSTER)
MARK = "# conformance:"


@dataclass(frozen=True)
class Program:
    """One script, and what its line says: `modes`, `needs` (modules), `without` (commands), `files` (left behind), `arguments`, `options` (of `colla run`)."""

    path: Path
    modes: tuple[str, ...] = MODES
    needs: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    options: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.path.stem

    def hindrance(self) -> str | None:
        """Why it cannot run on this machine; None if it can."""
        for module in self.needs:
            if importlib.util.find_spec(module) is None:
                return f"{module} is not installed"
        for command in self.without:
            if shutil.which(command):
                return f"{command} is installed"
        return None


def parse(path: Path) -> Program | None:
    """The program in a file; None if the file is a module for others."""
    settings: dict[str, tuple[str, ...]] = {}
    for line in path.read_text().splitlines():
        if not line.startswith(MARK):
            continue
        said = line[len(MARK):].strip()
        if said == "library":
            return None
        for part in said.split(";"):
            key, _, values = part.partition(":")
            settings[key.strip()] = tuple(values.split())
    return Program(path, **settings)


def programs() -> list[Program]:
    found = (parse(path) for path in sorted(FOLDER.glob("*.py")))
    return [program for program in found if program is not None]
