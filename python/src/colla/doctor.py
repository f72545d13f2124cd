"""``python -m colla.doctor`` says whether programs and notebooks with tasks can run with this interpreter, and what to mend.

One line for each thing that is looked at. The exit code is 1 if something is in the way.
"""

from __future__ import annotations

import enum
import importlib.metadata
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from typing import Callable, Iterable, NamedTuple, Sequence

from . import _gateway
from ._errors import UsageError

__all__ = ["CHECKS", "Finding", "Level", "main"]

_LEAST_PYTHON = (3, 9)
_LEAST_SHARED_MEMORY = 256 << 20
_COMMAND_SECONDS = 30
_TASK_SECONDS = 120

_TASK = """
import os, sys, colla

@colla.task(returns=1)
def where():
    import os
    return os.uname().nodename

colla.start(run_dir=os.path.join(sys.argv[1], "run"), progress="never", quiet=True)
node = colla.wait_on(where())
colla.stop()
print(node)
"""


class Level(enum.Enum):
    """How bad a finding is."""

    GOOD = "ok"
    HINT = "note"
    BAD = "FAIL"


class Finding(NamedTuple):
    """What was looked at, and what to do about it (empty: nothing)."""

    level: Level
    text: str
    advice: str = ""

    def __str__(self) -> str:
        line = f"{self.level.value:<5} {self.text}"
        return f"{line}\n      -> {self.advice}" if self.advice else line


def check_interpreter() -> Finding:
    """The interpreter and its version."""
    version = platform.python_version()
    inside = f", virtual environment {sys.prefix}" if sys.prefix != sys.base_prefix else ""
    text = f"Python {version} ({sys.executable}{inside})"
    if sys.version_info < _LEAST_PYTHON:
        return Finding(Level.BAD, text, f"use Python {_LEAST_PYTHON[0]}.{_LEAST_PYTHON[1]} or newer")
    return Finding(Level.GOOD, text)


def check_packages() -> Finding:
    """Whether ``pycompss`` is this package's."""
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    found = importlib.util.find_spec("pycompss")
    place = os.path.dirname(os.path.abspath(found.origin)) if found is not None and found.origin else ""
    if place != os.path.join(here, "pycompss"):
        advice = f"uninstall the other package, or put {here} before it on PYTHONPATH"
        return Finding(Level.BAD, f"pycompss is not Colla's: it is imported from {place or 'nowhere'}", advice)
    return Finding(Level.GOOD, f"colla and pycompss are in {here}")


def check_cloudpickle() -> Finding:
    """The one package that Colla cannot do without."""
    version = _version("cloudpickle")
    if importlib.util.find_spec("cloudpickle") is None:
        return Finding(Level.BAD, "cloudpickle is not installed", f"{sys.executable} -m pip install 'cloudpickle>=3.0'")
    if version is not None and int(version.split(".")[0]) < 3:
        return Finding(Level.BAD, f"cloudpickle {version} is too old", f"{sys.executable} -m pip install 'cloudpickle>=3.0'")
    return Finding(Level.GOOD, f"cloudpickle {version or ''}".strip())


def check_numpy() -> Finding:
    """numpy, whose arrays are not copied between tasks of a node."""
    version = _version("numpy")
    if version is None:
        return Finding(Level.HINT, "numpy is not installed; Colla does not need it, many programs do")
    return Finding(Level.GOOD, f"numpy {version}")


def check_mpi() -> Finding:
    """mpi4py, by which functions run on MPI ranks, and the MPI library that it uses."""
    version = _version("mpi4py")
    if version is None:
        return Finding(Level.HINT, "mpi4py is not installed", f"for Python functions on MPI ranks: {sys.executable} -m pip install mpi4py")
    script = "import mpi4py; mpi4py.rc.initialize = False; from mpi4py import MPI; print(MPI.Get_library_version())"
    try:
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=_COMMAND_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        return Finding(Level.HINT, f"mpi4py {version} cannot be looked at: {error}")
    said = (done.stdout or done.stderr).rstrip("\0\n ").splitlines() or ["it said nothing"]
    if done.returncode != 0:
        advice = "load the MPI module that it was built for, or install it anew with that of the site"
        return Finding(Level.HINT, f"mpi4py {version} does not work: {said[-1]}", advice)
    return Finding(Level.GOOD, f"mpi4py {version} uses {said[0].partition(',')[0].strip()}; ranks must be started by the same MPI")


