"""What this process records for the run's trace: in a log of its own, beside those of the Java processes and in their format
(``io.colla.tracing.log``), which the merger reads.

A record goes straight into the mapped file: when the process is killed, what it had recorded is there. There is no thread that writes,
so that a task may fork; a forked child records nothing into its parent's log, and begins one of its own when it has something to tell.

The environment says whether the run is traced, what is recorded, and where logs are put. Nothing of it is left to what this process
starts. Where the run is not traced, :func:`recorder` gives None, and everything else does nothing.
"""

from __future__ import annotations

import contextlib
import errno
import mmap
import os
import re
import struct
import threading
import time
import zlib
from typing import Any, Iterator, Mapping, NamedTuple, Optional

__all__ = [
    "BINDING", "USER", "Recorder", "close", "configure", "configure_at", "define", "identify", "identify_program", "is_on", "is_traced", "now", "number_of", "recorder", "tell_end",
]  # fmt: skip

BINDING, USER = "BINDING", "USER"
"""Groups of events, as Colla's settings name them: what Python does; what the application records itself."""

THREAD_TYPE = 8001003
MAIN, PYTHON_WORKER = 1, 9
"""Values of it."""
INSIDE_TASK = 9000100
CPU_AFFINITY = 9000150
CPU_COUNT = 9000151
GPU_AFFINITY = 9000160
INSIDE_WORKER = 9000200
MASTER = 9000300
SERIALIZED_BYTES = 9000600
DESERIALIZED_BYTES = 9000601
SERIALIZED_OBJECTS = 9000700
DESERIALIZED_OBJECTS = 9000701
USER_EVENTS = 9100000
USER_FUNCTION = 60000100
FIRST_TYPE = 1000
"""The numbers below are the log's own."""

MOST_TYPE = 1 << 31
"""Types are below."""

_SETTINGS, _LOGS = "COLLA_TRACE_SETTINGS", "COLLA_TRACE_LOGS"

_MAGIC = int.from_bytes(b"CTL1", "little")
_TEXT, _EVENTS = 1, 2
_HEAD = struct.Struct("<iii")
_EVENTS_HEAD = struct.Struct("<iiiii")
_INT = struct.Struct("<i")
_RECORD = struct.Struct("<qiiq")
_pack = _RECORD.pack_into
now = _now = time.monotonic_ns
"""CLOCK_MONOTONIC, which is System.nanoTime, too."""

_LEAST_ROOM = 120
_MOST_ROOM = 8000
"""Records of a block. Blocks are made of disk space that is there, so that a full disk ends the recording and not the process."""

_MOST_AT_ONCE = 16
_packs = [struct.Struct("<" + "qiiq" * count).pack_into for count in range(_MOST_AT_ONCE + 1)]

_NOWHERE = bytearray(_RECORD.size * 64)
"""Takes what is recorded when nothing can be any more."""


class _Settings(NamedTuple):
    groups: "frozenset[str]"
    folder: str


class _Identity(NamedTuple):
    role: str
    kind: str
    thread_type: int
    values: "Mapping[str, Any]"


PROGRAM = _Identity("python-program", "python-main", MAIN, {})
"""The main program of a run."""


class _Defined(NamedTuple):
    label: str
    values: "dict[int, str]"


