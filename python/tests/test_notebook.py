"""Notebooks with tasks: real kernels, and runs of the installed command."""

import os
import time
import uuid
from pathlib import Path

import pytest

from colla import _gateway
from colla._errors import UsageError

nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")
jupyter_client = pytest.importorskip("jupyter_client")
pytest.importorskip("ipykernel")

SOURCES = str(Path(__file__).parents[1] / "src")
MARK = "COLLA_NOTEBOOK_TEST"

START = """
import time
import pycompss.interactive as ipycompss
from pycompss.api.task import task
from pycompss.api.api import compss_wait_on
ipycompss.start(graph=True, monitor=100)
"""


@pytest.fixture
def mark(tmp_path, monkeypatch):
    """Marks all processes of the test; after it none of them may be left."""
    try:
        _gateway.command()
    except UsageError:
        pytest.skip("there is no installed colla command: COLLA_HOME names one")
    value = uuid.uuid4().hex
    monkeypatch.setenv(MARK, value)
    monkeypatch.setenv("PYTHONPATH", SOURCES)
    monkeypatch.chdir(tmp_path)
    before = abandoned()
    yield value
    wait_until(lambda: not marked(value), lambda: f"processes are left: {marked(value)}")
    wait_until(lambda: not abandoned() - before, lambda: f"left in shared memory: {abandoned() - before}")



def abandoned():
    """The folders in shared memory whose process is gone: it is in their name."""
    names = [name for name in os.listdir("/dev/shm") if name.startswith("colla")]
    return {name for name in names if not any(os.path.exists(f"/proc/{part}") for part in name.split("-") if part.isdigit())}


def marked(value):
    """The command lines of the processes with this mark, but for this one."""
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and int(process.name) != os.getpid():
            try:
                if f"{MARK}={value}".encode() in (process / "environ").read_bytes():
                    found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
            except OSError:
                continue  # it has ended, or is another user's
    return found


