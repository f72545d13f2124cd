"""The zygote: a process that has imported what tasks need, and forks an executor whenever the worker wants one.

It has one thread, since only such a process can be forked safely, and waits for one thing: something to read, from the worker or
from the pipe into which signals write.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import select
import signal
import socket
import sys
import threading
import time
import warnings
from collections import deque
from typing import Any, Optional, Sequence

from .. import _trace, _wire
from . import executor, processes, threads

__all__ = ["Zygote", "main"]

# Frames of the worker.
_SETUP, _FORK, _KILL, _PRELOAD = 2, 3, 4, 5
# Frames of the zygote.
_HELLO, _READY, _FORKED, _EXITED = 1, 2, 3, 4

_GRACE_SECONDS = 0.5
"""How long idle executors have to end by themselves, with what they have registered for their end."""

_KILL_SECONDS = 5.0
"""How long the end of killed processes is awaited: one can be stuck in the kernel."""

_CHUNK = 64 * 1024


def main(arguments: Sequence[str]) -> int:
    """Connects to the worker's socket and serves it until it closes the connection."""
    if len(arguments) != 1:
        print("usage: python3 -m colla.worker SOCKET", file=sys.stderr)
        return 2
    users_threads = threads.limit_before_imports()
    os.environ.pop("COLLA_GATEWAY", None)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.connect(arguments[0])
    except OSError as error:
        print(f"colla.worker: cannot connect to the worker at {arguments[0]}: {error.strerror}", file=sys.stderr)
        return 1
    return Zygote(arguments[0], connection, users_threads).serve()


