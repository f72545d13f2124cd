"""A gateway for tests of the program's side: it keeps what is put, and the spec of a call is the encoded value of its result."""

import json
import os
import socket
import struct
import threading

from colla import _wire
from colla._session import (
    ASK, BARRIER, BYE, CANCEL, CLOSE, FILE, FUNCTION, GET, GROUP, HELLO, NEW, PUT, QUESTION, RELEASE, SUBMIT, SUBMIT_PROGRAM, TEMPLATE,
)  # fmt: skip

VALUE, DONE, FAILED, FAILURE, PRINTED, ANSWER = range(1, 7)


def failure(kind, message, task="f #1", node="node1", stack="", exception=b""):
    return bytes([kind]) + b"".join(map(_wire.string, [task, node, message, stack])) + exception


class FakeGateway:
    """Listens at ``path``. ``events`` are the frames, in order, as tuples; ``values`` the data's contents."""

    def __init__(self, folder, block=1000):
        self.path = os.path.join(folder, "gateway.sock")
        self.folder = str(folder)
        self.block = block
        self.blocks = 0
        self.events = []
        self.values = {}
        self.failed = {}
        self.waiting = {}
        self.stream = False
        self.last = None  # the failure that answers BYE
        self.changed = threading.Condition()
        self.reading = threading.Event()
        self.reading.set()
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(self.path)
        self._listener.listen()
        self.connection = None
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def seen(self, kind):
        with self.changed:
            return [event[1:] for event in self.events if event[0] == kind]

    def wait_for(self, condition, seconds=10):
        with self.changed:
            assert self.changed.wait_for(lambda: condition(self), seconds), self.events

    def give(self, datum, value):
        """Makes a datum that is waited for."""
        with self.changed:
            self.values[datum] = value
            for request in self.waiting.pop(datum, ()):
                self.send(VALUE, struct.pack("<I", request) + value)

    def send(self, kind, body):
        self.connection.sendall(_wire.frame(kind, body))

    def done(self, request, content=None):
        self.send(DONE, struct.pack("<I", request) + _wire.string(json.dumps(content or {})))

    def close(self):
        for sock in (self.connection, self._listener):
            if sock is not None:
                try:
                    sock.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
                sock.close()

    def _serve(self):
        try:
            self.connection, _ = self._listener.accept()
            frames = _wire.Frames()
            while True:
                self.reading.wait()
                data = self.connection.recv(65536)
                if not data:
                    break
                for kind, body in frames.feed(data):
                    with self.changed:
                        self._handle(kind, bytes(body))
                        self.changed.notify_all()
        except OSError:
            pass
        with self.changed:
            self.events.append(("closed",))
            self.changed.notify_all()

    def _handle(self, kind, body):
        first = struct.unpack_from("<I", body)[0] if len(body) >= 4 else 0
        self.events.append((kind, *self._parse(kind, body)))
        if kind == HELLO:
            folders = {"shm": self.folder, "disk": self.folder, "run_folder": self.folder}
            self.done(0, {**folders, "first": 10, "count": self.block, "cores": 2, "stream": self.stream})
        elif kind == TEMPLATE:
            content = json.loads(_wire.read_string(body, 8)[0])
            if content.get("impossible"):
                self.send(FAILED, body[:4] + failure(_wire.FAILURE_USAGE, "no node has 99 cores"))
            else:
                self.done(first)
        elif kind == SUBMIT:
            results, spec, accesses = self.events[-1][4], self.events[-1][5], self.events[-1][3]
            for datum, _ in accesses[len(accesses) - results :]:
                if spec[:4] == b"FAIL":
                    self.failed[datum] = spec[4:]
                elif spec:
                    self.values[datum] = spec
        elif kind == PUT:
            self.values[first] = body[4:]
        elif kind == GET:
            datum = struct.unpack_from("<I", body, 4)[0]
            if datum in self.values:
                self.send(VALUE, body[:4] + self.values[datum])
            elif datum in self.failed:
                self.send(FAILED, body[:4] + self.failed[datum])
            else:
                self.waiting.setdefault(datum, []).append(first)
        elif kind == QUESTION:
            self.send(ANSWER, body)
        elif kind == BYE and self.last is not None:
            self.send(FAILED, body[:4] + self.last)
        elif kind in (BARRIER, BYE):
            self.done(first)
        elif kind == ASK:
            content = json.loads(_wire.read_string(body, 4)[0])
            if content["op"] == "block":
                self.blocks += 1
                self.done(first, {"first": 100_000 * self.blocks, "count": self.block})
            elif content["op"] == "done":
                self.done(first, {"done": [datum for datum in content["data"] if datum in self.values or datum in self.failed]})
            elif content["op"] == "wait_file":
                self.done(first, {"path": f"/path/{content['datum']}"})
            else:
                self.done(first, content)

    def _parse(self, kind, body):
        if kind in (SUBMIT, SUBMIT_PROGRAM):
            template, group, count, results = struct.unpack_from("<IiHH", body)
            accesses = [struct.unpack_from("<IB", body, 12 + 5 * i) for i in range(count)]
            return template, group, accesses, results, body[12 + 5 * count :]
        if kind == CLOSE:
            return struct.unpack(f"<{len(body) // 4}I", body)
        if kind in (PUT, FUNCTION, FILE):
            return struct.unpack_from("<I", body)[0], body[4:]
        if kind in (GET, CANCEL, RELEASE, NEW, BARRIER):
            return struct.unpack(f"<{len(body) // 4}I", body)
        if kind in (GROUP, BYE):
            return struct.unpack_from("<IB", body)
        return (body,)
