"""Starts programs as users do: alone, with `colla run` in several ways, and in a batch job of the test cluster."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from programs import LOCAL, RUN, SEQUENTIAL, Program

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 120  # seconds for one program on a busy machine


@dataclass(frozen=True)
class Ended:
    """What a process printed and how it ended."""

    code: int
    out: str
    err: str

    def __str__(self) -> str:
        return f"exit code {self.code}\n--- standard output\n{self.out}\n--- standard error\n{self.err}"


def home() -> Path:
    """The distribution under test: `COLLA_HOME`, else the one that this checkout builds."""
    return Path(os.environ.get("COLLA_HOME") or ROOT / "dist/colla")


def environment(**more: str) -> dict[str, str]:
    """Without what would make a program part of another run; Open MPI lets root, as which tests may run, start ranks only when it is told so."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("COLLA_", "PYTHON", "SLURM_"))}
    root = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
    return {**kept, "PYTHONDONTWRITEBYTECODE": "1", **root, **more}


def execute(command: list[str], folder: Path, limit: float = LIMIT, **more: str) -> Ended:
    """Runs a command in a folder to its end.

    Raises subprocess.TimeoutExpired, with what was printed until then, if that takes more than `limit` seconds."""
    done = subprocess.run(command, cwd=folder, env=environment(**more), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=limit)
    return Ended(done.returncode, done.stdout, done.stderr)


def colla(*words: str) -> list[str]:
    return [str(home() / "bin/colla"), *words]


def sequentially(script: Path, *arguments: str, folder: Path, python: str = sys.executable) -> Ended:
    """The script with plain `python3`: Colla's packages can be imported, nothing else of it is there."""
    return execute([python, str(script), *arguments], folder, PYTHONPATH=str(home() / "python"))


def with_colla(script: Path, *arguments: str, folder: Path, options: tuple[str, ...] = (), python: str = sys.executable, limit: float = LIMIT) -> Ended:
    return execute(colla("run", "--quiet", "--python", python, *options, str(script), *arguments), folder, limit)


def run(program: Program, mode: str, folder: Path) -> Ended:
    """The program in one of the modes of this machine, in an empty folder that is its own."""
    if mode == SEQUENTIAL:
        return sequentially(program.path, *program.arguments, folder=folder)
    options = {RUN: (), LOCAL: ("--workers", "local:3")}[mode]
    return with_colla(program.path, *program.arguments, folder=folder, options=(*options, *program.options))


def left_behind(program: Program, folder: Path) -> dict[str, str | None]:
    """The contents of the files that the program must have left; None for one that is missing."""
    return {name: (folder / name).read_text() if (folder / name).exists() else None for name in program.files}


def require(command: str) -> str:
    """The path of a command; an error that names it if it is not installed."""
    found = shutil.which(command)
    if found is None:
        raise FileNotFoundError(f"{command} is not installed")
    return found
