"""A gateway for tests that runs the calls it is sent, at once and in this process: calls and specs from both ends."""

import os
import struct
import traceback
from types import SimpleNamespace

from colla import _objects, _wire
from colla._session import FILE, FUNCTION, NEW, SUBMIT, TEMPLATE
from colla.worker import invoke
from fake_gateway import FakeGateway, failure

WRITING = (1, 2, 3, 4)


class ExecutingGateway(FakeGateway):
    """``calls`` are the names of the functions that ran, ``templates`` what was defined, ``files`` the paths of data that are files."""

    def __init__(self, folder):
        super().__init__(folder)
        os.mkdir(os.path.join(folder, "worker"))
        self.functions = {}
        self.names = {}
        self.templates = {}
        self.files = {}
        self.calls = []
        self.folders = _objects.Folders(os.path.join(folder, "worker"), os.path.join(folder, "worker"))

    def _handle(self, kind, body):
        number = struct.unpack_from("<I", body)[0] if len(body) >= 4 else 0
        if kind == FUNCTION:
            name, at = _wire.read_string(body, 4)
            _, at = _wire.read_string(body, at)
            self.names[number] = name
            self.functions[number] = body[at:]
        elif kind == TEMPLATE:
            import json

            self.templates[struct.unpack_from("<I", body, 4)[0]] = json.loads(_wire.read_string(body, 8)[0])
        elif kind == FILE:
            self.files[number] = _wire.read_string(body, 5)[0]
        elif kind == NEW:
            self.values.pop(number, None)
        elif kind == SUBMIT:
            template, group, accesses, results, spec = self._parse(kind, body)
            self.events.append((kind, template, group, accesses, results, spec))
            self._execute(self.templates[template], accesses, spec)
            return
        super()._handle(kind, body)

    def _execute(self, template, accesses, spec):
        function = template["implementations"][0]["function"]
        if isinstance(self.functions[function], bytes):
            self.functions[function] = invoke.load_function(self.functions[function])
        self.calls.append(self.names[function])
        writing = [datum for datum, mode in accesses if mode in WRITING]

        def load(index):
            datum, mode = accesses[index]
            if datum in self.files:
                return self.files[datum]
            assert mode != 1, "the content of an output is loaded"
            return _objects.load(_wire.read_value(self.values[datum], 0)[0])

        context = SimpleNamespace(accesses=len(accesses), load=load, nodes=["node1"], node="node1", cores=1, task=1)
        lost = [datum for datum, _ in accesses if datum in self.failed]
        try:
            if lost:
                for datum in writing:
                    self._fail(datum, self.failed[lost[0]])
                return
            outputs = invoke.run(self.functions[function], spec, context)
            assert len(outputs) == len(writing), (outputs, writing)
            for datum, output in zip(writing, outputs):
                if datum not in self.files:
                    self.values[datum] = _objects.encode(output, self.folders)
        except Exception as error:
            packed = _objects.pack(error).to_bytes()
            for datum in writing:
                self._fail(datum, failure(1, str(error), stack=traceback.format_exc(), exception=packed))

    def _fail(self, datum, why):
        self.values.pop(datum, None)
        self.failed[datum] = why