def check_notebooks() -> Finding:
    """What a notebook needs."""
    version = _version("ipykernel")
    if version is None:
        return Finding(Level.HINT, "ipykernel is not installed", f"for notebooks: {sys.executable} -m pip install ipykernel")
    return Finding(Level.GOOD, f"ipykernel {version}: notebooks can run with this interpreter")


def check_command() -> Finding:
    """The installed ``colla`` command."""
    try:
        command = _gateway.command()
    except UsageError as error:
        return Finding(Level.BAD, str(error).partition(":")[0], str(error).partition(":")[2].strip())
    try:
        done = subprocess.run([command, "--version"], capture_output=True, text=True, timeout=_COMMAND_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        return Finding(Level.BAD, f"{command} does not run: {error}", "see whether it is installed completely")
    said = (done.stdout or done.stderr).strip().splitlines() or ["it said nothing"]
    if done.returncode != 0:
        return Finding(Level.BAD, f"{command} does not run: {said[-1]}", f"{command} doctor says more")
    return Finding(Level.GOOD, f"{said[0]} ({command})")


def check_shared_memory() -> Finding:
    """Where large objects are shared between the tasks of a node."""
    folder = "/dev/shm"
    if not os.path.isdir(folder) or not os.access(folder, os.W_OK | os.X_OK):
        advice = "large objects go through a folder on disk instead, which is slower; ask for a writable /dev/shm"
        return Finding(Level.HINT, f"{folder} cannot be written", advice)
    free = shutil.disk_usage(folder).free
    text = f"shared memory: {free / 2**30:.1f} GiB free in {folder}"
    if free < _LEAST_SHARED_MEMORY:
        return Finding(Level.HINT, text, "large objects will go to disk; in a container, give it more (--shm-size)")
    return Finding(Level.GOOD, text)


def check_task() -> Finding:
    """A run of its own, with one task."""
    with tempfile.TemporaryDirectory(prefix="colla-doctor-") as folder:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
        environment.pop("COLLA_GATEWAY", None)
        try:
            done = subprocess.run(
                [sys.executable, "-c", _TASK, folder],
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=_TASK_SECONDS,
            )
        except subprocess.TimeoutExpired:
            return Finding(Level.BAD, f"a run with one task did not end within {_TASK_SECONDS} s", "`colla doctor` looks at the rest")
    if done.returncode == 0:
        return Finding(Level.GOOD, f"a run with one task works, on {done.stdout.strip()}")
    said = [line for line in done.stderr.splitlines() if line.strip()] or ["it said nothing"]
    return Finding(Level.BAD, f"a run with one task does not work: {said[-1]}", "`colla doctor` looks at the rest")


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


CHECKS: Sequence[Callable[[], Finding]] = (
    check_interpreter,
    check_packages,
    check_cloudpickle,
    check_numpy,
    check_mpi,
    check_notebooks,
    check_command,
    check_shared_memory,
    check_task,
)


def main(checks: Iterable[Callable[[], Finding]] = CHECKS) -> int:
    """Makes all checks; those that need a working command are left out if there is none. Returns the exit code."""
    worst = False
    for check in checks:
        if check is check_task and worst:
            print(Finding(Level.HINT, "a run was not tried, because of what failed above"))
            continue
        finding = check()
        worst = worst or finding.level is Level.BAD
        print(finding, flush=True)
    return 1 if worst else 0


if __name__ == "__main__":
    sys.exit(main())
