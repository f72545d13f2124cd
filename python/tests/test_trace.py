"""What Python processes record for traces: the log's format, forks, kills, what a full disk does, and what executors and programs tell."""

from __future__ import annotations

import os
import re
import signal
import struct
import subprocess
import sys
import textwrap
import threading
from pathlib import Path
from typing import Any, NamedTuple

import cloudpickle
import pytest
from worker_peer import IN, OUT, Done, Worker, wait_until

from colla import UsageError, _objects, _trace, _wire, trace

cloudpickle.register_pickle_by_value(sys.modules[__name__])

ALL = "FULL TASKS,USER,BINDING"
USERS_ONLY = "BASIC TASKS,USER"


class Record(NamedTuple):
    time: int
    type: int
    value: int


class Log:
    """A log, read as the merger does."""

    def __init__(self, path: Path) -> None:
        data = path.read_bytes()
        self.told: "list[dict[str, str]]" = []
        self.threads: "dict[int, list[Record]]" = {}
        at = 0
        while at + 12 <= len(data):
            magic, kind, length = struct.unpack_from("<4sii", data, at)
            if magic != b"CTL1":
                assert not data[at:].strip(b"\0"), "something other than zeros behind the last block"
                break
            if kind == 1:
                lines = data[at + 12 : at + 12 + length].decode().splitlines()
                self.told.append(dict(line.split("\t", 1) for line in lines))  # type: ignore[misc]
            else:
                self._events(data, at + 12, length)
            at += 12 + length

    def _events(self, data: bytes, at: int, length: int) -> None:
        thread, count = struct.unpack_from("<ii", data, at)
        assert 8 + 24 * count <= length
        for index in range(count):
            time, kind, _, value = struct.unpack_from("<qiiq", data, at + 8 + 24 * index)
            if time == 0:
                break
            self.threads.setdefault(thread, []).append(Record(time, kind, value))

    def described(self, what: str) -> "list[dict[str, str]]":
        return [each for each in self.told if each["what"] == what]

    def values(self, kind: int, thread: int = 0) -> "list[int]":
        return [each.value for each in self.threads.get(thread, []) if each.type == kind]


@pytest.fixture
def logs(tmp_path: Path):
    """The folder of the logs of this process, which is traced."""
    folder = tmp_path / "logs"
    folder.mkdir()
    _trace.configure(ALL, str(folder))
    _trace.identify("python-executor", "python", 9, node="n1")
    yield folder
    _trace.configure(None)
    _trace._process.defined.clear()
    trace._told.clear()


def has_ended(folder: Path) -> bool:
    return any(Log(path).described("end") for path in folder.glob("*.ctl"))


def the_log(folder: Path) -> Log:
    (path,) = folder.glob("*.ctl")
    return Log(path)


def test_what_is_recorded_is_in_the_log(logs: Path) -> None:
    trace.event(3)
    trace.event(9100001, -5)
    trace.event(9100001, 0)
    _trace.close()
    log = the_log(logs)
    (process,) = log.described("process")
    assert (process["role"], process["node"], process["pid"]) == ("python-executor", "n1", str(os.getpid()))
    assert process["boot"] == Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    assert log.described("thread") == [{"what": "thread", "number": "0", "kind": "python", "index": "1"}]
    assert [each[1:] for each in log.threads[0]] == [(8001003, 9), (9100000, 3), (9100001, -5), (9100001, 0), (8001003, 0)]
    times = [each.time for each in log.threads[0]]
    assert times == sorted(times)
    assert int(process["nanos"]) <= times[0] <= times[-1] <= int(log.described("end")[0]["nanos"])


def test_more_than_a_block_is_kept_in_order(logs: Path) -> None:
    for value in range(50_000):
        trace.event(value)
    _trace.close()
    assert the_log(logs).values(9100000) == list(range(50_000))


def test_what_is_recorded_can_be_read_before_the_log_is_closed(logs: Path) -> None:
    for value in range(1000):
        trace.event(value)
        if value in (5, 900):
            assert the_log(logs).values(9100000) == list(range(value + 1))


