"""What executors do with tasks, over real connections."""

from __future__ import annotations

import os
import random
import signal
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path

import cloudpickle
import pytest
from worker_peer import FILE, IN, IN_PLACE, INOUT, OUT, Done, Failed, Returned, Worker, wait_until

from colla import _objects, _wire
from colla._errors import DoNotRetry

cloudpickle.register_pickle_by_value(sys.modules[__name__])

NOTHING = _wire.NOTHING_BYTES


@pytest.fixture
def worker(tmp_path: Path):
    made = Worker(tmp_path)
    yield made
    made.end()


@pytest.fixture
def executor(worker: Worker):
    return worker.fork()


def scalar(value: object) -> bytes:
    encoded = _wire.scalar(value)
    assert encoded is not None
    return encoded


def test_a_task_gets_its_arguments_and_returns_its_result(executor) -> None:
    done = executor.run(lambda ctx, x, y: [x + y], 20, 22, accesses=[(OUT, 0, NOTHING)])
    assert done.sequence == 1
    assert done.values == [42]
    assert done.nanoseconds > 0


def test_tasks_sent_ahead_are_done_in_order(executor) -> None:
    double = executor.define(lambda ctx, x: [2 * x])
    frames = [executor.task_frame(double, i, accesses=[(OUT, 0, NOTHING)]) for i in range(500)]
    executor.connection.socket.sendall(b"".join(frames))
    answers = [executor.answer() for _ in range(500)]
    assert [answer.sequence for answer in answers] == list(range(1, 501))
    assert [answer.values for answer in answers] == [[2 * i] for i in range(500)]


def test_accesses_are_loaded_and_outputs_answered_in_order(executor) -> None:
    def task(ctx):
        assert [ctx.direction(i) for i in range(ctx.accesses)] == [IN, INOUT, INOUT, OUT]
        assert [ctx.is_file(i) for i in range(4)] == [False, False, True, False]
        assert ctx.load(2) == "/some/file"
        numbers = ctx.load(1)
        assert numbers is ctx.load(1)
        numbers.append(ctx.load(0))
        return [numbers, None, "result"]

    packed = _wire.inline(_objects.pack([1, 2]).to_bytes())
    accesses = [(IN, 0, scalar(3)), (INOUT, 0, packed), (INOUT, FILE, _wire.path("/some/file")), (OUT, 0, NOTHING)]
    done = executor.run(task, accesses=accesses)
    assert isinstance(done, Done), done
    assert _objects.load(done.values[0]) == [1, 2, 3]
    assert done.values[1:] == [_wire.NOTHING, "result"]


def test_a_task_knows_where_it_is(executor) -> None:
    def task(ctx):
        return [f"{ctx.task} {ctx.attempt} {ctx.cores} {list(ctx.cpus)} {list(ctx.nodes)} {ctx.node} {os.sched_getaffinity(0)}"]

    cpu = min(os.sched_getaffinity(0))
    function = executor.define(task)
    done = executor.run(function, accesses=[(OUT, 0, NOTHING)], cpus=[cpu], nodes=["a", "b"], cores=2)
    assert done.values == [f"101 1 2 [{cpu}] ['a', 'b'] here {{{cpu}}}"]
    done = executor.run(function, accesses=[(OUT, 0, NOTHING)])
    assert done.values == [f"102 1 1 [] [] here {{{cpu}}}"]


def test_large_objects_go_through_files(executor, worker) -> None:
    content = bytes(range(256)) * 1000
    path = Path(worker.shm) / "given"
    packed = _objects.pack(content)
    path.write_bytes(packed.to_bytes())
    done = executor.run(
        lambda ctx: [ctx.load(0) * 2],
        accesses=[(IN, 0, _wire.mapped(str(path), packed.size)), (OUT, 0, NOTHING)],
    )
    (value,) = done.values
    assert Path(value.path).name == f"{executor.pid}-1"
    assert Path(value.path).parent == worker.shm
    assert Path(value.path).stat().st_size == value.size
    assert _objects.load(value) == content * 2


