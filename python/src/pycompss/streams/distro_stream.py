"""Streams of objects and of files between tasks that run at the same time, and between tasks and the program.

::

    @task(numbers=STREAM_OUT)
    def produce(numbers):
        for i in range(10):
            numbers.publish(i)
        numbers.close()

    @task(numbers=STREAM_IN, returns=1)
    def consume(numbers):
        total = 0
        while not numbers.is_closed():
            total += sum(numbers.poll())
        return total

    numbers = ObjectDistroStream()
    produce(numbers)
    total = compss_wait_on(consume(numbers))

Each element reaches one consumer. A task that is passed a stream as ``STREAM_OUT`` is a writer: the stream is closed when all its
writers have closed it (or the program has, if there are none).
"""

from __future__ import annotations

import logging
import os
import time
from abc import ABC, abstractmethod
from typing import Any, Dict, Iterable, List, Optional, Set, Tuple

from colla import _objects, _streams
from colla._errors import UsageError

__all__ = [
    "AT_LEAST_ONCE",
    "AT_MOST_ONCE",
    "EXACTLY_ONCE",
    "FILE",
    "OBJECT",
    "PSCO",
    "BackendException",
    "DistroStream",
    "FileDistroStream",
    "ObjectDistroStream",
    "PscoDistroStream",
    "RegistrationException",
]

FILE = "FILE"
OBJECT = "OBJECT"
PSCO = "PSCO"

AT_MOST_ONCE = "AT_MOST_ONCE"
AT_LEAST_ONCE = "AT_LEAST_ONCE"
EXACTLY_ONCE = "EXACTLY_ONCE"

_MODES = {mode.name: mode for mode in _streams.Mode}

_DEFAULT_MILLIS = 200
_LOOK_AGAIN_SECONDS = 0.05
_SETTLED_SECONDS = 0.02
"""A file that has not changed for so long is complete."""
_OLD_SECONDS = 1.0
"""A file that was last changed so long ago is complete at first sight."""

_log = logging.getLogger(__name__)


class _StreamError(Exception):
    def __init__(self, code: Optional[int] = None, message: Optional[str] = None) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return f"{self.message}" if self.code is None else f"{self.message} (error {self.code})"


class RegistrationException(_StreamError):
    """A stream could not be made."""


class BackendException(_StreamError):
    """The elements of a stream could not be got."""


class DistroStream(ABC):
    """A stream. Instances can be passed to tasks, and stand for the same stream there."""

    def __init__(self, alias: Optional[str], stream_type: str, access_mode: str) -> None:
        mode = _MODES.get(access_mode)
        if mode is None:
            raise RegistrationException(message=f"there is no access mode {access_mode!r}: use one of {', '.join(_MODES)}")
        self.alias = alias
        self.stream_type = stream_type
        self.access_mode = access_mode
        # Streams of different types may have the same alias.
        self.id = _streams.broker().open(f"{stream_type}:{alias}" if alias else "", mode)
        self._run = _streams.this_run()

    def _broker(self) -> _streams.Broker:
        """Returns the broker that has the stream."""
        run = _streams.this_run()
        if run is not None and self._run is not None and run != self._run:
            raise UsageError(f"{self!r} belongs to {'another run' if self._run else 'no run'}: make it anew after the start of this one")
        return _streams.broker()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.alias or self.id}>"

    def get_stream_id(self) -> str:
        """Returns the number of the stream in this run, as a string."""
        return str(self.id)

    def get_stream_alias(self) -> Optional[str]:
        """Returns the alias under which other parts of the program find this stream, or None."""
        return self.alias

    get_stream_name = get_stream_alias

    def get_stream_type(self) -> str:
        """Returns FILE or OBJECT."""
        return self.stream_type

    @abstractmethod
    def publish(self, message: Any) -> None:
        """Appends an element."""

    @abstractmethod
    def publish_list(self, messages: Iterable[Any]) -> None:
        """Appends elements, in one message."""

    @abstractmethod
    def poll(self, timeout: Optional[float] = None) -> List[Any]:
        """Returns the elements that are there and that nobody else has polled."""

    def close(self) -> None:
        """Says that this task (or the program) publishes no more."""
        self._broker().close(self.id, _streams.this_consumer())

    def is_closed(self) -> bool:
        """Whether all writers have closed the stream and nothing is left to be polled."""
        return self._broker().is_closed(self.id)

    def add_writer(self) -> None:
        """Says that one more task is going to write and to close; calls of tasks with ``STREAM_OUT`` do it."""
        self._broker().add_writer(self.id)

    def leave(self) -> None:
        """Says that this task writes no more, whether or not it has closed the stream; the end of a task with ``STREAM_OUT`` does it."""
        self._broker().leave(self.id, _streams.this_consumer())


class ObjectDistroStream(DistroStream):
    """A stream of objects. A consumer gets copies.

    :param alias: a name: instances with the same alias are the same stream.
    :param access_mode: how often an element is polled if the task that polled it fails and is tried again (see the guide).
    """

    def __init__(self, alias: Optional[str] = None, access_mode: str = AT_MOST_ONCE) -> None:
        super().__init__(alias, OBJECT, access_mode)

    def publish(self, message: Any) -> None:
        self.publish_list((message,))

    def publish_list(self, messages: Iterable[Any]) -> None:
        packed = [_objects.pack(message).to_bytes() for message in messages]
        if packed:
            self._broker().publish(self.id, packed)

    def poll(self, timeout: Optional[float] = _DEFAULT_MILLIS) -> List[Any]:
        """Returns all objects that are there; if there are none, waits for some.

        :param timeout: how long, in milliseconds; None: until something comes or the stream is closed.
        """
        seconds = None if timeout is None else timeout / 1000
        return [_objects.unpack(packed) for packed in self._broker().poll(self.id, _streams.this_consumer(), seconds)]


