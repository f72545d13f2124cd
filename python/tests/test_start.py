"""Programs that begin and end as processes of their own, with a gateway of the test."""

import os
import random
import signal
import subprocess
import sys
import textwrap
import time

import pytest
from fake_gateway import FakeGateway, failure

import colla
from colla import _gateway, _wire
from colla._session import BYE, GET, HELLO, SUBMIT

SOURCE = os.path.join(os.path.dirname(__file__), os.pardir, "src")

BEGIN = """
import atexit, os, signal, sys, threading
from colla import _session
session = _session.current()
"""


class Program:
    """A script that runs with a gateway."""

    def __init__(self, folder, text, *arguments, begin=BEGIN):
        self.gateway = FakeGateway(str(folder))
        script = folder / "program.py"
        script.write_text(begin + textwrap.dedent(text))
        environment = {**os.environ, "COLLA_GATEWAY": self.gateway.path, "PYTHONPATH": SOURCE}
        self.process = subprocess.Popen(
            [sys.executable, *(arguments or [str(script)])],
            env=environment, cwd=str(folder), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def end(self):
        self.out, self.err = self.process.communicate(timeout=30)
        self.gateway.close()
        return self.process.returncode

    @property
    def bye(self):
        """How it said goodbye: in order (0), failed (1), not at all (None)."""
        flags = [event[2] for event in self.gateway.events if event[0] == BYE]
        assert len(flags) <= 1
        return flags[0] if flags else None


@pytest.mark.parametrize(
    ("text", "code", "bye"),
    [
        ("", 0, 0),
        ("raise ValueError('x')", 1, 1),
        ("sys.exit(3)", 3, 1),
        ("sys.exit('a message')", 1, 1),
        ("sys.exit()", 0, 0),
        ("sys.exit(0)", 0, 0),
        ("try:\n    sys.exit(3)\nexcept SystemExit:\n    pass", 0, 0),
        ("def main():\n    return 4\nif __name__ == '__main__':\n    sys.exit(main())", 4, 1),
        ("def main():\n    return None\nif __name__ == '__main__':\n    sys.exit(main())", 0, 0),
        ("for i in range(3):\n    try:\n        sys.exit(1)\n    except SystemExit:\n        print(i)", 0, 0),
        ("with open(os.devnull) as f:\n    sys.exit(5)", 5, 1),
        ("try:\n    sys.exit(5)\nfinally:\n    print('end')", 5, 1),
        ("t = threading.Thread(target=lambda: sys.exit(5)); t.start(); t.join()", 0, 0),
        ("os._exit(6)", 6, None),
    ],
)
def test_the_end_of_the_program_decides_about_its_tasks(tmp_path, text, code, bye):
    program = Program(tmp_path, text)
    assert program.end() == code
    assert program.bye == bye


def test_a_hook_of_the_program_still_sees_its_exceptions(tmp_path):
    program = Program(tmp_path, "raise ValueError('x')", begin="import sys\nsys.excepthook = lambda *e: print('mine')\n" + BEGIN)
    assert program.end() == 1
    assert program.out == "mine\n" and program.bye == 1


def test_an_uncaught_exception_of_a_task_is_shown_at_the_programs_own_line(tmp_path):
    told = failure(_wire.FAILURE_TASK, "f failed", "f #1", "node2", "the traceback there")
    program = Program(tmp_path, f"def wait():\n    session.get(session.submit(0, [], 1, b'FAIL' + {told!r})[0])\nwait()")
    assert program.end() == 1
    assert "RemoteTraceback: in task f #1 on node2:\n\nthe traceback there" in program.err
    shown = program.err[program.err.index("direct cause") :]
    assert shown.count("File") == 2 == shown.count("program.py") and "in wait" in shown
    assert shown.endswith("colla.TaskFailedError: f failed\n")


def test_a_program_says_what_it_is(tmp_path):
    import json

    from colla import _wire

    program = Program(tmp_path, "")
    program.end()
    ((body,),) = program.gateway.seen(HELLO)
    hello = json.loads(_wire.read_string(body, 0)[0])
    assert hello["protocol"] == 1 and hello["pid"] == program.process.pid and hello["cwd"] == str(tmp_path)
    assert hello["main"] == str(tmp_path / "program.py") and hello["path"][0] == str(tmp_path)
    assert hello["python"].startswith("3.") and hello["executable"] and not hello["interactive"]


def test_a_program_that_calls_no_task_needs_no_gateway(tmp_path):
    program = Program(tmp_path, "import colla\nprint(colla.__version__)", begin="")
    assert program.end() == 0
    assert program.gateway.connection is None


def test_what_the_program_starts_is_not_the_program(tmp_path):
    program = Program(tmp_path, "print(os.environ.get('COLLA_GATEWAY'))")
    program.end()
    assert program.out == "None\n"


def test_a_forked_child_has_no_session_and_leaves_the_parents_alone(tmp_path):
    program = Program(
        tmp_path,
        """
        import multiprocessing
        def child():
            print(_session.current(), flush=True)
            try:
                session.submit(0, [], 1, b"")
            except Exception as error:
                print(error, flush=True)
        process = multiprocessing.get_context("fork").Process(target=child)
        process.start()
        process.join()
        pid = os.fork()
        if pid == 0:
            sys.exit(7)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7
        session.submit(0, [], 1, b"")
        session.barrier()
        """,
    )
    assert program.end() == 0, program.err
    assert program.out.startswith("None\nthis process was forked from the program")
    assert program.bye == 0 and len(program.gateway.seen(SUBMIT)) == 1


def test_an_interrupt_ends_a_wait_and_the_connection_stays_usable(tmp_path):
    program = Program(
        tmp_path,
        """
        datum, = session.submit(0, [], 1, b"")
        for _ in range(20):
            try:
                session.get(datum)
            except KeyboardInterrupt:
                print("interrupted", flush=True)
        session.barrier()
        """,
    )
    for count in range(20):
        program.gateway.wait_for(lambda g: len([e for e in g.events if e[0] == GET]) == count + 1)
        program.process.send_signal(signal.SIGINT)
        assert program.process.stdout.readline() == "interrupted\n"
    assert program.end() == 0, program.err


def test_interrupts_at_any_moment_lose_and_repeat_nothing(tmp_path):
    program = Program(
        tmp_path,
        """
        import struct
        from colla import _wire
        interrupts = calls = 0
        session.barrier()
        print("ready", flush=True)
        while interrupts < 50:
            try:
                data = [session.submit(0, [], 1, _wire.scalar(i))[0] for i in range(100)]
                assert session.get_all(data) == list(range(100))
                assert session.get(data[7]) == 7
                calls += 1
            except KeyboardInterrupt:
                interrupts += 1
                print("interrupted", flush=True)
        for i in range(1000):
            assert session.get(session.submit(0, [], 1, _wire.scalar(i))[0]) == i
        print(calls > 0, flush=True)
        """,
    )
    assert program.process.stdout.readline() == "ready\n"
    moments = random.Random(1)
    for _ in range(50):
        time.sleep(moments.uniform(0.002, 0.01))  # anywhere in a round, which takes a few milliseconds
        program.process.send_signal(signal.SIGINT)
        assert program.process.stdout.readline() == "interrupted\n", program.end() or program.err
    assert program.end() == 0, program.err
    assert program.out == "True\n" and program.bye == 0


def test_a_program_whose_gateway_was_killed_ends_with_an_error(tmp_path):
    program = Program(tmp_path, "session.get(session.submit(0, [], 1, b'')[0])")
    program.gateway.wait_for(lambda g: g.waiting)
    program.gateway.close()
    assert program.end() == 1
    assert "InternalError: the run ended before this program did" in program.err


def test_a_gateway_that_is_not_there_is_an_error(tmp_path):
    environment = {**os.environ, "COLLA_GATEWAY": str(tmp_path / "none"), "PYTHONPATH": SOURCE}
    ended = subprocess.run([sys.executable, "-c", BEGIN], env=environment, capture_output=True, text=True)
    assert ended.returncode == 1 and "the run is gone" in ended.stderr


def test_options_are_those_of_the_command():
    options = {"workers": "local:3", "stream": True, "graph": False, "time_limit": None, "env": ["A=1", "B=2"]}
    assert _gateway.as_arguments(options) == ["--workers=local:3", "--stream", "--env=A=1", "--env=B=2"]


def command(folder, text):
    home = folder / "home"
    (home / "bin").mkdir(parents=True)
    script = home / "bin" / "colla"
    script.write_text("#!/bin/sh\n" + text)
    script.chmod(0o755)
    return str(home)


def test_a_program_can_start_a_run_of_its_own_and_stop_it(tmp_path, monkeypatch):
    gateway = FakeGateway(str(tmp_path))
    home = command(tmp_path, f"""echo 'starting' >&2; echo '{{"socket": "{gateway.path}"}}'; cat; echo "$@" > {tmp_path}/ended""")
    monkeypatch.setenv("COLLA_HOME", home)
    session = colla.start(workers="local:3")
    assert colla.start() is session
    session.submit(0, [], 1, b"")
    colla.stop()
    assert (tmp_path / "ended").read_text() == "gateway --workers=local:3\n"
    assert gateway.seen(BYE)
    gateway.close()


def test_a_run_that_cannot_start_says_why(tmp_path, monkeypatch):
    monkeypatch.setenv("COLLA_HOME", command(tmp_path, "echo 'colla: no Java here' >&2; exit 3"))
    with pytest.raises(colla.UsageError, match="could not start the run: colla: no Java here"):
        colla.start()


def test_a_missing_command_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("COLLA_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(colla.UsageError, match="set COLLA_HOME"):
        colla.start()


def test_an_unheard_failure_is_left_to_colla_run(tmp_path):
    program = Program(tmp_path, "session.submit(0, [], 1, b'')")
    program.gateway.last = failure(_wire.FAILURE_TASK, "f failed")
    assert program.end() == 0
    assert program.err == ""


def test_an_unheard_failure_of_a_run_of_its_own_is_shown_and_is_the_exit_code(tmp_path):
    gateway = FakeGateway(str(tmp_path))
    gateway.last = failure(_wire.FAILURE_TASK, "f failed", stack="where it failed")
    home = command(tmp_path, f"""echo '{{"socket": "{gateway.path}"}}'; cat""")
    script = tmp_path / "program.py"
    script.write_text("import atexit, colla, tempfile\natexit.register(print, 'cleaned')\nprint(colla.start() is not None)\n")
    environment = {**os.environ, "COLLA_HOME": home, "PYTHONPATH": SOURCE}
    ended = subprocess.run([sys.executable, str(script)], env=environment, capture_output=True, text=True, timeout=30)
    gateway.close()
    assert ended.returncode == 1
    assert "colla.TaskFailedError: f failed" in ended.stderr and "where it failed" in ended.stderr
    assert ended.stdout.startswith("True\n")
