"""A worker in Python for the tests of zygote and executors: the other end of their connections, with the real processes."""

from __future__ import annotations

import json
import os
import pickle
import signal
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple, Optional

import cloudpickle

from colla import _wire

SOURCES = Path(__file__).resolve().parents[1] / "src"
SECONDS = 30.0
"""How long anything is waited for."""

IN, OUT, INOUT = 0, 1, 2
IN_PLACE, FILE = 1, 2

_INVOKE = """
import pickle
import cloudpickle
class Function:
    def __init__(self, call):
        self.call = call
    def around(self, wrap):
        self.call = wrap(self.call)
def load_function(body, node):
    return Function(cloudpickle.loads(body))
def run(function, spec, ctx):
    return function.call(ctx, *pickle.loads(spec)) or []
"""
"""Functions are plain pickles here, called with the context and the call's arguments."""

_START = f"""
import os, sys, types
import colla.worker
name = "colla.worker.invoke"
colla.worker.invoke = sys.modules[name] = invoke = types.ModuleType(name)
file = os.path.join(os.path.dirname(colla.worker.__file__), "invoke.py")
exec(compile({_INVOKE!r}, file, "exec"), invoke.__dict__)
from colla.worker.zygote import main
sys.exit(main(sys.argv[1:]))
"""


class Done(NamedTuple):
    sequence: int
    nanoseconds: int
    values: "list[Any]"


class Failed(NamedTuple):
    sequence: int
    retriable: bool
    message: str
    stack: str
    exception: bytes


class Returned(NamedTuple):
    sequence: int


class Connection:
    """One accepted connection: frames in and out."""

    def __init__(self, accepted: socket.socket) -> None:
        accepted.settimeout(SECONDS)
        self.socket = accepted
        self._frames = _wire.Frames()
        self._waiting: "list[tuple[int, memoryview]]" = []

    def send(self, kind: int, *parts: bytes) -> None:
        self.socket.sendall(_wire.frame(kind, *parts))

    def send_json(self, kind: int, content: Any) -> None:
        self.socket.sendall(_wire.json_frame(kind, content))

    def receive(self) -> "tuple[int, memoryview]":
        while not self._waiting:
            data = self.socket.recv(1 << 20)
            if not data:
                raise EOFError
            self._waiting += self._frames.feed(data)
        return self._waiting.pop(0)

    def receive_json(self, kind: int) -> Any:
        got, body = self.receive()
        assert got == kind, (got, bytes(body))
        return json.loads(_wire.read_string(body, 0)[0])

    def close(self) -> None:
        self.socket.close()


class Worker:
    """Listens, starts a zygote and has executors forked."""

    def __init__(self, folder: Path, **setup: Any) -> None:
        self.folder = folder
        self.shm = folder / "shm"
        self.disk = folder / "disk"
        for made in (self.shm, self.disk):
            made.mkdir(exist_ok=True)
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.settimeout(SECONDS)
        path = str(folder / "python.sock")
        self._listener.bind(path)
        self._listener.listen()
        environment = {**os.environ, "PYTHONPATH": str(SOURCES)}
        self.process = subprocess.Popen([sys.executable, "-c", _START, path], env=environment)
        self.zygote = self.accept()
        hello = self.zygote.receive_json(1)
        assert hello == {"kind": "zygote", "pid": self.process.pid}
        self.zygote.send_json(
            2,
            {
                "path": [str(SOURCES), *sys.path],
                "cwd": str(folder),
                "preload": [],
                "shm": str(self.shm),
                "disk": str(self.disk),
                "main": None,
                "node": "here",
                "stream": False,
                **setup,
            },
        )
        self.ready = self.zygote.receive_json(2)
        self._ids = 0
        self._executors: "list[Executor]" = []

    def accept(self) -> Connection:
        return Connection(self._listener.accept()[0])

    def fork(self) -> "Executor":
        self._ids += 1
        output = self.folder / f"output-{self._ids}"
        self.zygote.send_json(3, {"id": self._ids, "output": str(output)})
        forked = self.zygote.receive_json(3)
        connection = self.accept()
        hello = connection.receive_json(1)
        assert hello == {"kind": "executor", "id": self._ids, "pid": forked["pid"]}
        self._executors.append(Executor(self, connection, self._ids, forked["pid"], output))
        return self._executors[-1]

    def kill(self, executor: "Executor", number: int) -> None:
        self.zygote.send_json(4, {"id": executor.id, "signal": number})

    def exited(self) -> Any:
        return self.zygote.receive_json(4)

    def end(self) -> None:
        for executor in self._executors:
            executor.connection.close()
        self.zygote.close()
        self._listener.close()
        self.process.wait(SECONDS)


class Executor:
    """The worker's end of one executor."""

    def __init__(self, worker: Worker, connection: Connection, identity: int, pid: int, output: Path) -> None:
        self.worker = worker
        self.connection = connection
        self.id = identity
        self.pid = pid
        self.output = output
        self._sequence = 0
        self._functions = 0

    def define(self, function: Any, body: Optional[bytes] = None) -> int:
        self._functions += 1
        content = cloudpickle.dumps(function) if body is None else body
        name = getattr(function, "__name__", "function")
        self.connection.send(2, struct.pack("<I", self._functions), _wire.string(name), content)
        return self._functions

    def task_frame(
        self, function: int, *arguments: Any, accesses: Any = (), cores: int = 1, cpus: Any = (), nodes: Any = (), spec: Any = None
    ) -> bytes:
        self._sequence += 1
        parts = [
            struct.pack("<IIIHHH", self._sequence, function, 100 + self._sequence, 1, cores, len(cpus)),
            struct.pack(f"<{len(cpus)}H", *cpus),
            struct.pack("<H", len(nodes)),
            *(_wire.string(node) for node in nodes),
            struct.pack("<H", len(accesses)),
        ]
        for direction, flags, value in accesses:
            parts.append(bytes([direction, flags]) + value)
        return _wire.frame(3, *parts, pickle.dumps(arguments) if spec is None else spec)

    def start(self, function: int, *arguments: Any, **place: Any) -> int:
        self.connection.socket.sendall(self.task_frame(function, *arguments, **place))
        return self._sequence

    def cancel(self, sequence: int) -> None:
        self.connection.send(5, struct.pack("<I", sequence))
        self.worker.kill(self, signal.SIGINT)

    def recall(self) -> None:
        self.connection.send(6, bytes(4))
        self.worker.kill(self, signal.SIGURG)

    def answer(self) -> Any:
        kind, body = self.connection.receive()
        (sequence,) = struct.unpack_from("<I", body)
        if kind == 2:
            (nanoseconds,) = struct.unpack_from("<Q", body, 4)
            (count,) = struct.unpack_from("<H", body, 20)
            at, values = 22, []
            for _ in range(count):
                value, at = _wire.read_value(body, at)
                values.append(value)
            assert at == len(body)
            return Done(sequence, nanoseconds, values)
        if kind == 6:
            return Returned(sequence)
        assert kind == 3, kind
        message, at = _wire.read_string(body, 13)
        stack, at = _wire.read_string(body, at)
        return Failed(sequence, bool(body[12]), message, stack, bytes(body[at:]))

    def run(self, function: Any, *arguments: Any, **place: Any) -> Any:
        number = function if isinstance(function, int) else self.define(function)
        self.start(number, *arguments, **place)
        return self.answer()


def wait_until(condition: Any, what: str) -> None:
    """Waits for something that only the kernel knows: looks often, and fails after a while."""
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.005)


def is_gone(pid: int) -> bool:
    """Whether a process has ended (a zombie that nobody has reaped counts)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True