class FileDistroStream(DistroStream):
    """A stream of the files that appear in a folder, which all nodes must see. Hidden files and subfolders are left out.

    A file is polled when it is no longer growing, or when the stream is closed; writers that move a complete file into the folder
    make sure of it. Files that were there before the stream are its first elements.

    :param base_dir: the folder; made if needed.
    """

    def __init__(
        self, alias: Optional[str] = None, access_mode: str = AT_MOST_ONCE, base_dir: Optional[str] = None
    ) -> None:
        if not base_dir:
            raise RegistrationException(message="a FileDistroStream needs the folder that its files appear in: base_dir")
        self.base_dir = os.path.abspath(base_dir)
        try:
            os.makedirs(self.base_dir, exist_ok=True)
        except OSError as error:
            raise RegistrationException(
                error.errno, f"the folder {self.base_dir} of a file stream cannot be made: {error.strerror}"
            ) from error
        super().__init__(alias, FILE, access_mode)
        self._files = _Files(self.base_dir)

    def __fspath__(self) -> str:
        return self.base_dir

    def __str__(self) -> str:
        """The folder: what a program (``@binary``) is given for the stream."""
        return self.base_dir

    def publish(self, message: Any) -> None:
        """Nothing: a file is published by writing it into the folder."""
        _log.warning("publish() of a FileDistroStream does nothing: a file in %s is published by being there", self.base_dir)

    def publish_list(self, messages: Iterable[Any]) -> None:
        """Nothing: files are published by writing them into the folder."""
        self.publish(messages)

    def poll(self, timeout: Optional[float] = None) -> List[str]:
        """Returns the paths of files that nobody has polled.

        :param timeout: how long to wait for one if there are none, in milliseconds; None: do not wait.
        """
        broker = self._broker()
        deadline = time.monotonic() + (timeout or 0) / 1000
        ended = broker.ended(self.id)
        while True:
            complete, growing = self._files.look(ended)
            names = broker.claim(self.id, complete)
            self._files.forget(complete)
            left = deadline - time.monotonic()
            if names or ended or left <= (-2 * _SETTLED_SECONDS if growing else 0):
                return [os.path.join(self.base_dir, name) for name in names]
            # A folder of a shared file system tells nobody what comes: look again, or when the stream is closed.
            ended = broker.ended(self.id, _SETTLED_SECONDS if growing else min(left, _LOOK_AGAIN_SECONDS))

    def is_closed(self) -> bool:
        broker = self._broker()
        return broker.ended(self.id) and not broker.unclaimed(self.id, self._files.look(ended=True)[0])


class _Files:
    """What this process knows of the files in a folder. Travels without what it knows."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._claimed: Set[str] = set()
        self._growing: Dict[str, Tuple[Tuple[int, int], float]] = {}

    def __reduce__(self) -> Tuple[Any, ...]:
        return _Files, (self._folder,)

    def look(self, ended: bool) -> Tuple[List[str], bool]:
        """Returns the names of the files that are complete and may be unclaimed, by name; and whether there are others.

        :param ended: all are complete.
        """
        complete = []
        growing: Dict[str, Tuple[Tuple[int, int], float]] = {}
        with os.scandir(self._folder) as entries:
            for entry in entries:
                if entry.name in self._claimed or entry.name.startswith(".") or not entry.is_file():
                    continue
                state = None if ended else self._state(entry)
                if state is None:
                    complete.append(entry.name)
                else:
                    growing[entry.name] = state
        self._growing = growing
        return sorted(complete), bool(growing)

    def _state(self, entry: os.DirEntry[str]) -> Optional[Tuple[Tuple[int, int], float]]:
        """Returns size and time of a file that may be growing and since when they are so; None if it is complete."""
        try:
            stat = entry.stat()
        except FileNotFoundError:
            return (0, 0), time.monotonic()
        if time.time() - stat.st_mtime > _OLD_SECONDS:
            return None
        now = time.monotonic()
        seen, since = self._growing.get(entry.name, ((-1, -1), now))
        shape = (stat.st_size, stat.st_mtime_ns)
        if shape != seen:
            return shape, now
        return None if now - since >= _SETTLED_SECONDS else (shape, since)

    def forget(self, names: List[str]) -> None:
        """Does not return these names again: somebody has claimed them."""
        self._claimed.update(names)


class PscoDistroStream(DistroStream):
    """A stream of persistent objects: not there, because no object store is."""

    def __init__(self, alias: Optional[str] = None, access_mode: str = AT_MOST_ONCE) -> None:
        raise UsageError("persistent objects need an object store, which Colla does not have; use an ObjectDistroStream")

    def publish(self, message: Any) -> None:
        raise NotImplementedError

    def publish_list(self, messages: Iterable[Any]) -> None:
        raise NotImplementedError

    def poll(self, timeout: Optional[float] = None) -> List[Any]:
        raise NotImplementedError
