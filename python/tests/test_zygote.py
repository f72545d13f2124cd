"""The life of zygote and executors: how they begin, crash and end, and that nothing is left of them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import cloudpickle
import pytest
from worker_peer import OUT, SOURCES, Worker, is_gone, wait_until

from colla import _wire

cloudpickle.register_pickle_by_value(sys.modules[__name__])

RESULT = [(OUT, 0, _wire.NOTHING_BYTES)]


@pytest.fixture
def worker(tmp_path: Path):
    made = Worker(tmp_path)
    yield made
    made.end()


def starts_a_program(ctx):
    """Starts a program that goes on for long, and tells its number."""
    return [subprocess.Popen(["sleep", "1000"]).pid]


def starts_a_daemon(ctx):
    return [subprocess.Popen(["sleep", "1000"], start_new_session=True).pid]


def test_modules_are_imported_before_executors_are_forked(tmp_path) -> None:
    (tmp_path / "mine.py").write_text("import os\nimported_by = os.getpid()\n")
    (tmp_path / "broken.py").write_text("raise SystemExit(1)\n")
    path = [str(tmp_path), str(SOURCES), *sys.path]
    worker = Worker(tmp_path, path=path, preload=["mine", "broken", "missing_module"])
    try:

        def task(ctx):
            import mine

            return [mine.imported_by]

        assert worker.fork().run(task, accesses=RESULT).values == [worker.process.pid]
        assert worker.ready["python"] == sys.version.split()[0]
        warnings = worker.ready["warnings"]
        assert [warning.partition(":")[0] for warning in warnings] == ["broken", "missing_module"]
        assert "No module named 'missing_module'" in warnings[1]
    finally:
        worker.end()


def test_later_modules_are_imported_when_nothing_else_is_to_be_done(tmp_path) -> None:
    (tmp_path / "later.py").write_text("import pathlib\npathlib.Path('imported').touch()\n")
    worker = Worker(tmp_path, path=[str(tmp_path), str(SOURCES), *sys.path])
    try:
        worker.zygote.send_json(5, {"preload": ["later"]})
        wait_until((tmp_path / "imported").exists, "the import")
        assert worker.fork().run(lambda ctx: ["later" in sys.modules], accesses=RESULT).values == [True]
    finally:
        worker.end()


def test_a_folder_that_is_not_here_is_a_warning(tmp_path) -> None:
    worker = Worker(tmp_path, cwd=str(tmp_path / "missing"))
    try:
        assert "cannot be entered" in worker.ready["warnings"][0]
        assert worker.fork().run(lambda ctx: [1], accesses=RESULT).values == [1]
    finally:
        worker.end()


def test_a_crash_is_told_and_another_executor_takes_over(worker) -> None:
    first = worker.fork()

    def crash(ctx):
        os.kill(os.getpid(), signal.SIGSEGV)

    first.start(first.define(crash))
    exited = worker.exited()
    assert (exited["id"], exited["pid"], exited["signal"]) == (first.id, first.pid, signal.SIGSEGV)
    with pytest.raises(EOFError):
        first.answer()
    assert "Segmentation fault" in first.output.read_text()
    assert "in crash" in first.output.read_text()

    second = worker.fork()
    second.start(second.define(lambda ctx: os._exit(7)))
    assert worker.exited() == {"id": second.id, "pid": second.pid, "code": 7, "core": False}


def test_what_a_crashed_executor_started_ends_with_it(worker) -> None:
    executor = worker.fork()
    (program,) = executor.run(starts_a_program, accesses=RESULT).values
    assert not is_gone(program)
    executor.start(executor.define(lambda ctx: os._exit(1)))
    worker.exited()
    wait_until(lambda: is_gone(program), "the program's end")


def test_an_executor_ends_with_its_connection(worker) -> None:
    executor = worker.fork()

    def task(ctx):
        import atexit
        import pathlib

        atexit.register(pathlib.Path("cleaned-up").touch)

    executor.run(task)
    executor.connection.close()
    assert worker.exited() == {"id": executor.id, "pid": executor.pid, "code": 0, "core": False}
    assert (worker.folder / "cleaned-up").exists()


def test_a_kill_reaches_the_whole_group(worker) -> None:
    executor = worker.fork()
    (program,) = executor.run(starts_a_program, accesses=RESULT).values
    worker.kill(executor, signal.SIGKILL)
    assert worker.exited()["signal"] == signal.SIGKILL
    wait_until(lambda: is_gone(program), "the program's end")


def test_nothing_is_left_when_the_worker_is_gone(worker) -> None:
    """The same as after kill -9 of the worker: its connections end."""
    idle, busy = worker.fork(), worker.fork()
    (program,) = idle.run(starts_a_program, accesses=RESULT).values
    (daemon,) = idle.run(starts_a_daemon, accesses=RESULT).values
    busy.start(busy.define(lambda ctx: threading.Event().wait()))
    pids = [worker.process.pid, idle.pid, busy.pid, program, daemon]
    assert not any(is_gone(pid) for pid in pids)
    for connection in (worker.zygote, idle.connection, busy.connection):
        connection.close()
    worker.process.wait(30)
    assert all(is_gone(pid) for pid in pids)


def test_executors_end_with_the_zygote(worker) -> None:
    idle, busy = worker.fork(), worker.fork()
    busy.start(busy.define(lambda ctx: threading.Event().wait()))
    worker.process.kill()
    worker.process.wait(30)
    wait_until(lambda: is_gone(idle.pid) and is_gone(busy.pid), "the executors' end")


def test_the_terminals_interrupt_is_the_workers_business(worker) -> None:
    worker.process.send_signal(signal.SIGINT)
    assert worker.fork().run(lambda ctx: [1], accesses=RESULT).values == [1]


def test_a_terminated_zygote_takes_all_with_it(worker) -> None:
    executor = worker.fork()
    executor.start(executor.define(lambda ctx: threading.Event().wait()))
    worker.process.terminate()
    worker.process.wait(30)
    assert is_gone(executor.pid)


def test_classes_of_main_come_back_as_the_programs_own(tmp_path) -> None:
    """In a program of its own, since here nothing is in ``__main__``."""
    script = tmp_path / "script.py"
    script.write_text(_SCRIPT)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(SOURCES), str(Path(__file__).parent)])}
    done = subprocess.run([sys.executable, str(script), str(tmp_path)], env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "own class, also from the second executor\n"


_SCRIPT = """
import sys
from pathlib import Path
from worker_peer import Worker, IN, OUT
from colla import _objects, _wire

class Point:
    made = 0
    def __init__(self, x):
        self.x = x
        Point.made += 1
    def moved(self, by):
        return Point(self.x + by)

NOTHING = (OUT, 0, _wire.NOTHING_BYTES)
worker = Worker(Path(sys.argv[1]))
one, two = worker.fork(), worker.fork()
given = _wire.inline(_objects.pack(Point(1)).to_bytes())
first = one.run(lambda ctx: [ctx.load(0).moved(1)], accesses=[(IN, 0, given), NOTHING]).values[0]
second = two.run(lambda ctx: [ctx.load(0).moved(1)], accesses=[(IN, 0, _wire.inline(first.data)), NOTHING]).values[0]
result = _objects.load(second)
assert type(result) is Point, type(result)
assert result.x == 3 and Point.made == 1, (result.x, Point.made)
named = one.run(lambda ctx: [sys.modules["__main__"].Point is type(ctx.load(0))], accesses=[(IN, 0, given), NOTHING])
assert named.values == [True]
worker.end()
print("own class, also from the second executor")
"""