def test_an_array_is_changed_in_place(executor, worker) -> None:
    numpy = pytest.importorskip("numpy")
    packed = _objects.pack(numpy.zeros(100_000))
    path = Path(worker.shm) / "array"
    path.write_bytes(packed.to_bytes())
    inode = path.stat().st_ino

    def task(ctx):
        array = ctx.load(0)
        array += 1
        return [array]

    access = (INOUT, IN_PLACE, _wire.mapped(str(path), packed.size))
    function = executor.define(task)
    assert executor.run(function, accesses=[access]).values == [_wire.Mapped(str(path), packed.size)]
    assert path.stat().st_ino == inode
    assert (_objects.load(_wire.Mapped(str(path), packed.size)) == 1).all()

    kept = _objects.load(_wire.Mapped(str(path), packed.size))
    (value,) = executor.run(function, accesses=[access]).values
    assert value.path != str(path), "somebody still looks at the file"
    assert (kept == 1).all()
    assert (_objects.load(value) == 2).all()


def test_an_exception_is_told_with_the_users_frames_only(executor) -> None:
    def inner():
        raise ValueError("bad luck\nand more")

    def task(ctx):
        print("before")
        inner()

    failed = executor.run(task)
    assert isinstance(failed, Failed)
    assert failed.message == "ValueError: bad luck"
    assert failed.retriable
    assert "in inner" in failed.stack
    assert "worker/executor.py" not in failed.stack
    assert failed.stack.endswith("The task had printed:\nbefore\n")
    error = _objects.unpack(failed.exception)
    assert type(error) is ValueError
    assert str(error) == "bad luck\nand more"


def test_what_an_earlier_task_printed_is_not_told_of_a_later_one(executor) -> None:
    executor.run(lambda ctx: print("earlier"))
    assert executor.output.read_text() == "earlier\n"
    failed = executor.run(lambda ctx: 1 / 0)
    assert "earlier" not in failed.stack
    assert executor.output.read_text() == ""


@pytest.mark.parametrize(
    ("raised", "message"),
    [
        (DoNotRetry("no"), "colla.DoNotRetry: no"),
        (NameError("x"), "NameError: x"),
        (SystemExit(3), "SystemExit: 3: a task ended the interpreter; to fail, raise another exception"),
        (KeyboardInterrupt(), "KeyboardInterrupt"),
    ],
)
def test_other_ends_are_failures_too(executor, raised, message) -> None:
    def task(ctx):
        raise raised

    failed = executor.run(task)
    assert failed.message == message
    assert failed.retriable == (not isinstance(raised, (DoNotRetry, NameError)))
    assert executor.run(lambda ctx, x: [x], 1, accesses=[(OUT, 0, NOTHING)]).values == [1]


def test_a_call_that_does_not_fit_is_not_tried_again(executor) -> None:
    failed = executor.run(lambda ctx: [], 1, 2)
    assert "TypeError" in failed.message
    assert not failed.retriable


class Awkward(Exception):
    """Cannot be unpickled: it wants two arguments and keeps one."""

    def __init__(self, one, two):
        super().__init__(one)


def test_an_exception_that_cannot_travel_is_told_as_text(executor) -> None:
    def task(ctx):
        raise Awkward("hm", 2)

    failed = executor.run(task)
    assert failed.message.endswith("Awkward: hm")
    assert failed.exception == b""


def test_a_result_that_cannot_be_pickled_is_named(executor, worker) -> None:
    numpy = pytest.importorskip("numpy")

    def task(ctx):
        ctx.output_names = ["the array", "the model"]
        return [numpy.zeros(100_000), {"lock": threading.Lock()}]

    failed = executor.run(task, accesses=[(OUT, 0, NOTHING), (OUT, 0, NOTHING)])
    assert "the model['lock'] is a _thread.lock, which cannot be pickled" in failed.message
    assert not failed.retriable
    assert list(worker.shm.iterdir()) == [], "the first result's file is gone"


def test_a_module_that_is_missing_here_is_named_with_where_it_was_sought(executor) -> None:
    body = b"\x80\x04cno_such_module_here\nf\n."
    failed = executor.run(executor.define(None, body))
    assert "there is no module 'no_such_module_here'" in failed.message
    assert "on node here" in failed.message
    assert "looked in" in failed.message
    assert not failed.retriable


