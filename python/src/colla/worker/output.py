"""What tasks print: kept in a file for each executor until its next task, and passed on line by line when the user wants to see it."""

from __future__ import annotations

import io
import os
import sys
from typing import Any, Callable

__all__ = ["Output", "Tee"]

_TAIL = 8 * 1024


class Output:
    """The standard output and error of this process, in a file. For the thread that runs the tasks."""

    def __init__(self, path: str) -> None:
        """Redirects descriptors 1 and 2, for this process and all that it starts, and empties descriptor 0."""
        nothing = os.open(os.devnull, os.O_RDONLY)
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC, 0o600)
        for source, target in ((nothing, 0), (file, 1), (file, 2)):
            os.dup2(source, target)
        for descriptor in (nothing, file):
            if descriptor > 2:
                os.close(descriptor)
        sys.stdin = open(0, closefd=False)
        sys.stdout = sys.__stdout__ = _text(1)
        sys.stderr = sys.__stderr__ = _text(2)

    def begin(self) -> None:
        """Empties the file if something is in it."""
        # The place of the next write is behind the last one, of whatever process shares the descriptor.
        if os.lseek(1, 0, os.SEEK_CUR):
            self._flush()
            os.ftruncate(1, 0)
            os.lseek(1, 0, os.SEEK_SET)

    def tail(self) -> str:
        """The end of what has been printed since :meth:`begin`."""
        self._flush()
        try:
            size = os.fstat(1).st_size
            text = os.pread(1, _TAIL, max(0, size - _TAIL)).decode(errors="replace")
        except OSError:
            return ""  # the task has closed it, or put something else in its place
        return text if size <= _TAIL else "…" + text.partition("\n")[2]

    def stream_to(self, send: Callable[[str], None]) -> None:
        """Has what Python code prints from now on sent, too, as it is printed."""
        sys.stdout = Tee(sys.__stdout__, send)
        sys.stderr = Tee(sys.__stderr__, send)

    def _flush(self) -> None:
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (ValueError, OSError, AttributeError):
                continue  # the task has closed or replaced it


def _text(descriptor: int) -> io.TextIOWrapper:
    return open(descriptor, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False)


class Tee(io.TextIOBase):
    """A text stream whose text also goes elsewhere, when a line is complete or the stream flushed."""

    def __init__(self, stream: Any, send: Callable[[str], None]) -> None:
        self._stream = stream
        self._send = send
        self._waiting = ""

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._stream.encoding

    @property
    def buffer(self) -> Any:
        return self._stream.buffer

    def fileno(self) -> int:
        return self._stream.fileno()

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return False

    def write(self, text: str) -> int:
        self._stream.write(text)
        lines, newline, rest = (self._waiting + text).rpartition("\n")
        self._waiting = rest
        if newline:
            self._send(lines + newline)
        return len(text)

    def flush(self) -> None:
        self._stream.flush()
        if self._waiting:
            waiting, self._waiting = self._waiting, ""
            self._send(waiting)
