"""What a notebook or prompt shows of a run, without a run."""

import queue
import sys
import threading

import pytest

from colla import notebook
from colla._errors import UsageError
from colla._graph import GraphRecorder
from colla.notebook import Observer, Progress, Sample, Table, TerminalView
from pycompss import interactive

IN, OUT, INOUT, CONCURRENT, COMMUTATIVE = range(5)


def status(done=0, running=0, waiting=0, failed=0):
    return {"done": done, "running": running, "waiting": waiting, "failed": failed, "cancelled": 0, "cores_busy": running, "cores": 2}


class View:
    """Tells the test what is shown."""

    def __init__(self):
        self.shown = queue.SimpleQueue()
        self.shows = False
        self.cells = 0

    def begin_cell(self):
        self.cells += 1
        self.shows = False

    def show(self, sample):
        self.shows = True
        self.shown.put(str(sample))


class Run:
    """Answers questions for its status, one after the other; the last one for ever."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = threading.Semaphore(0)

    def __call__(self):
        self.asked.release()
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(notebook, "_FIRST_LOOK_SECONDS", 0.01)


def test_a_sample_says_what_matters():
    assert str(Sample.of(status(done=3))) == "3 of 3 tasks done"
    assert str(Sample.of(status(1, 2, 3, 4))) == "1 of 10 tasks done · 2 running · 4 failed · 2 of 2 cores busy"
    assert str(Sample.of({})) == "0 of 0 tasks done"


def test_progress_is_shown_until_all_is_done(quick):
    view = View()
    progress = Progress(Run(status(0, 1, 1), status(1, 1), status(2)), view, 0.01)
    progress.start()
    progress.begin_cell()
    shown = [view.shown.get(timeout=10) for _ in range(3)]
    assert [line.partition(" tasks")[0] for line in shown] == ["0 of 2", "1 of 2", "2 of 2"]
    progress.stop()
    progress._thread.join(10)
    assert not progress._thread.is_alive()
    assert [sample.done for sample in progress.samples] == [0, 1, 2]


def test_nothing_is_asked_when_nothing_runs_and_nothing_shown_of_short_cells(quick):
    run, view = Run(status(done=5)), View()
    progress = Progress(run, view, 0.01)
    progress.start()
    progress.begin_cell()
    assert run.asked.acquire(timeout=10)
    assert not run.asked.acquire(timeout=0.1)
    progress.end_cell()
    assert view.shown.empty()
    progress.stop()


def test_the_end_of_a_cell_shows_how_it_ended(quick):
    run, view = Run(status(0, 1), status(done=1)), View()
    progress = Progress(run, view, 60)
    progress.start()
    progress.begin_cell()
    assert view.shown.get(timeout=10).startswith("0 of 1")
    progress.end_cell()
    assert view.shown.get(timeout=10) == "1 of 1 tasks done"
    progress.stop()


def test_a_run_that_has_ended_ends_the_looking(quick):
    progress = Progress(Run(RuntimeError("the run is gone")), View(), 0.01)
    progress.start()
    progress.begin_cell()
    progress._thread.join(10)
    assert not progress._thread.is_alive()
    progress.end_cell()


def test_a_terminal_has_one_line(capsys):
    view = TerminalView()
    view.show(Sample.of(status(0, 1)))
    view.show(Sample.of(status(1)))
    assert capsys.readouterr().err == "\r\x1b[K0 of 1 tasks done · 1 running · 1 of 2 cores busy\r\x1b[K1 of 1 tasks done\n"


def test_tables_are_text_and_html():
    table = Table(("task", "seconds"), [("f<g>", 1.5), ("h", 2)])
    assert repr(table) == "task  seconds\nf<g>  1.500\nh     2"
    assert "<td>f&lt;g&gt;</td><td>1.500</td>" in table._repr_html_()


# The graph


def recorded():
    recorder = GraphRecorder()
    recorder.template(0, "make")
    recorder.template(1, "change")
    recorder.call(0, [], [10])
    recorder.call(0, [], [11])
    recorder.call(1, [(10, INOUT), (11, IN)], [])
    recorder.call(1, [(10, IN), (12, OUT)], [13])
    recorder.call(0, [(11, CONCURRENT), (12, COMMUTATIVE)], [])
    return recorder


def test_the_graph_knows_who_needs_whom():
    graph = recorded().graph()
    assert graph.edges() == [(0, 2), (1, 2), (2, 3), (1, 4), (3, 4)]
    assert repr(graph) == "<graph of 5 tasks, 5 dependencies>"
    lines = str(graph).splitlines()
    assert lines[0] == "digraph tasks {" and lines[-1] == "}"
    assert "  3 -> 4;" in lines
    assert sum('tooltip="change"' in line for line in lines) == 2


def test_the_picture_has_each_task_below_those_it_needs():
    graph = recorded().graph()
    levels = {number: y for number, (_, y) in graph._places().items()}
    assert all(levels[need] < levels[number] for need, number in graph.edges())
    assert graph.svg().count("<circle") == 5
    assert graph.svg().count("<path") == 5


def test_of_the_unfinished_the_finished_are_left_out():
    graph = recorded().unfinished(lambda data: [datum for datum in data if datum == 11])
    assert [number for number, _ in graph.nodes] == [0, 2, 3, 4]
    assert graph.edges() == [(0, 2), (2, 3), (3, 4)]


def test_a_large_graph_is_no_picture(monkeypatch):
    monkeypatch.setattr("colla._graph._MOST_KEPT", 3)
    graph = recorded().graph()
    assert repr(graph) == "<graph of 3 tasks, 2 dependencies (and 2 that are not recorded)>"
    monkeypatch.setattr("colla._graph._MOST_DRAWN", 2)
    assert "<svg" not in graph._repr_html_()


# What an interrupt cancels


class Session:
    """Remembers what is cancelled; waits are interrupted."""

    def __init__(self):
        self.cancelled = set()
        self.described = None
        self._next = 100

    def template(self, description):
        self.described = description
        return 0

    def submit(self, template, accesses, results, spec, group=-1):
        self._next += results
        return list(range(self._next - results, self._next))

    submit_program = submit

    def get(self, datum, timeout=None):
        raise KeyboardInterrupt

    def get_all(self, data, timeout=None):
        raise KeyboardInterrupt

    def barrier(self, group=-1, timeout=None):
        raise KeyboardInterrupt

    def cancel(self, datum):
        self.cancelled.add(datum)


@pytest.fixture
def observed():
    session = Session()
    observer = Observer(session, GraphRecorder())
    observer.attach()
    session.template({"name": "f", "on_failure": "RETRY"})
    return session, observer


def test_an_interrupted_wait_cancels_what_it_waits_for_and_what_the_cell_called(observed):
    session, observer = observed
    session.submit(0, [], 1, b"")
    observer.begin_cell()
    session.submit(0, [(100, IN)], 2, b"")
    session.submit(0, [(100, IN), (50, INOUT)], 0, b"")
    with pytest.raises(KeyboardInterrupt):
        session.get_all([7, 8])
    assert session.cancelled == {7, 8, 101, 50}
    session.cancelled.clear()
    with pytest.raises(KeyboardInterrupt):
        session.get(9)
    assert session.cancelled == {9}
    session.submit_program(0, [], 1, [])
    with pytest.raises(KeyboardInterrupt):
        session.barrier(3)
    assert session.cancelled == {9, 103}
    assert len(observer.graph.graph()) == 4


def test_a_failure_in_a_notebook_does_not_end_the_run(observed):
    session, _ = observed
    assert session.described["on_failure"] == "CANCEL_SUCCESSORS"
    session.template({"name": "f", "on_failure": "FAIL"})
    assert session.described["on_failure"] == "FAIL"


# The module's own


def test_keywords_become_options_of_the_command(tmp_path):
    given = {name: parameter.default for name, parameter in interactive.inspect.signature(interactive.start).parameters.items()}
    given["options"] = {"workers": "local:2"}
    assert interactive._options_of(given) == {"progress": "never", "quiet": True, "workers": "local:2"}
    (tmp_path / "mine_01").mkdir()
    given.update(log_level="debug", app_name="mine", log_dir=str(tmp_path), wcl=60, scheduler="es.bsc.compss.scheduler.fifo.FIFOScheduler")
    given.update(jvm_workers="-Xmx2g,-Xms1g")
    assert interactive._options_of(given) == {
        "progress": "never",
        "quiet": True,
        "debug": True,
        "name": "mine",
        "run_dir": str(tmp_path / "mine_02"),
        "time_limit": "60s",
        "worker_jvm_opts": "-Xmx2g -Xms1g",
        "scheduler": "fifo",
        "workers": "local:2",
    }


def test_nothing_runs_nothing_is_known(capsys):
    interactive.stop()
    interactive.complete_task_graph()
    interactive.monitoring_information()
    assert capsys.readouterr().out.splitlines() == [
        "The runtime is not running",
        "The graph is not recorded: start(graph=True) does",
        "Nothing is monitored: start(monitor=1000) does, each second",
    ]
    with pytest.raises(UsageError, match="call start"):
        interactive.tasks_status()


def test_futures_in_variables_are_replaced(running, capsys):
    from pycompss.api.task import task

    @task(returns=1)
    def double(x):
        return 2 * x

    @task(returns=1)
    def fail(x):
        raise ValueError("no")

    variables = {"one": double(1), "several": [double(2), 5], "deep": {"a": (double(3),)}, "plain": [1], "bad": fail(1), "_hidden": double(4)}
    plain, hidden = variables["plain"], variables["_hidden"]
    interactive._wait_for_variables(variables)
    assert variables["one"] == 2 and variables["several"] == [4, 5] and variables["deep"] == {"a": (6,)}
    assert variables["plain"] is plain and variables["_hidden"] is hidden
    assert capsys.readouterr().out == "bad has no value: ValueError: no\n"


def test_tracebacks_without_our_own_lines():
    try:
        notebook.Sample.of({"done": "not a number"})
    except ValueError:
        trace = sys.exc_info()[2]
    assert trace.tb_next is not None
    kept = notebook._without_own_frames(trace)
    assert kept.tb_frame.f_code.co_filename == __file__
    assert kept.tb_next is None