class Zygote:
    """Serves one worker."""

    def __init__(self, path: str, connection: socket.socket, users_threads: frozenset[str]) -> None:
        self._path = path
        self._socket = connection
        self._users_threads = users_threads
        self._settings: Optional[executor.Settings] = None
        self._executors: "dict[int, Any]" = {}
        self._frames = _wire.Frames()
        self._to_preload: "deque[str]" = deque()
        self._ended = False
        self._wakeup, self._signalled = os.pipe()
        for descriptor in (self._wakeup, self._signalled):
            os.set_blocking(descriptor, False)

    def serve(self) -> int:
        """Serves until the connection ends; then ends all executors and what they have started. Returns the exit code."""
        self._handle_signals()
        processes.adopt_orphans()
        gc.disable()
        try:
            self._send(_HELLO, {"kind": "zygote", "pid": os.getpid()})
            self._import_before_asked()
            poll = select.poll()
            poll.register(self._socket, select.POLLIN)
            poll.register(self._wakeup, select.POLLIN)
            while not self._ended:
                for descriptor, _ in poll.poll(0 if self._to_preload else None):
                    if descriptor == self._wakeup:
                        self._reap()
                    else:
                        self._read()
                if self._to_preload and not poll.poll(0):
                    self._preload(self._to_preload.popleft())
        except OSError:
            pass  # the worker is gone
        finally:
            self._end_all()
        return 0

    def _handle_signals(self) -> None:
        signal.signal(signal.SIGCHLD, _written_to_the_pipe)
        signal.signal(signal.SIGTERM, self._terminated)
        for number in (signal.SIGINT, signal.SIGHUP):
            # They come from the terminal to all processes at once; the worker decides what they mean.
            signal.signal(number, signal.SIG_IGN)
        signal.set_wakeup_fd(self._signalled, warn_on_full_buffer=False)

    def _terminated(self, *_: Any) -> None:
        self._ended = True

    def _import_before_asked(self) -> None:
        """What nearly every task needs, while the worker is still busy with its own start."""
        for name in ("pickle", "traceback", "cloudpickle"):
            with contextlib.suppress(ImportError):
                importlib.import_module(name)
        if _trace.is_on(_trace.BINDING):
            importlib.import_module("colla.worker.traced")

    def _read(self) -> None:
        data = self._socket.recv(_CHUNK)
        if not data:
            self._ended = True
            return
        for kind, body in self._frames.feed(data):
            content = _read_json(body)
            if kind == _FORK:
                self._fork(content["id"], content["output"])
            elif kind == _KILL:
                self._kill(content["id"], content["signal"])
            elif kind == _PRELOAD:
                self._to_preload.extend(content["preload"])
            elif kind == _SETUP:
                self._set_up(content)

    def _set_up(self, setup: "dict[str, Any]") -> None:
        """Makes this process like the program's: its path, folder and modules. What cannot be had is told, and no reason to end."""
        troubles = []
        own = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
        sys.path[:] = list(setup["path"]) + ([own] if own not in setup["path"] else [])
        sys.argv[:] = [setup.get("main") or ""]
        try:
            os.chdir(setup["cwd"])
        except OSError as error:
            troubles.append(f"the program's folder {setup['cwd']} cannot be entered: {error.strerror}")
        self._settings = executor.Settings(
            socket=self._path,
            shm=setup["shm"],
            disk=setup["disk"],
            node=setup.get("node") or "",
            main=setup.get("main"),
            stream=bool(setup.get("stream")),
            users_threads=self._users_threads,
            nested=bool(setup.get("nested")),
        )
        for name in setup.get("preload") or ():
            trouble = self._preload(name)
            if trouble is not None:
                troubles.append(trouble)
        self._send(_READY, {"warnings": troubles, "python": sys.version.split()[0]})

    def _preload(self, name: str) -> Optional[str]:
        """Imports a module; returns what is to be said about that."""
        if name in sys.modules or name == "__main__":
            return None
        before = threading.active_count()
        try:
            importlib.import_module(name)
        except BaseException as error:  # a module of the user's can raise anything, SystemExit too
            return f"{name}: {type(error).__name__}: {error}"
        if threading.active_count() > before:
            return f"{name}: starts threads when it is imported, which are missing in the processes that run tasks"
        return None

    def _fork(self, identity: Any, output: str) -> None:
        settings = self._settings
        assert settings is not None, "FORK before SETUP"
        gc.freeze()
        own = os.getpid()
        try:
            with warnings.catch_warnings():
                # Of forking with threads: the module that started them has been named when it was imported.
                warnings.simplefilter("ignore", DeprecationWarning)
                pid = os.fork()
        except OSError as error:
            self._send(_EXITED, {"id": identity, "pid": -1, "error": f"no process could be made: {error.strerror}"})
            return
        if pid == 0:
            self._become_executor(settings, identity, output, own)
        self._executors[pid] = identity
        self._send(_FORKED, {"id": identity, "pid": pid})

    def _become_executor(self, settings: executor.Settings, identity: Any, output: str, zygote: int) -> None:
        """The life of a child; does not return."""
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            for descriptor in (self._wakeup, self._signalled):
                os.close(descriptor)
            self._socket.close()
            self._executors.clear()
            gc.enable()
            code = executor.main(settings, identity, output, zygote)
            _run_exit_handlers()
        except SystemExit as end:  # of a process that a task has forked
            code = end.code if isinstance(end.code, int) else 1
        except BaseException:  # whatever it is, this process must not go on as a second zygote
            import traceback

            with contextlib.suppress(Exception):
                traceback.print_exc()
                sys.stderr.flush()
        finally:
            os._exit(code)

    def _kill(self, identity: Any, number: int) -> None:
        for pid, known in self._executors.items():
            if known == identity:
                processes.kill_group(pid, number)

    def _reap(self) -> None:
        """Takes leave of children that have ended: executors, and orphans of theirs."""
        with contextlib.suppress(BlockingIOError):
            while os.read(self._wakeup, 4096):
                pass
        while True:
            try:
                # The process stays a zombie at first: until its group is killed nobody else can get its number.
                ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            except ChildProcessError:
                return
            if ended is None:
                return
            pid = ended.si_pid
            identity = self._executors.pop(pid, None)
            if identity is not None:
                processes.kill_group(pid, signal.SIGKILL)
            _, status = os.waitpid(pid, 0)
            if identity is not None and os.WIFSIGNALED(status) and self._settings is not None:
                _trace.tell_end(pid, self._settings.node)
            if identity is not None and not self._ended:
                self._send(_EXITED, {"id": identity, "pid": pid, **_how_it_ended(status)})

    def _end_all(self) -> None:
        self._ended = True
        self._reap_until(lambda: not self._executors, _GRACE_SECONDS)
        for pid in self._executors:
            processes.kill_group(pid, signal.SIGKILL)

        def kill_what_is_left() -> bool:
            # What a killed process had started becomes a child of ours in turn.
            left = processes.children()
            for pid in left:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
            return not left

        self._reap_until(kill_what_is_left, _KILL_SECONDS)

    def _reap_until(self, done: Any, seconds: float) -> None:
        poll = select.poll()
        poll.register(self._wakeup, select.POLLIN)
        deadline = time.monotonic() + seconds
        self._reap()
        while not done():
            left = deadline - time.monotonic()
            if left <= 0:
                return
            poll.poll(left * 1000)
            self._reap()

    def _send(self, kind: int, content: "dict[str, Any]") -> None:
        self._socket.sendall(_wire.json_frame(kind, content))


def _read_json(body: memoryview) -> Any:
    import json

    return json.loads(_wire.read_string(body, 0)[0])


def _how_it_ended(status: int) -> "dict[str, Any]":
    if os.WIFSIGNALED(status):
        return {"signal": os.WTERMSIG(status), "core": os.WCOREDUMP(status)}
    return {"code": os.WEXITSTATUS(status), "core": False}


def _run_exit_handlers() -> None:
    """As the interpreter would: what libraries and tasks have registered, temporary folders above all."""
    import atexit

    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()


def _written_to_the_pipe(*_: Any) -> None:
    """Signals matter only by the byte that they leave in the pipe."""