def wait_until(condition, what, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, what() if callable(what) else what
        time.sleep(0.05)


def executed(*cells):
    """The cells of a notebook after their execution."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nbclient.NotebookClient(notebook, timeout=60, kernel_name="python3", allow_errors=True).execute()
    return notebook.cells


def printed(cell):
    return "".join(output.text for output in cell.outputs if output.output_type == "stream" and output.name == "stdout")


def shown(cell):
    return [output.data for output in cell.outputs if output.output_type in ("display_data", "execute_result")]


def error(cell):
    return [output for output in cell.outputs if output.output_type == "error"]


def test_a_notebook_with_tasks(mark):
    cells = executed(
        START,
        """
@task(returns=1)
def slow(x):
    time.sleep(0.5)
    return x + 1
begin = time.monotonic()
futures = [slow(i) for i in range(4)]
print(time.monotonic() - begin < 0.5)
""",
        "print(compss_wait_on(futures))",
        """
def helper(x):
    return x * 2
@task(returns=1)
def slow(x):
    return helper(x)
print(compss_wait_on(slow(4)))
def helper(x):
    return x * 3
""",
        """
@task(returns=1)
def slow(x):
    return helper(x)
print(compss_wait_on(slow(4)))
""",
        """
class Counter:
    def __init__(self):
        self.count = 0
    @task()
    def add(self, n):
        self.count += n
counter = Counter()
counter.add(2)
counter.add(3)
counter = compss_wait_on(counter)
print(type(counter) is Counter, counter.count)
""",
        "ipycompss.tasks_info()\nipycompss.tasks_status()\nipycompss.statistics()\nipycompss.resources_status()",
        "ipycompss.monitoring_information()",
        "late = slow(slow(1))\nlist_of = [slow(2)]\nipycompss.complete_task_graph()",
        "ipycompss.stop(sync=True)\nprint(late, list_of)",
        "print(slow(5))",
    )
    assert [error(cell) for cell in cells] == [[]] * len(cells)
    assert "Colla runs with" in printed(cells[0])
    assert printed(cells[1]) == "True\n"
    assert printed(cells[2]) == "[1, 2, 3, 4]\n"
    assert any("of 4 tasks done" in data["text/plain"] for cell in cells[1:3] for data in shown(cell))
    assert shown(cells[2])[-1]["text/plain"].startswith("4 of 4 tasks done")
    assert "<div" in shown(cells[2])[-1]["text/html"]
    assert printed(cells[3]) == "8\n"
    assert printed(cells[4]) == "12\n"
    assert printed(cells[5]) == "True 5\n"
    tables = [data["text/plain"] for data in shown(cells[6])]
    assert "Counter.add" in tables[0] and tables[1].split()[-5:] == ["8", "0", "0", "0", "0"]
    assert shown(cells[6])[0]["text/html"].startswith("<table>")
    assert "<svg" in shown(cells[8])[-1]["text/html"]
    assert printed(cells[9]) == "9 [6]\n"
    assert printed(cells[10]) == "15\n"


def test_an_exception_of_a_task_shows_the_cell_it_came_from(mark):
    cells = executed(
        START,
        "@task(returns=1)\ndef divide(x):\n    return 1 / x",
        "@task(returns=1)\ndef slow(x):\n    time.sleep(2)\n    return x\nother = slow(7)",
        "bad = divide(0)\nworse = slow(bad)\ncompss_wait_on(bad)",
        "compss_wait_on(worse)",
        "print(compss_wait_on(other), compss_wait_on(divide(2)))",
        "ipycompss.stop(sync=True)",
    )
    (failure,) = error(cells[3])
    assert failure.ename == "ZeroDivisionError"
    text = "\n".join(failure.traceback)
    assert "in task divide" in text
    assert "Cell In[2], line 3, in divide" in text
    assert "return 1 / x" in text
    assert "_session.py" not in text
    assert error(cells[4])[0].ename == "ZeroDivisionError"
    assert printed(cells[5]) == "7 0.5\n"
    assert error(cells[6]) == []
    assert "bad has no value: ZeroDivisionError" in printed(cells[6])


def test_what_tasks_print_is_shown_below_the_cell(mark):
    cells = executed(
        START.replace("monitor=100", "monitor=0, stream=True"),
        "@task(returns=1)\ndef talk(x):\n    print('said', x)\n    return x",
        "future = talk(1)\nwhile not future.done():\n    time.sleep(0.05)",
        "done = compss_wait_on(talk(2))",
        "ipycompss.stop()",
    )
    assert [printed(cell) for cell in cells[2:4]] == ["[talk #1 local] said 1\n", "[talk #2 local] said 2\n"]
    assert not any(shown(cell) for cell in cells[:3])


def test_what_has_no_meaning_here_is_said_once(mark):
    cells = executed(
        "import pycompss.interactive as ipycompss\nipycompss.start(project_xml='p.xml', cores=1, summary=True)\nipycompss.start()",
        "%load_ext colla\n%colla status",
        "%colla nonsense",
        "ipycompss.current_task_graph()\nipycompss.stop()\nipycompss.stop()",
    )
    warnings = "".join(output.text for output in cells[0].outputs if output.get("name") == "stderr")
    assert "no meaning here: project_xml" in warnings
    assert "with 1 core;" in printed(cells[0])
    assert "already running" in printed(cells[0])
    assert "waiting" in shown(cells[1])[0]["text/plain"]
    assert "%colla knows status" in printed(cells[2])
    assert "The graph is not recorded" in printed(cells[3])
    assert "0 of 0 tasks done" in printed(cells[3])
    assert "The runtime is not running" in printed(cells[3])


def test_each_run_of_a_notebook_can_have_a_trace(mark, tmp_path):
    cells = executed(
        "import pycompss.interactive as ipycompss\nfrom pycompss.api.task import task\nfrom colla import trace",
        "@task(returns=1)\ndef reads(x):\n    with trace.region('reading'):\n        return x",
        "ipycompss.start(cores=1, trace=True, trace_label='first')\nfuture = reads(1)\nipycompss.stop(sync=True)\nfuture",
        "ipycompss.start(cores=1, trace='basic', trace_label='second')\nfuture = reads(2)\nipycompss.stop(sync=True)\nfuture",
        "ipycompss.start(cores=1)\nipycompss.stop()",
    )
    assert "no meaning" not in str(cells[2].outputs)
    found = {name: path for name in ("first", "second") for path in tmp_path.glob(f"**/trace/{name}.prv")}
    assert sorted(found) == ["first", "second"]
    for index, name in enumerate(found):
        assert f"trace/{name}.prv" in printed(cells[2 + index])
        assert "reading" in found[name].with_suffix(".pcf").read_text()
        assert (":9000300:" in found[name].read_text()) == (name == "first")
    assert "The trace" not in printed(cells[4])


class Kernel:
    """A kernel that cells are sent to one by one."""

    def __init__(self):
        self.manager = jupyter_client.KernelManager(kernel_name="python3")
        self.manager.start_kernel()
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)

    def send(self, code):
        return self.client.execute(code, stop_on_error=False)

    def reply(self, message, seconds=30):
        deadline = time.monotonic() + seconds
        while True:
            reply = self.client.get_shell_msg(timeout=max(0.1, deadline - time.monotonic()))
            if reply["parent_header"].get("msg_id") == message:
                return reply["content"]

    def run(self, code):
        content = self.reply(self.send(code))
        assert content["status"] == "ok", content
        return content

    def value(self, code):
        content = {"status": "aborted"}
        while content["status"] == "aborted":  # it was sent before the kernel had said that the last one failed
            content = self.reply(self.client.execute("", silent=True, user_expressions={"value": code}))
        result = content["user_expressions"]["value"]
        assert result["status"] == "ok", result
        return result["data"]["text/plain"]

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


@pytest.fixture
def kernel(mark):
    made = Kernel()
    yield made
    made.close()


WAIT = """
@task(returns=1)
def endless(path):
    open(path, "w").close()
    time.sleep(600)

@task(returns=1)
def after(x):
    return x
"""


def test_an_interrupt_cancels_what_the_cell_has_called(kernel, tmp_path):
    kernel.run(START + WAIT)
    message = kernel.send(f"first = endless({str(tmp_path / 'running')!r})\nsecond = after(first)\ncompss_wait_on(second)")
    wait_until((tmp_path / "running").exists, "the task did not begin")
    kernel.manager.interrupt_kernel()
    content = kernel.reply(message)
    assert content["ename"] == "KeyboardInterrupt"
    wait_until(lambda: kernel.value("ipycompss._running().ask('status')['running']") == "0", "the task still runs")
    assert kernel.value("compss_wait_on(after(7))") == "7"
    content = kernel.reply(kernel.send("compss_wait_on(first)"))
    assert content["ename"] == "CancelledError"
    kernel.run("ipycompss.stop()")


def test_an_interrupt_of_something_else_cancels_the_cell_s_tasks_and_no_others(kernel, tmp_path):
    kernel.run(START + WAIT)
    kernel.run(f"before = endless({str(tmp_path / 'before')!r})")
    wait_until((tmp_path / "before").exists, "the task did not begin")
    message = kernel.send(f"mine = endless({str(tmp_path / 'mine')!r})\ntime.sleep(600)")
    wait_until((tmp_path / "mine").exists, "the task did not begin")
    kernel.manager.interrupt_kernel()
    assert kernel.reply(message)["ename"] == "KeyboardInterrupt"
    wait_until(lambda: kernel.value("ipycompss._running().ask('status')['running']") == "1", "not one task runs")
    assert kernel.value("before.done(), mine.done()") == "(False, True)"
    kernel.run("ipycompss.stop(_hard_stop=True)")


@pytest.mark.parametrize("now", [False, True], ids=["in order", "killed"])
def test_a_restart_leaves_nothing(kernel, mark, tmp_path, now):
    kernel.run(START + WAIT)
    kernel.run(f"import numpy\nbig = after(numpy.ones(1000000))\nendless({str(tmp_path / 'running')!r})")
    wait_until((tmp_path / "running").exists, "the task did not begin")
    assert any("colla" in line and "gateway" in line for line in marked(mark))
    kernel.manager.restart_kernel(now=now)
    kernel.client.wait_for_ready(timeout=60)
    wait_until(lambda: not any("gateway" in line or "colla.worker" in line for line in marked(mark)), lambda: marked(mark))
    kernel.run(START + WAIT + "assert compss_wait_on(after(1)) == 1\nipycompss.stop()")