def test_an_argument_whose_module_is_missing_or_another_is_explained(executor) -> None:
    function = executor.define(lambda ctx, x: [])
    for spec, words in (
        (b"(cno_such_module_here\nC\nt.", "there is no module 'no_such_module_here' (looked in "),
        (b"(cjson\nNoSuchClass\nt.", "is the module the same as the program's?"),
    ):
        failed = executor.run(function, spec=spec)
        assert "an argument of the task cannot be unpacked on node here: " in failed.message
        assert words in failed.message


def test_a_running_task_is_cancelled_and_the_next_runs(executor, tmp_path) -> None:
    begun = tmp_path / "begun"

    def task(ctx):
        begun.touch()
        threading.Event().wait()

    sequence = executor.start(executor.define(task))
    wait_until(begun.exists, "the task")
    executor.cancel(sequence)
    failed = executor.answer()
    assert failed.message == "the task was cancelled"
    assert not failed.retriable
    assert executor.run(lambda ctx, x: [x], 1, accesses=[(OUT, 0, NOTHING)]).values == [1]


def test_only_the_task_that_is_cancelled_ends(executor, tmp_path) -> None:
    def waits(ctx):
        from colla.worker.executor import current

        while not current()._channel.cancelled:
            time.sleep(0.001)
        return ["done"]

    first = executor.define(waits)
    second = executor.define(lambda ctx, x: [x])
    executor.start(first, accesses=[(OUT, 0, NOTHING)])
    cancelled = executor.start(second, 2, accesses=[(OUT, 0, NOTHING)])
    executor.start(second, 3, accesses=[(OUT, 0, NOTHING)])
    executor.cancel(cancelled)
    assert executor.answer().values == ["done"]
    assert executor.answer().message == "the task was cancelled"
    assert executor.answer().values == [3]


@pytest.mark.parametrize("seed", range(3))
def test_cancellations_at_any_moment_lose_and_mix_up_nothing(executor, seed) -> None:
    """Each task gets one answer, in order; only those that were cancelled may be ended by it."""
    chance = random.Random(seed)
    count = 3_000

    def task(ctx, x, fails):
        obj = ctx.load(0)
        if fails:
            raise ValueError(x)
        return [(x, obj)]

    function = executor.define(task)
    accesses = [(IN, 0, _wire.inline(_objects.pack([1]).to_bytes())), (OUT, 0, NOTHING)]
    cancelled: "set[int]" = set()
    answers = []
    sent = 0
    while len(answers) < count:
        while sent < min(count, len(answers) + 50):
            sent = executor.start(function, sent, chance.random() < 0.1, accesses=accesses)
        if chance.random() < 0.2:
            sequence = chance.randint(max(1, len(answers) - 2), sent)
            cancelled.add(sequence)
            executor.connection.send(5, struct.pack("<I", sequence))
            os.kill(executor.pid, signal.SIGINT)
        answers.append(executor.answer())
    assert [answer.sequence for answer in answers] == list(range(1, count + 1))
    ended = {answer.sequence for answer in answers if getattr(answer, "message", "") == "the task was cancelled"}
    assert ended <= cancelled
    assert len(ended) > 100
    for answer in answers:
        if isinstance(answer, Done):
            assert _objects.load(answer.values[0]) == (answer.sequence - 1, [1])


def test_tasks_that_wait_behind_a_lasting_one_are_given_back(executor, tmp_path) -> None:
    begun, go_on = tmp_path / "begun", tmp_path / "go-on"
    os.mkfifo(go_on)

    def lasts(ctx):
        program = subprocess.Popen(["sleep", "1000"])
        begun.touch()
        text = go_on.read_text()
        assert program.poll() is None, "the program was not disturbed"
        program.kill()
        return [text]

    short = executor.define(lambda ctx, x: [x])
    executor.start(short, 1, accesses=[(OUT, 0, NOTHING)])
    executor.start(executor.define(lasts), accesses=[(OUT, 0, NOTHING)])
    waiting = [executor.start(short, i, accesses=[(OUT, 0, NOTHING)]) for i in range(20)]
    assert executor.answer().values == [1]
    wait_until(begun.exists, "the task")
    executor.recall()
    assert [executor.answer() for _ in waiting] == [Returned(sequence) for sequence in waiting]
    go_on.write_text("done")
    assert executor.answer().values == ["done"]
    executor.recall()
    assert executor.run(short, 5, accesses=[(OUT, 0, NOTHING)]).values == [5]


