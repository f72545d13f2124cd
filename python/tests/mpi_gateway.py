"""A gateway for tests that runs functions with ranks by a real ``mpirun``, as a worker does, and all others in this process."""

import base64
import json
import os
import select
import socket
import struct
import subprocess
import sys
import threading
import zlib

from colla import _objects, _wire
from colla._session import SUBMIT_PROGRAM
from colla.worker import context, rank
from executing_gateway import WRITING, ExecutingGateway
from fake_gateway import failure

FUNCTION, TASK, SETUP = 2, 3, 7
HELLO, DONE, FAILED = 1, 2, 3
FILE = 2
SECONDS = 60
LAUNCHER = ("mpirun", "--allow-run-as-root", "--oversubscribe")


class MpiGateway(ExecutingGateway):
    """``printed`` is what the ranks have printed; ``python`` what runs them, and ``ranks`` (None: as wanted) how many there are."""

    def __init__(self, folder):
        super().__init__(folder)
        self.printed = ""
        self.python = sys.executable
        self.ranks = None
        self.programs = []

    def _handle(self, kind, body):
        if kind == SUBMIT_PROGRAM:
            self.programs.append(body)
        super()._handle(kind, body)

    def _execute(self, template, accesses, spec):
        described = template["implementations"][0]
        if "ranks" not in described:
            super()._execute(template, accesses, spec)
            return
        job = Job(self, described["ranks"]["count"], described["cores"])
        kind, body = job.run(self._frames(described["function"], accesses, spec))
        writing = [datum for datum, mode in accesses if mode in WRITING]
        if kind == DONE:
            at = 22
            for datum in writing:
                end = behind(body, at)
                if datum not in self.files:
                    self.values[datum] = body[at:end]
                at = end
            return
        message, at = _wire.read_string(body, 1)
        stack, at = _wire.read_string(body, at)
        for datum in writing:
            self._fail(datum, failure(1, message, stack=stack, exception=body[at:]))

    def _frames(self, function, accesses, spec):
        encoded = []
        for datum, mode in accesses:
            is_file = datum in self.files
            value = _wire.path(self.files[datum]) if is_file else self.values.get(datum, _wire.NOTHING_BYTES)
            encoded.append(bytes([mode, FILE if is_file else 0]) + value)
        name, body = self.names[function], self.functions[function]
        head = struct.pack("<IIIHHHHH", 1, function, 5, 1, 1, 0, 0, len(accesses))
        return _wire.frame(FUNCTION, struct.pack("<I", function), _wire.string(name), body) + _wire.frame(TASK, head, b"".join(encoded), spec)


class Job:
    """One MPI job, and what a worker has to do with it."""

    def __init__(self, gateway, count, cores):
        self.gateway = gateway
        self.path = os.path.join(gateway.folder, "worker", "rank.sock")
        folders = {"shm": gateway.folders.shm, "disk": gateway.folders.disk}
        nodes = [f"node{1 + number // 2}" for number in range(count)]
        self.setup = {"cwd": os.getcwd(), "main": None, "cores": cores, "nodes": nodes, **folders}
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(self.path)
        self.listener.listen()
        command = [*LAUNCHER, "-n", str(gateway.ranks or count), gateway.python, "-m", "colla.worker.rank", self.path, "7", str(count)]
        packages = os.path.dirname(os.path.dirname(_objects.__file__))
        environment = {**os.environ, "PYTHONPATH": packages, "COLLA_RANK_PATH": json.dumps(sys.path)}
        self.launcher = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd="/")
        self.told = []
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def run(self, frames):
        """The kind of the answer, and what it says from outputs or failure on."""
        try:
            connection = self._accepted()
            if connection is None:
                self.reader.join(SECONDS)
                return FAILED, b"\0" + _wire.string(self.gateway.printed) + _wire.string("")
            with connection:
                connection.sendall(_wire.json_frame(SETUP, self.setup) + frames)
                for kind, body in received(connection):
                    if kind == FAILED:
                        return FAILED, body[12:]
                    assert kind == DONE
                    assert self.launcher.wait(SECONDS) == 0, self.gateway.printed
                    return DONE, body
            self.reader.join(SECONDS)
            return FAILED, min(self.told)[1]
        finally:
            self.listener.close()
            os.unlink(self.path)
            self.launcher.terminate()
            self.reader.join(SECONDS)

    def _read(self):
        for line in self.launcher.stdout:
            if not line.startswith(rank.MARK):
                self.gateway.printed += line
                continue
            told = zlib.decompress(base64.b64decode(line.split()[1]))
            self.told.append((struct.unpack_from(">q", told), told[8:]))
        self.launcher.wait(SECONDS)

    def _accepted(self):
        """Rank 0's connection; None if the launcher ends before."""
        poll = select.poll()
        poll.register(self.listener, select.POLLIN)
        while self.launcher.poll() is None:
            if poll.poll(100):
                connection = self.listener.accept()[0]
                kind, _ = next(received(connection))
                assert kind == HELLO
                return connection
        return None


def received(connection):
    frames = _wire.Frames()
    while data := connection.recv(1 << 16):
        for kind, body in frames.feed(data):
            yield kind, bytes(body)


def behind(body, at):
    """The place behind the value that begins here."""
    size = context._SIZE[body[at]]
    return at + 1 + size if size is not None else context._behind(body, at)