def test_threads_record_by_themselves(logs: Path) -> None:
    def record(first: int) -> None:
        for value in range(first, first + 3000):
            trace.event(value)

    together = threading.Barrier(4)
    threads = [threading.Thread(target=lambda n=n: (together.wait(), record(n * 10_000))) for n in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    _trace.close()
    log = the_log(logs)
    found = sorted(log.values(9100000, number) for number in log.threads)
    assert found == [list(range(n * 10_000, n * 10_000 + 3000)) for n in range(4)]


def test_a_forked_child_has_a_log_of_its_own_if_it_records(logs: Path) -> None:
    trace.event(1)
    silent = os.fork()
    if silent == 0:
        os._exit(0)
    os.waitpid(silent, 0)
    child = os.fork()
    if child == 0:
        trace.event(2)
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    trace.event(3)
    _trace.close()
    found = {path.stem.rpartition("-")[2]: Log(path).values(9100000) for path in logs.glob("*.ctl")}
    assert found == {str(os.getpid()): [1, 3], str(child): [2]}


def test_a_killed_process_loses_nothing(tmp_path: Path) -> None:
    script = """
import os, signal
from colla import _trace, trace
_trace.identify("python-executor", "python", 9, node="n1")
for value in range(1, 10_001):
    trace.event(value)
os.kill(os.getpid(), signal.SIGKILL)
"""
    environment = {**os.environ, "PYTHONPATH": str(Path(_trace.__file__).parents[1])}
    environment |= {"COLLA_TRACE_SETTINGS": USERS_ONLY, "COLLA_TRACE_LOGS": str(tmp_path)}
    ended = subprocess.run([sys.executable, "-c", script], env=environment)
    assert ended.returncode == -signal.SIGKILL
    assert the_log(tmp_path).values(9100000) == list(range(1, 10_001))


def test_the_environment_is_not_left_to_what_is_started(tmp_path: Path) -> None:
    script = "import os; from colla import trace; print(trace.is_on(), [name for name in os.environ if name.startswith('COLLA_TRACE')])"
    environment = {**os.environ, "PYTHONPATH": str(Path(_trace.__file__).parents[1])}
    environment |= {"COLLA_TRACE_SETTINGS": USERS_ONLY, "COLLA_TRACE_LOGS": str(tmp_path)}
    said = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "True []"


def test_a_program_records_before_it_calls_its_first_task(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(_trace.__file__).parents[1]), "COLLA_GATEWAY": "/none"}
    environment |= {"COLLA_TRACE_SETTINGS": USERS_ONLY, "COLLA_TRACE_LOGS": str(tmp_path)}
    subprocess.run([sys.executable, "-c", "import pyextrae.sequential as each; each.event(9100000, 7)"], env=environment, check=True)
    log = the_log(tmp_path)
    assert log.described("process")[0]["role"] == "python-program"
    assert log.values(9100000) == [7]