def test_recalls_at_any_moment_run_nothing_twice(executor) -> None:
    chance = random.Random(1)
    function = executor.define(lambda ctx, x: [x])
    todo = list(range(3_000))
    running: "dict[int, int]" = {}
    done = []
    while todo or running:
        while todo and len(running) < 50:
            item = todo.pop()
            running[executor.start(function, item, accesses=[(OUT, 0, NOTHING)])] = item
        if chance.random() < 0.1:
            executor.connection.send(6, bytes(4))
            os.kill(executor.pid, signal.SIGURG)
        answer = executor.answer()
        item = running.pop(answer.sequence)
        if isinstance(answer, Returned):
            todo.append(item)
        else:
            assert answer.values == [item]
            done.append(item)
    assert sorted(done) == list(range(3_000))


def test_an_interrupt_between_tasks_does_nothing(executor, worker) -> None:
    function = executor.define(lambda ctx, x: [x])
    for i in range(200):
        worker.kill(executor, signal.SIGINT)
        assert executor.run(function, i, accesses=[(OUT, 0, NOTHING)]).values == [i]


def asks(ctx):
    from colla.worker import STREAMS, ask

    return [ask(STREAMS, b"what?").decode(), list(ctx.cpus), str(os.sched_getaffinity(0))]


THREE_RESULTS = [(OUT, 0, NOTHING)] * 3


def test_a_task_asks_the_master(executor) -> None:
    function = executor.define(asks)
    executor.start(function, accesses=THREE_RESULTS)
    kind, body = executor.connection.receive()
    assert (kind, bytes(body[4:])) == (4, b"\1\1what?")
    executor.connection.send(4, body[:4], b"\0\0", b"that")
    assert executor.answer().values[0] == "that"


def test_a_task_goes_on_with_other_cpus_after_it_asked(executor) -> None:
    allowed = sorted(os.sched_getaffinity(0))
    function = executor.define(asks)
    executor.start(function, accesses=THREE_RESULTS, cpus=allowed[:1])
    _, body = executor.connection.receive()
    executor.connection.send(4, body[:4], struct.pack("<HH", 1, allowed[-1]), b"that")
    answer = executor.answer()
    assert _objects.load(answer.values[1]) == allowed[-1:]
    assert answer.values[2] == str({allowed[-1]})
    bound = executor.run(lambda ctx: [str(os.sched_getaffinity(0))], accesses=[(OUT, 0, NOTHING)], cpus=allowed[:1])
    assert bound.values == [str({allowed[0]})]


def test_a_task_tells_the_master_without_waiting(executor) -> None:
    def task(ctx):
        from colla.worker import NESTED_CALLS, tell

        tell(NESTED_CALLS, b"that")

    executor.start(executor.define(task))
    kind, body = executor.connection.receive()
    assert (kind, bytes(body)) == (4, b"\0\0\0\0\0\0that")
    assert isinstance(executor.answer(), Done)


def test_nobody_asks_outside_of_a_task() -> None:
    with pytest.raises(RuntimeError, match="only a task"):
        asks(None)


@pytest.mark.parametrize("in_a_thread", [False, True])
def test_a_task_that_waits_for_an_answer_is_cancelled(executor, in_a_thread) -> None:
    def asks_in_a_thread(ctx):
        thread = threading.Thread(target=asks, args=(ctx,), daemon=True)
        thread.start()
        thread.join()

    sequence = executor.start(executor.define(asks_in_a_thread if in_a_thread else asks))
    kind, body = executor.connection.receive()
    assert kind == 4
    executor.cancel(sequence)
    assert executor.answer().message == "the task was cancelled"
    executor.connection.send(4, body[:4], b"\0\0", b"late")
    assert executor.run(lambda ctx, x: [x], 1, accesses=[(OUT, 0, NOTHING)]).values == [1]


