"""``python -m colla._otf2 TRACE.prv FOLDER`` writes a Paraver trace as an OTF2 archive, which Vampir, Score-P's tools and others open.

Needs the package otf2 of PyPI, or ``python3-otf2`` of Debian. ``colla trace export --otf2`` calls it.
"""

from __future__ import annotations

import gzip
import heapq
import os
import re
import sys
from typing import Any, Dict, Iterator, List, NamedTuple, Sequence, TextIO, Tuple

__all__ = ["main"]

_TASK = 8000000
_TASK_ID = 8000002
_READY_COUNT = 8000006
_USER = 9100000
# These last as long as the thread, or say what a task is and not what is done.
_NO_SPANS = {8000007, 8001003, 8001004, 8001005, 8009001}
# COMPSs' numbers and ours; other events are the application's own.
_OURS = range(8000000, _USER)

_HEADER = re.compile(r"#Paraver \(.*?\):(\d+)_ns:\d+\(([\d,]+)\):\d+:(.*?)(?:,\d+)?$")
_APPLICATION = re.compile(r"(\d+)\(([\d:,]*)\)(?:,|$)")


class _EventType(NamedTuple):
    """An event type of the .pcf."""

    amount: bool
    label: str
    values: Dict[int, str]


class _Trace:
    """A trace's header, labels and names; its records are read as a stream."""

    def __init__(self, path: str) -> None:
        self.path = path
        base = re.sub(r"\.prv(\.gz)?$", "", path)
        with self._open() as records:
            header = _HEADER.match(records.readline().rstrip("\n"))
        if header is None:
            raise ValueError(f"{path} is no Paraver trace in nanoseconds")
        self.end = int(header[1])
        #: (application, task, node) of each process, and how many threads it has.
        self.processes: List[Tuple[int, int, int, int]] = []
        for application, found in enumerate(_APPLICATION.finditer(header[3]), 1):
            for task, text in enumerate(found[2].split(","), 1):
                threads, node = text.split(":")
                self.processes.append((application, task, int(node), int(threads)))
        levels = _read_row(base + ".row")
        self.nodes = levels.get("NODE", [f"node {i + 1}" for i in range(header[2].count(",") + 1)])
        self.threads = levels.get("THREAD", [])
        self.types = _read_pcf(base + ".pcf")

    def _open(self) -> TextIO:
        if self.path.endswith(".gz"):
            return gzip.open(self.path, "rt", encoding="ascii")
        return open(self.path, encoding="ascii")

    def records(self) -> Iterator[List[int]]:
        """Each record's fields. States are left out: what is done is in the events."""
        with self._open() as lines:
            for line in lines:
                if line[:2] in ("2:", "3:"):
                    yield [int(field) for field in line.split(":")]


def _read_row(path: str) -> Dict[str, List[str]]:
    levels: Dict[str, List[str]] = {}
    names: List[str] = []
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            heading = re.match(r"LEVEL (\w+) SIZE \d+$", line)
            if heading:
                names = levels.setdefault(heading[1], [])
            elif line.strip():
                names.append(line.strip())
    return levels


def _read_pcf(path: str) -> Dict[int, _EventType]:
    types: Dict[int, _EventType] = {}
    block: List[int] = []
    section = ""
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            words = line.split(None, 2)
            if re.fullmatch(r"[A-Z_]+", line.strip()):
                section = line.strip()
                if section != "VALUES":
                    block = []
            elif section == "EVENT_TYPE" and len(words) == 3:
                block.append(int(words[1]))
                types[int(words[1])] = _EventType(words[0] == "7", words[2].strip(), {})
            elif section == "VALUES" and len(words) >= 2:
                for number in block:
                    types[number].values[int(words[0])] = line.split(None, 1)[1].strip()
    return types


class _Location:
    """A thread in the archive: what is under way in it, and what will arrive. Its events must be in the order of time."""

    def __init__(self, writer: Any, definition: Any) -> None:
        self.writer = writer
        self.definition = definition
        self.open: List[Tuple[int, Any]] = []
        self.arriving: List[Tuple[int, int, Any, int, int]] = []
        self.last = 0