class _Log:
    """The file of this process."""

    def __init__(self, folder: str, identity: _Identity) -> None:
        self.path, self._fd = _create(os.path.join(folder, _file_name(identity.role, identity.values.get("node"), os.getpid())))
        self._end = 0
        self._lock = threading.RLock()
        self.broken = False
        self.writer = 0
        """The thread that is just writing, of :func:`threading.get_ident`; 0 for none."""
        self._threads = 0
        described = {"boot": _boot(), "role": identity.role, **identity.values, "pid": os.getpid()}
        self.describe("process", {**described, "nanos": _now(), "wall": time.time_ns()})

    def describe(self, what: str, values: "Mapping[str, Any]") -> None:
        """Writes down something about the process, at once."""
        block = _text(what, values)
        with self._lock:
            if not self._begins():
                return
            try:
                os.pwrite(self._fd, block, self._end)
                self._end += len(block)
            except OSError:
                self._breaks()
            finally:
                self.writer = 0

    def _begins(self) -> bool:
        """With the lock: whether the file can be written now. Not in the middle of that, where a finalizer or a profiler may come from."""
        if self.broken or self.writer:
            return False
        self.writer = threading.get_ident()
        return True

    def thread(self, kind: str, index: int) -> int:
        """The number of a new thread."""
        with self._lock:
            number = self._threads
            self._threads += 1
        self.describe("thread", {"number": number, "kind": kind, "index": index})
        return number

    def block(self, thread: int, records: int) -> "Optional[_Block]":
        """Room for records; None if there is no more."""
        size = _EVENTS_HEAD.size + records * _RECORD.size
        with self._lock:
            if not self._begins():
                return None
            try:
                _take_space(self._fd, self._end, size)
                memory, start = self._mapped(size)
                # The number of records is that of the room: the first that is zero ends them.
                _EVENTS_HEAD.pack_into(memory, start, _MAGIC, _EVENTS, size - _HEAD.size, thread, records)
                made = _Block(memory, start + _EVENTS_HEAD.size, self._end, size)
                self._end += size
                return made
            except (OSError, ValueError):
                self._breaks()
                return None
            finally:
                self.writer = 0

    def _mapped(self, size: int) -> "tuple[Any, int]":
        """Memory that is the file's from its end on, and where in it that is."""
        skipped = self._end % mmap.ALLOCATIONGRANULARITY
        try:
            return mmap.mmap(self._fd, skipped + size, offset=self._end - skipped), skipped
        except OSError:  # a file system that maps no files: what a process has not finished is lost with it
            return bytearray(size), 0

    def finish(self, block: "_Block", used: int) -> None:
        """No record comes into a block any more; it has so many bytes of them."""
        size = _EVENTS_HEAD.size + used
        at = block.start - _EVENTS_HEAD.size
        with self._lock:
            if not self._begins():
                return
            try:
                is_last = block.position + block.size == self._end
                length = (size if is_last else block.size) - _HEAD.size
                _INT.pack_into(block.memory, at + 8, length)
                _INT.pack_into(block.memory, at + 16, used // _RECORD.size)
                if type(block.memory) is bytearray:
                    os.pwrite(self._fd, block.memory[: block.size], block.position)
                if is_last:
                    self._end = block.position + size
            except OSError:
                self._breaks()
            finally:
                self.writer = 0

    def abandon(self) -> None:
        """In the child of a fork: the log is the parent's."""
        self._lock = threading.RLock()
        self.broken = True
        with contextlib.suppress(OSError):
            os.close(self._fd)

    def _breaks(self) -> None:
        """The trace ends here for this process; the task goes on."""
        self.broken = True

    def close(self) -> None:
        """Ends the log, when all its blocks are finished."""
        self.describe("end", {"nanos": _now()})
        with self._lock:
            self.broken = True
            with contextlib.suppress(OSError):
                os.ftruncate(self._fd, self._end)
                os.close(self._fd)


class _Block(NamedTuple):
    """Room for the records of a thread: in ``memory`` from ``start`` on; in the file the block is at ``position``."""

    memory: Any
    start: int
    position: int
    size: int


class Recorder:
    """What one thread records. For that thread alone; a record takes about 0.3 µs."""

    __slots__ = ("open", "_log", "_number", "_block", "_map", "_at", "_last", "_room", "_growing")

    def __init__(self, log: _Log, number: int) -> None:
        self.open: "dict[int, int]" = {}
        """The values of the application's regions, by type."""
        self._log = log
        self._number = number
        self._room = 0
        self._block: Optional[_Block] = None
        self._map: Any = _NOWHERE
        self._at = 0
        self._last = -1
        self._growing = False

    def record(self, kind: int, value: int) -> None:
        """Something happens now: an event's type as in Paraver, and its value."""
        at = self._at
        if at > self._last:
            at = self._more()
            if at < 0:
                return
        _pack(self._map, at, _now(), kind, 0, value)
        self._at = at + 24

    def record_at(self, nanoseconds: int, kind: int, value: int) -> None:
        """Something has happened, not before the thread's last record."""
        at = self._at
        if at > self._last:
            at = self._more()
            if at < 0:
                return
        _pack(self._map, at, nanoseconds, kind, 0, value)
        self._at = at + 24

    def record_all(self, records: "list[int]") -> None:
        """Records what has been gathered, oldest first: for each time, type, 0 and value, one behind the other. Cheaper than one by one."""
        count = len(records) // 4
        at = self._at
        after = at + 24 * count
        if count <= _MOST_AT_ONCE and after <= self._last + 24:
            _packs[count](self._map, at, *records)
            self._at = after
            return
        for index in range(0, len(records), 4):
            self.record_at(records[index], records[index + 1], records[index + 3])

    @property
    def is_busy(self) -> bool:
        """Whether this thread is just writing the log, in the midst of which nothing can be recorded."""
        return self._growing or self._log.writer == threading.get_ident()

    def _more(self) -> int:
        """Goes on to another block; where in the memory the next record belongs, negative if this was called in the middle of itself."""
        if self._growing:
            return -1
        self._growing = True
        try:
            self.finish()
            self._room = min(_MOST_ROOM, max(_LEAST_ROOM, 4 * self._room))
            block = self._log.block(self._number, self._room)
            if block is None:
                self._last = len(_NOWHERE) - _RECORD.size
                return 0
            self._block = block
            self._map = block.memory
            self._at = block.start
            self._last = block.start + (self._room - 1) * _RECORD.size
            return block.start
        finally:
            self._growing = False

    def finish(self) -> None:
        """What was recorded is in the log."""
        if self._block is not None:
            self._log.finish(self._block, self._at - self._block.start)
        self.forget()

    def forget(self) -> None:
        """Lets go of the block, which in the child of a fork is the parent's."""
        self._block = None
        self._map = _NOWHERE
        self._at, self._last = 0, -1


class _Process:
    """What is known of this process."""

    def __init__(self) -> None:
        self.settings = _from_environment()
        self.is_told = self.settings is not None
        # A program may record before it calls its first task, and so comes to its run.
        self.identity = PROGRAM if "COLLA_GATEWAY" in os.environ else None
        self.log: Optional[_Log] = None
        self.recorders: "dict[int, Recorder]" = {}
        self.lock = threading.RLock()
        self.defined: "dict[int, _Defined]" = {}


def _from_environment() -> Optional[_Settings]:
    text, folder = os.environ.pop(_SETTINGS, None), os.environ.pop(_LOGS, None)
    return _parsed(text, folder) if text and folder else None


def _parsed(text: str, folder: str) -> _Settings:
    return _Settings(frozenset(filter(None, text.strip().partition(" ")[2].split(","))), folder)


_process = _Process()


def is_on(group: str) -> bool:
    """Whether events of this group are recorded in this process."""
    settings = _process.settings
    return settings is not None and group in settings.groups


def is_traced() -> bool:
    """Whether the run is traced at all."""
    return _process.settings is not None


def configure(text: Optional[str], folder: str = "") -> None:
    """Says what is recorded from now on, as Colla's settings write it, and in which folder; None: nothing. A log that is open is closed."""
    close()
    _process.settings = None if text is None else _parsed(text, folder)


def configure_at(run_folder: str) -> None:
    """Takes the settings from a run's folder, for a program that the run has not started, as of a notebook, which may have several runs.

    What the environment has said holds for the first.
    """
    if _process.is_told:
        _process.is_told = False
        return
    trace = os.path.join(run_folder, "trace")
    try:
        with open(os.path.join(trace, "settings")) as settings:
            configure(settings.read(), os.path.join(trace, "logs"))
    except OSError:
        configure(None)


def identify(role: str, kind: str, thread_type: int, **values: Any) -> None:
    """Says what this process is, and its threads, for the log that begins with the first record."""
    _process.identity = _Identity(role, kind, thread_type, values)


def identify_program() -> None:
    """Says that this process is the main program of a run."""
    _process.identity = PROGRAM


def recorder(group: str) -> Optional[Recorder]:
    """The calling thread's recorder; None if the group is not recorded, or nobody has said what this process is."""
    process = _process
    if process.settings is None or group not in process.settings.groups:
        return None
    return process.recorders.get(threading.get_ident()) or _begin(process, process.settings)


def _begin(process: _Process, settings: _Settings) -> Optional[Recorder]:
    with process.lock:
        identity = process.identity
        if identity is None:
            return None
        try:
            if process.log is None:
                process.log = _Log(settings.folder, identity)
                for kind, (label, values) in process.defined.items():
                    _describe_type(process.log, kind, label, values)
        except OSError:
            process.settings = None  # the folder is gone, or full
            return None
        number = process.log.thread(identity.kind, len(process.recorders) + 1)
        made = process.recorders[threading.get_ident()] = Recorder(process.log, number)
        made.record(THREAD_TYPE, identity.thread_type)
        return made


@contextlib.contextmanager
def user_code() -> "Iterator[None]":
    """While this is open, the process runs the application's function, as a task's."""
    made = recorder(BINDING)
    if made is None:
        yield
        return
    made.record(INSIDE_TASK, 6)
    try:
        yield
    finally:
        made.record(INSIDE_TASK, 0)


def define(kind: int, label: str, values: "Mapping[int, str]") -> None:
    """Labels a type of the application's events, and values of it. Costs nothing the second time."""
    process = _process
    known = process.defined.get(kind)
    if known is not None and label in ("", known.label) and values.items() <= known.values.items():
        return
    with process.lock:
        known = process.defined.setdefault(kind, _Defined("", {}))
        fresh = {value: text for value, text in values.items() if known.values.get(value) != text}
        process.defined[kind] = _Defined(label or known.label, {**known.values, **fresh})
        if process.log is not None:
            _describe_type(process.log, kind, label, fresh)


def _describe_type(log: _Log, kind: int, label: str, values: "Mapping[int, str]") -> None:
    log.describe("event-type", {"type": kind, "label": label, **{f"value.{value}": text for value, text in values.items()}})


def number_of(label: str) -> int:
    """A number for a text, the same in all processes; from 1 to what Paraver can label."""
    return zlib.crc32(label.encode()) % 0x7FFFFFFF + 1


def close() -> None:
    """Ends the log in order, if there is one."""
    process = _process
    with process.lock:
        log, process.log = process.log, None
        recorders, process.recorders = process.recorders, {}
        if log is None:
            return
        for each in recorders.values():
            each.record(THREAD_TYPE, 0)
            each.finish()
        log.close()


def tell_end(pid: int, node: str) -> None:
    """Writes down, for a child of this process that was killed, that it ends now. ``node`` is what the child has called itself by."""
    process = _process
    if process.settings is None:
        return
    name = _file_name("python-executor", node, pid)
    with contextlib.suppress(OSError), open(os.path.join(process.settings.folder, f"{name}.ctl"), "r+b") as log:
        log.seek(0, os.SEEK_END)
        log.write(_text("end", {"nanos": _now()}))


def _file_name(role: str, node: "Optional[str]", pid: int) -> str:
    return re.sub(r"[^A-Za-z0-9._-]", "_", f"{role}-{node or 'here'}-{pid}")


def _take_space(fd: int, position: int, size: int) -> None:
    """Makes room in a file. Memory mapped to a file on a full disk would end the process."""
    try:
        os.posix_fallocate(fd, position, size)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.EOPNOTSUPP):
            raise
        if os.pwrite(fd, bytes(size), position) != size:
            raise OSError(errno.ENOSPC, "the disk is full") from None


def _text(what: str, values: "Mapping[str, Any]") -> bytes:
    lines = [f"what\t{what}\n"]
    lines += ["{}\t{}\n".format(key, re.sub(r"[\t\n\r]", " ", str(value))) for key, value in values.items()]
    body = "".join(lines).encode(errors="replace")
    return _HEAD.pack(_MAGIC, _TEXT, len(body)) + body


def _create(path: str) -> "tuple[str, int]":
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    for again in range(100):
        name = f"{path}{f'-{again}' if again else ''}.ctl"
        with contextlib.suppress(FileExistsError):
            return name, os.open(name, flags, 0o666)
    raise OSError(f"{path}.ctl is there already")


def _boot() -> str:
    with contextlib.suppress(OSError), open("/proc/sys/kernel/random/boot_id") as told:
        return told.read().strip()
    return ""


def _forget_after_fork() -> None:
    process = _process
    if process.log is not None:
        process.log.abandon()
    for each in process.recorders.values():
        each.forget()
    process.recorders = {}
    process.log = None
    process.lock = threading.RLock()


os.register_at_fork(after_in_child=_forget_after_fork)