def test_a_question_ends_with_its_task(executor) -> None:
    """The master may never answer: the next task is not to wait for that."""

    def task(ctx):
        thread = threading.Thread(target=asks, args=(ctx,), daemon=True)
        thread.start()
        return ["done"]

    executor.start(executor.define(task), accesses=[(OUT, 0, NOTHING)])
    executor.start(executor.define(lambda ctx, x: [x]), 1, accesses=[(OUT, 0, NOTHING)])
    kinds = []
    while kinds.count(2) < 2:
        kinds.append(executor.connection.receive()[0])
    assert set(kinds) <= {2, 4}


def test_executor_and_worker_do_not_wait_for_each_other(executor) -> None:
    """Both directions are full: the worker sends without reading, and the answers are large."""
    echo = executor.define(lambda ctx, text: [text])
    count = 400
    frames = [executor.task_frame(echo, "x" * 20_000, accesses=[(OUT, 0, NOTHING)]) for _ in range(count)]
    executor.connection.socket.sendall(b"".join(frames))
    assert all(executor.answer().values == ["x" * 20_000] for _ in range(count))


def test_a_process_that_a_task_forks_does_not_answer(executor) -> None:
    def task(ctx):
        if os.fork() == 0:
            raise RuntimeError("in the child")
        _, status = os.wait()
        return [os.WEXITSTATUS(status)]

    assert executor.run(task, accesses=[(OUT, 0, NOTHING)]).values == [1]
    assert executor.run(lambda ctx, x: [x], 1, accesses=[(OUT, 0, NOTHING)]).values == [1]


def test_threads_of_libraries_follow_the_cores(executor) -> None:
    numpy = pytest.importorskip("numpy")

    def task(ctx):
        numpy.ones((300, 300)) @ numpy.ones((300, 300))
        return [os.environ["OMP_NUM_THREADS"], len(os.listdir("/proc/self/task"))]

    function = executor.define(task)
    accesses = [(OUT, 0, NOTHING), (OUT, 0, NOTHING)]
    assert executor.run(function, accesses=accesses, cores=1).values == ["1", 1]
    assert executor.run(function, accesses=accesses, cores=2).values == ["2", 2]


def test_what_is_printed_can_be_shown_at_once(tmp_path) -> None:
    worker = Worker(tmp_path, stream=True)
    try:
        executor = worker.fork()
        executor.start(executor.define(lambda ctx: print("hello")))
        kind, body = executor.connection.receive()
        assert (kind, bytes(body)) == (5, b"hello\n")
        assert isinstance(executor.answer(), Done)
        assert executor.output.read_text() == "hello\n"
    finally:
        worker.end()


def test_executors_draw_different_random_numbers(tmp_path) -> None:
    pytest.importorskip("numpy")
    worker = Worker(tmp_path, preload=["random", "numpy.random"])
    try:

        def task(ctx):
            import random

            import numpy

            return [random.random(), float(numpy.random.random())]

        accesses = [(OUT, 0, NOTHING), (OUT, 0, NOTHING)]
        drawn = [worker.fork().run(task, accesses=accesses).values for _ in range(2)]
        assert drawn[0][0] != drawn[1][0]
        assert drawn[0][1] != drawn[1][1]
    finally:
        worker.end()


def test_number_of_outputs_is_checked(executor) -> None:
    failed = executor.run(lambda ctx: [1, 2], accesses=[(OUT, 0, NOTHING)])
    assert "2 outputs for the 1" in failed.message


def test_a_frame_in_pieces_is_put_together(executor) -> None:
    function = executor.define(lambda ctx, text: [len(text)])
    frame = executor.task_frame(function, "x" * 200_000, accesses=[(OUT, 0, NOTHING)])
    for start in range(0, len(frame), 7_000):
        executor.connection.socket.sendall(frame[start : start + 7_000])
    assert executor.answer().values == [200_000]
    assert struct.unpack_from("<I", frame)[0] == len(frame) - 4