class _Export:
    """Writes one trace into an open archive."""

    def __init__(self, trace: _Trace, archive: Any, otf2: Any) -> None:
        self.trace = trace
        self.otf2 = otf2
        self.definitions = archive.definitions
        self.regions: Dict[Tuple[int, int], Any] = {}
        self.metrics: Dict[int, Any] = {}
        self.parameters: Dict[int, Any] = {}
        self.locations: Dict[Tuple[int, int, int], _Location] = {}
        self.task_number = self.definitions.attribute(
            name="task", description="The task's number, as in messages.", type=otf2.Type.UINT64
        )
        self.spans = {
            number
            for number, kind in trace.types.items()
            if 0 in kind.values and number not in _NO_SPANS
        } | {_USER}
        self._machine(archive)
        members = tuple(location.definition for location in self.locations.values())
        self.definitions.group(
            name="threads",
            group_type=otf2.GroupType.COMM_LOCATIONS,
            paradigm=otf2.Paradigm.MPI,
            members=members,
        )
        group = self.definitions.group(
            name="threads", group_type=otf2.GroupType.COMM_GROUP, paradigm=otf2.Paradigm.MPI, members=members
        )
        self.ranks = {place: rank for rank, place in enumerate(self.locations)}
        self.communicator = self.definitions.comm(name="machines", group=group)

    def _machine(self, archive: Any) -> None:
        root = self.definitions.system_tree_node("run", class_name="machine")
        nodes = [self.definitions.system_tree_node(name, parent=root, class_name="node") for name in self.trace.nodes]
        names = iter(self.trace.threads)
        for application, task, node, threads in self.trace.processes:
            group = self.definitions.location_group(f"{application}.{task}", system_tree_parent=nodes[node - 1])
            for thread in range(1, threads + 1):
                name = next(names, f"THREAD {application}.{task}.{thread}")
                definition = self.definitions.location(name, type=self.otf2.LocationType.CPU_THREAD, group=group)
                location = _Location(archive.event_writer_from_location(definition), definition)
                self.locations[application, task, thread] = location

    def write(self) -> None:
        for record in self.trace.records():
            if record[0] == 2:
                self._events(record)
            elif record[13]:
                self._communication(record)
        for location in self.locations.values():
            self._arrivals(location, self.trace.end)
            self._leave(location, 0, max(self.trace.end, location.last))

    def _events(self, record: Sequence[int]) -> None:
        location = self.locations[record[2], record[3], record[4]]
        time = record[5]
        self._arrivals(location, time)
        values = dict(zip(record[6::2], record[7::2]))
        for number, value in zip(record[6::2], record[7::2]):
            kind = self.trace.types.get(number)
            if number in self.spans:
                if value:
                    self._enter(location, time, number, value, values)
                else:
                    self._end(location, time, number)
            elif number == _READY_COUNT or (kind is not None and kind.amount):
                location.writer.metric(time, self._metric(number), value)
            elif kind is not None and number not in _OURS:
                location.writer.parameter_int(time, self._parameter(number), value)
        location.last = time

    def _enter(self, location: _Location, time: int, number: int, value: int, values: Dict[int, int]) -> None:
        region = self._region(number, value)
        location.open.append((number, region))
        if number == _TASK and _TASK_ID in values:
            location.writer.enter(time, region, attributes={self.task_number: values[_TASK_ID]})
        else:
            location.writer.enter(time, region)

    def _end(self, location: _Location, time: int, number: int) -> None:
        # What began within something ends with it; its own end, if it comes, then has nothing to end.
        for index in range(len(location.open) - 1, -1, -1):
            if location.open[index][0] == number:
                self._leave(location, index, time)
                return

    @staticmethod
    def _leave(location: _Location, index: int, time: int) -> None:
        while len(location.open) > index:
            location.writer.leave(time, location.open.pop()[1])

    def _communication(self, record: Sequence[int]) -> None:
        sender = self.locations[record[2], record[3], record[4]]
        place = (record[8], record[9], record[10])
        receiver = self.locations[place]
        time = record[5]
        self._arrivals(sender, time)
        tag = record[14] & 0xFFFFFFFF
        sender.writer.mpi_send(time, self.ranks[place], self.communicator, tag, record[13])
        sender.last = time
        rank = self.ranks[record[2], record[3], record[4]]
        heapq.heappush(receiver.arriving, (record[12], rank, self.communicator, tag, record[13]))

    @staticmethod
    def _arrivals(location: _Location, time: int) -> None:
        while location.arriving and location.arriving[0][0] <= time:
            arrived, sender, communicator, tag, size = heapq.heappop(location.arriving)
            location.writer.mpi_recv(arrived, sender, communicator, tag, size)
            location.last = arrived

    def _region(self, number: int, value: int) -> Any:
        region = self.regions.get((number, value))
        if region is None:
            kind = self.trace.types.get(number, _EventType(False, f"Event {number}", {}))
            name = kind.values.get(value, f"{kind.label} {value}")
            role = self.otf2.RegionRole.FUNCTION
            region = self.definitions.region(name, description=kind.label, region_role=role)
            self.regions[number, value] = region
        return region

    def _parameter(self, number: int) -> Any:
        parameter = self.parameters.get(number)
        if parameter is None:
            kind = self.otf2.ParameterType.INT64
            parameter = self.definitions.parameter(self.trace.types[number].label, parameter_type=kind)
            self.parameters[number] = parameter
        return parameter

    def _metric(self, number: int) -> Any:
        metric = self.metrics.get(number)
        if metric is None:
            member = self.definitions.metric_member(
                name=self.trace.types[number].label,
                value_type=self.otf2.Type.UINT64,
                metric_mode=self.otf2.MetricMode.ABSOLUTE_POINT,
            )
            metric = self.definitions.metric_class(members=(member,))
            self.metrics[number] = metric
        return metric


def main(arguments: Sequence[str]) -> int:
    """The command; its exit code."""
    try:
        import otf2
        import otf2.writer
    except ImportError as missing:
        print(
            f"this Python ({sys.executable}) has no package otf2 ({missing}):"
            " install it with 'pip install otf2', or python3-otf2 on Debian",
            file=sys.stderr,
        )
        return 1
    source, folder = arguments
    if os.path.isdir(folder) and os.listdir(folder):
        print(f"{folder} is there already, and OTF2 archives are written into new folders only", file=sys.stderr)
        return 1
    try:
        trace = _Trace(source)
        with otf2.writer.open(folder, timer_resolution=1_000_000_000) as archive:
            _Export(trace, archive, otf2).write()
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