def test_a_full_disk_ends_the_recording_only(logs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trace.event(1)

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    for value in range(2, 20_000):
        trace.event(value)
    _trace.close()
    found = the_log(logs).values(9100000)
    assert found and found == list(range(1, len(found) + 1))


def test_a_folder_that_is_gone_ends_the_recording_only(tmp_path: Path) -> None:
    _trace.configure(ALL, str(tmp_path / "gone"))
    _trace.identify("python-executor", "python", 9)
    trace.event(1)
    assert not trace.is_on()
    _trace.configure(None)


def test_a_file_system_that_maps_no_files_will_do(logs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise OSError(19, "No such device")

    monkeypatch.setattr(_trace.mmap, "mmap", refuse)
    for value in range(1000):
        trace.event(value)
    _trace.close()
    assert the_log(logs).values(9100000) == list(range(1000))


def test_regions_are_in_each_other_and_have_labels(logs: Path) -> None:
    @trace.region("all of it")
    def work() -> str:
        with trace.region(4), trace.region("part", 9100005):
            pass
        return "done"

    assert work() == "done"
    with pytest.raises(ZeroDivisionError), trace.region(5):
        raise ZeroDivisionError
    _trace.close()
    log = the_log(logs)
    whole = _trace.number_of("all of it")
    assert log.values(9100000) == [whole, 4, whole, 0, 5, 0]
    assert log.values(9100005) == [_trace.number_of("part"), 0]
    assert {"what": "event-type", "type": "9100000", "label": "", f"value.{whole}": "all of it"} in log.described("event-type")


def test_labels_are_written_once(logs: Path) -> None:
    trace.define(9100001, "Block\tsize", {1: "small"})
    trace.event(1)
    for _ in range(3):
        trace.define(9100001, "Block\tsize", {1: "small", 2: "large"})
    _trace.close()
    assert the_log(logs).described("event-type") == [
        {"what": "event-type", "type": "9100001", "label": "Block size", "value.1": "small"},
        {"what": "event-type", "type": "9100001", "label": "Block\tsize".replace("\t", " "), "value.2": "large"},
    ]


@pytest.mark.parametrize("wrong", [(12, 3), (9100000, 1 << 63), (1 << 31, 1), ("reading", 1), (9100000, 1.5)])
def test_what_is_no_event_is_told(logs: Path, wrong: Any) -> None:
    with pytest.raises(UsageError, match="an event is a type from 1000"):
        trace.event(*wrong)


@pytest.mark.parametrize("wrong", [(7, "x", {}), (9100000, "x", {-1: "a"}), (9100000, "x", {1 << 31: "a"})])
def test_what_cannot_be_labelled_is_told(wrong: Any) -> None:
    with pytest.raises(UsageError):
        trace.define(*wrong)


def test_nothing_happens_where_nothing_is_traced(tmp_path: Path) -> None:
    assert not trace.is_on()
    trace.event(1)
    with trace.region("reading"):
        trace.event("not even looked at", "this")  # type: ignore[arg-type]
    assert _trace.recorder(_trace.BINDING) is None


# The names that COMPSs' users know ------------------------------------------------------------------------------------------------


def test_extraes_names_record_into_our_trace(logs: Path) -> None:
    import pyextrae.multiprocessing as inside
    import pyextrae.sequential as pyextrae

    pyextrae.event(9100000, 2)
    pyextrae.eventandcounters(9100000, 0)
    pyextrae.nevent([9100001, 9100002], [1, (1 << 64) - 1])
    pyextrae.neventandcounters((9100001,), (0,))
    pyextrae.event(8, 1)
    pyextrae.event(9100000, 3)
    assert inside.event is pyextrae.event
    _trace.close()
    assert [each[1:] for each in the_log(logs).threads[0][1:-1]] == [
        (9100000, 2), (9100000, 0), (9100001, 1), (9100002, -1), (9100001, 0), (9100000, 3)
    ]  # fmt: skip


@pytest.mark.parametrize("has_init", [True, False])
def test_extraes_own_package_comes_first(tmp_path: Path, has_init: bool) -> None:
    real = tmp_path / "extrae" / "pyextrae" / "sequential"
    real.mkdir(parents=True)
    (real / "__init__.py").write_text("def event(type, value): print('extrae', type, value)")
    if has_init:
        (real.parent / "__init__.py").write_text("version = 5")
    sources = Path(_trace.__file__).parents[1]
    script = "import pyextrae, pyextrae.sequential as each; each.event(1, 2); print(getattr(pyextrae, 'version', None))"
    for path in (f"{sources}:{tmp_path}/extrae", f"{tmp_path}/extrae:{sources}"):
        environment = {**os.environ, "PYTHONPATH": path}
        said = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
        assert said.stdout.split("\n") == ["extrae 1 2", "5" if has_init else "None", ""]


def test_pycompss_helpers_record_into_our_trace(logs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pycompss.util.tracing import helpers
    from pycompss.util.tracing.types_events_worker import TRACING_WORKER

    monkeypatch.setattr(helpers.EventInsideWorker, "here", staticmethod(lambda: True))
    assert helpers.TRACING.is_tracing()

    @helpers.emit_event(7, inside=True)
    def work() -> int:
        return 1

    with helpers.EventInsideWorker(TRACING_WORKER.execute_user_code_event):
        with helpers.event(8, inside=True):
            work()
    with helpers.EventMaster(22):  # this is no program of a run
        helpers.emit_manual_event("4-7,9", inside=True, cpu_affinity=True)
        helpers.emit_manual_event_explicit(9100000, 5)
    _trace.close()
    log = the_log(logs)
    assert log.values(9000100) == [6, 8, 7, 8, 6, 0]
    assert (log.values(9000150), log.values(9000300), log.values(9100000)) == ([5], [], [5])


# The functions that a task calls --------------------------------------------------------------------------------------------------


def test_functions_called_inside_a_task_are_told(logs: Path) -> None:
    from colla import _hook

    def inner(value: int) -> str:
        return os.path.join("a", str(value))

    def outer() -> None:
        for value in range(2):
            inner(value)
        raise ValueError

    with pytest.raises(ValueError):
        _hook.hooked(outer)()
    assert sys.getprofile() is None
    _trace.close()
    log = the_log(logs)
    labels = {0: "end"}
    for each in log.described("event-type"):
        labels |= {int(key[6:]): text.rpartition(".")[2] for key, text in each.items() if key.startswith("value.")}
    assert [labels[value] for value in log.values(60000100)] == ["outer", "inner", "outer", "inner", "outer", "end"]


def test_what_is_told_of_functions_is_bounded(logs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from colla import _hook

    monkeypatch.setattr(_hook, "_MOST_EVENTS", 50)

    def down(depth: int) -> None:
        if depth:
            down(depth - 1)

    _hook.hooked(down)(200)
    _trace.close()
    values = the_log(logs).values(60000100)
    assert len(values) == 50 and values[-1] == 0 and 0 not in values[:-1]


def test_functions_of_packages_do_not_use_up_what_may_be_told(logs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from colla import _hook

    monkeypatch.setattr(_hook, "_MOST_FUNCTIONS", 3)
    monkeypatch.setattr(_hook, "_names", {})
    monkeypatch.setattr(_hook, "_told", set(), raising=False)

    def own() -> None:
        pass

    def outer() -> None:
        for pattern in ("a", "b+", "[c]", "(d|e)*"):
            re.compile(pattern, re.DEBUG & 0)
        re.purge()
        textwrap.fill("some words that are long enough for more than a line of text", 20)
        own()

    _hook.hooked(outer)()
    _trace.close()
    assert len(set(the_log(logs).values(60000100))) == 3, "outer, own, and the end"


def test_another_thread_that_writes_the_log_does_not_lose_a_call(logs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from colla import _hook

    writing, done = threading.Event(), threading.Event()
    take_space = _trace._take_space

    def slowly(*arguments: Any) -> None:
        if threading.current_thread() is not threading.main_thread():
            writing.set()
            assert done.wait(20)
        take_space(*arguments)

    def other() -> None:
        trace.event(1)

    def inner() -> None:
        for each in threads:
            done.set()
            each.join()

    def outer() -> None:
        inner()
        own()

    def own() -> None:
        pass

    threads: "list[threading.Thread]" = []
    _hook.hooked(outer)()  # the functions have their labels, and this thread has room
    threads.append(threading.Thread(target=other))
    monkeypatch.setattr(_trace, "_take_space", slowly)
    threads[0].start()
    assert writing.wait(20)
    _hook.hooked(outer)()
    _trace.close()
    told = the_log(logs).values(60000100)
    assert len(set(told[:6])) == 4, "outer, inner, outer, own, outer, the end"
    assert told[6:] == told[:6]


def test_what_runs_while_the_log_is_written_records_nothing_and_waits_for_nothing(logs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    take_space = _trace._take_space
    written: "list[int]" = []

    def finalizer(*arguments: Any) -> None:
        trace.event(-1)
        trace.define(9100001, f"label {len(written)}")
        written.append(1)
        take_space(*arguments)

    from colla import _hook

    def work() -> None:
        for value in range(1, 3001):
            trace.event(value)

    monkeypatch.setattr(_trace, "_take_space", finalizer)
    monkeypatch.setattr(_hook, "_FOREIGN", ())
    monkeypatch.setattr(_hook, "_names", {})
    _hook.hooked(work)()
    _trace.close()
    assert written
    assert the_log(logs).values(9100000) == list(range(1, 3001))


def test_without_a_trace_the_function_itself_is_called() -> None:
    from colla import _hook

    def work() -> None:
        pass

    assert _hook.hooked(work) is work


def test_what_comes_after_a_notebooks_run_is_not_recorded(logs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from types import SimpleNamespace

    from colla import _start

    waited: "list[Any]" = []
    gateway = SimpleNamespace(wait=lambda *seconds: waited.append(seconds) or True)
    monkeypatch.setitem(sys.modules, "colla._gateway", gateway)
    trace.event(1)
    assert _start.wait_for_own_gateway()
    assert waited[0], "a trace has more time"
    trace.event(2)
    assert not trace.is_on()
    assert the_log(logs).values(9100000)[0] == 1
    assert 2 not in the_log(logs).values(9100000)


# Executors ------------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "logs"
    made.mkdir()
    return made


@pytest.fixture
def worker(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLLA_TRACE_SETTINGS", ALL)
    monkeypatch.setenv("COLLA_TRACE_LOGS", str(folder))
    made = Worker(tmp_path)
    yield made
    made.end()


def test_an_executor_tells_what_it_is_at(worker: Worker, folder: Path) -> None:
    executor = worker.fork()
    double = executor.define(lambda ctx, x: [2 * x])
    for value in (1, 2):
        assert executor.run(double, value, accesses=[(OUT, 0, _wire.NOTHING_BYTES)]).values == [2 * value]
    executor.connection.close()
    wait_until(lambda: has_ended(folder), "the end in the log")
    log = the_log(folder)
    assert log.described("process")[0]["node"] == "here"
    assert log.values(9000200) == [1]
    first, second = [4, 8, 5, 8, 6, 9, 11, 14, 0], [4, 8, 6, 9, 11, 14, 0]
    assert log.values(9000100) == first + second
    assert len(log.values(9000600)) == 2 and min(log.values(9000600)) > 0
    assert log.values(9000700) == [1, 1]
    times = [each.time for each in log.threads[0]]
    assert times == sorted(times)
    assert log.values(8001003) == [9, 0]


def test_what_one_task_has_loaded_is_not_told_of_the_next(worker: Worker, folder: Path) -> None:
    executor = worker.fork()
    packed = _objects.pack([1, 2, 3]).to_bytes()

    def fails(ctx: Any) -> None:
        ctx.load(0)
        raise ValueError("no")

    executor.run(fails, accesses=[(IN, 0, _wire.inline(packed))])
    assert isinstance(executor.run(lambda ctx: [1], accesses=[(OUT, 0, _wire.NOTHING_BYTES)]), Done)
    log = the_log(folder)
    assert log.values(9000601) == log.values(9000701) == []


def test_an_executor_tells_of_failures_and_of_cpus(worker: Worker, folder: Path) -> None:
    executor = worker.fork()
    cpu = min(os.sched_getaffinity(0))

    def fails(ctx: Any) -> None:
        raise ValueError("no")

    executor.run(fails, cpus=[cpu])
    assert isinstance(executor.run(lambda ctx: [1], accesses=[(OUT, 0, _wire.NOTHING_BYTES)]), Done)
    log = the_log(folder)
    assert log.values(9000100)[:8] == [4, 8, 5, 8, 6, 9, 13, 14]
    assert log.values(9000150)[0] == cpu + 1
    assert log.values(9000151)[0] == 1


def test_a_killed_executor_leaves_what_it_was_at_and_when_it_ended(worker: Worker, folder: Path) -> None:
    executor = worker.fork()
    executor.start(executor.define(lambda ctx: os.kill(os.getpid(), signal.SIGKILL)))
    wait_until(lambda: has_ended(folder), "the end in the log")
    log = the_log(folder)
    assert log.values(9000100)[-1] == 6
    assert int(log.described("end")[0]["nanos"]) > log.threads[0][-1].time
