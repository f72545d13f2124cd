"""Starts the gateway of a program that was not started by ``colla run``: of a notebook, say."""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import sys
import threading
from time import monotonic
from typing import Any, Mapping, Optional

from ._errors import UsageError

__all__ = ["command", "start"]

_START_SECONDS = 120.0
"""Workers on other nodes take a while, but not longer."""

_END_SECONDS = 30.0

_MOST_OUTPUT = 4000

_gateways: list[subprocess.Popen] = []
"""Those started. Each ends when its standard input does, so that it outlives this process in no case."""


def start(options: Mapping[str, Any]) -> str:
    """Starts a run of this program's own and returns the path of its gateway's socket.

    Raises UsageError with what the command said if it cannot start.
    """
    arguments = [command(), "gateway", *as_arguments(options)]
    process = subprocess.Popen(
        arguments,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # Ctrl-C is the program's: it ends a wait, not the run.
        start_new_session=True,
    )
    messages = _Messages(process)
    line = _first_line(process, monotonic() + _START_SECONDS)
    try:
        path = json.loads(line)["socket"]
    except (ValueError, KeyError, TypeError):
        _end(process)
        said = messages.all() or (f"it said {line.decode(errors='replace')!r}" if line else "it said nothing")
        raise UsageError(f"`{' '.join(arguments)}` could not start the run: {said}") from None
    messages.show()
    _gateways.append(process)
    return path


class _Messages:
    """What a gateway says on its standard error: kept until it has started, shown by this process after that."""

    def __init__(self, process: subprocess.Popen) -> None:
        self._stream = process.stderr
        self._lock = threading.Lock()
        self._kept: Optional[list[str]] = []
        self._thread = threading.Thread(target=self._read, name="colla-messages", daemon=True)
        self._thread.start()

    def all(self) -> str:
        """All that an ended gateway has said."""
        self._thread.join(_END_SECONDS)
        with self._lock:
            return "".join(self._kept or ())[-_MOST_OUTPUT:].strip()

    def show(self) -> None:
        """Shows what was said, and what will be."""
        with self._lock:
            kept, self._kept = self._kept, None
        _show("".join(kept or ()))

    def _read(self) -> None:
        assert self._stream is not None
        with self._stream:
            for line in self._stream:
                text = line.decode(errors="replace")
                with self._lock:
                    if self._kept is not None:
                        self._kept.append(text)
                        continue
                _show(text)


def _show(text: str) -> None:
    try:
        if text:
            sys.stderr.write(text)
            sys.stderr.flush()
    except (AttributeError, OSError, ValueError):
        pass  # the program has no standard error, or has closed it


def wait(seconds: float = _END_SECONDS) -> bool:
    """Waits until the gateways that were started here have ended, after their sessions have; ends those that have not by then.

    Whether there was one.
    """
    found = bool(_gateways)
    while _gateways:
        _end(_gateways.pop(), seconds)
    return found


def command() -> str:
    """The path of the ``colla`` command: that of this package's distribution, of ``COLLA_HOME``, or of ``PATH``."""
    package = os.path.dirname(os.path.abspath(__file__))
    homes = [os.path.join(package, os.pardir, os.pardir), os.environ.get("COLLA_HOME")]
    for home in homes:
        if home:
            path = os.path.abspath(os.path.join(home, "bin", "colla"))
            if os.access(path, os.X_OK):
                return path
    found = shutil.which("colla")
    if found is None:
        raise UsageError(
            "there is no `colla` command here: set COLLA_HOME to the folder where Colla is installed, or add its bin folder to PATH"
        )
    return found


def as_arguments(options: Mapping[str, Any]) -> list[str]:
    """Options as the command line has them: ``workers="local:3"`` as ``--workers=local:3``, ``stream=True`` as ``--stream``."""
    arguments = []
    for name, value in options.items():
        option = "--" + name.replace("_", "-")
        if value is True:
            arguments.append(option)
        elif isinstance(value, (list, tuple)):
            arguments += [f"{option}={item}" for item in value]
        elif value is not None and value is not False:
            arguments.append(f"{option}={value}")
    return arguments


def _first_line(process: subprocess.Popen, deadline: float) -> bytes:
    """The first line that the process prints; less if it ends or the deadline passes before."""
    assert process.stdout is not None
    line = b""
    poll = select.poll()
    poll.register(process.stdout, select.POLLIN)
    while not line.endswith(b"\n") and poll.poll(max(0.0, deadline - monotonic()) * 1000):
        byte = os.read(process.stdout.fileno(), 4096)
        if not byte:
            break
        line += byte
    return line


def _end(process: subprocess.Popen, seconds: float = _END_SECONDS) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
