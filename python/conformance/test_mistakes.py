"""Mistakes that users make: each is told in a sentence that names what is wrong, at the line that is to be mended."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from running import Ended, colla, execute, with_colla

IMPORTS = """
from pycompss.api.api import *
from pycompss.api.parameter import *
from pycompss.api.task import task
"""


def fails(folder: Path, text: str, *words: str, at: str | None = None, options: tuple[str, ...] = (), code: int | None = None) -> Ended:
    """Runs the program, which must fail with these words in what it says, and point to the line that holds the text `at`."""
    program = IMPORTS + textwrap.dedent(text)
    script = folder / "program.py"
    script.write_text(program)
    ended = with_colla(script, folder=folder, options=options)
    assert ended.code == code if code is not None else ended.code != 0, ended
    for word in words:
        assert word in ended.err, f"nothing says {word!r}: {ended}"
    if at is not None:
        line = next(number for number, line in enumerate(program.splitlines(), 1) if at in line)
        assert f'program.py", line {line}' in ended.err, f"nothing points to line {line}: {ended}"
    return ended


def test_a_parameter_that_the_function_does_not_have(tmp_path: Path) -> None:
    fails(
        tmp_path,
        """
        @task(valeus=INOUT)
        def append(values, value):
            values.append(value)
        append([], 1)
        """,
        "valeus", "values", "append",
    )  # fmt: skip


def test_an_unknown_keyword_of_the_decorator(tmp_path: Path) -> None:
    fails(
        tmp_path,
        """
        from pycompss.api.constraint import constraint
        @constraint(computing_unit=2)
        @task(returns=int)
        def f(x):
            return x
        f(1)
        """,
        "computing_unit", "computing_units",
    )  # fmt: skip


def test_more_values_returned_than_declared(tmp_path: Path) -> None:
    fails(
        tmp_path,
        """
        @task(returns=2)
        def three(x):
            return x, x, x
        a, b = three(1)
        print(compss_wait_on(a))
        """,
        "three", "2", "3", at="compss_wait_on(a)",
    )  # fmt: skip


def test_one_value_taken_for_two(tmp_path: Path) -> None:
    fails(
        tmp_path,
        """
        @task(returns=1)
        def pair(x):
            return x, x
        a, b = pair(1)
        """,
        "pair", "compss_wait_on", at="a, b = pair(1)",
    )  # fmt: skip


def test_an_argument_that_cannot_be_pickled(tmp_path: Path) -> None:
    fails(
        tmp_path,
        """
        import threading
        @task(returns=int)
        def use(settings, x):
            return x
        settings = {"size": 3, "inner": [1, threading.Lock()]}
        use(settings, 1)
        """,
        "settings", "lock", "['inner'][1]", at="use(settings, 1)",
    )  # fmt: skip


def test_a_global_that_cannot_be_pickled(tmp_path: Path) -> None:
    fails(
        tmp_path,
        """
        import threading
        guard = threading.Lock()
        @task(returns=int)
        def use(x):
            with guard:
                return x
        use(1)
        """,
        "guard", "use", at="use(1)",
    )  # fmt: skip


def test_a_result_that_cannot_be_pickled(tmp_path: Path) -> None:
    fails(
        tmp_path,
        """
        @task(returns=object)
        def make():
            import threading
            return threading.Lock()
        compss_wait_on(make())
        """,
        "make", "lock", at="compss_wait_on(make())",
    )  # fmt: skip


def test_a_module_that_only_the_program_can_import(tmp_path: Path) -> None:
    fails(
        tmp_path,
        """
        import sys, types
        made_up = types.ModuleType("made_up_module")
        exec("def double(x):\\n    return 2 * x", made_up.__dict__)
        made_up.double.__module__ = "made_up_module"
        sys.modules["made_up_module"] = made_up
        @task(returns=int)
        def use(x):
            return made_up.double(x)
        print(compss_wait_on(use(1)))
        """,
        "made_up_module", "use",
    )  # fmt: skip


def test_a_result_of_a_module_that_only_the_task_can_import(tmp_path: Path) -> None:
    (tmp_path / "hidden").mkdir()
    (tmp_path / "hidden/task_side_module.py").write_text("class Result:\n    pass\n")
    fails(
        tmp_path,
        """
        @task(returns=object)
        def make():
            import sys
            sys.path.insert(0, "hidden")
            import task_side_module
            return task_side_module.Result()
        print(compss_wait_on(make()))
        """,
        "a value that a task made cannot be unpacked in the program", "task_side_module", at="compss_wait_on(make())", code=1,
    )  # fmt: skip


def test_an_import_inside_a_task_that_fails(tmp_path: Path) -> None:
    fails(
        tmp_path,
        """
        @task(returns=int)
        def use(x):
            import no_such_module_anywhere
            return x
        print(compss_wait_on(use(1)))
        """,
        "no_such_module_anywhere", "import no_such_module_anywhere", at="import no_such_module_anywhere",
    )  # fmt: skip


def test_a_module_that_changed_after_the_program_imported_it(tmp_path: Path) -> None:
    (tmp_path / "changing.py").write_text(IMPORTS + "@task(returns=int)\ndef version(x):\n    return x\n")
    fails(
        tmp_path,
        """
        import pathlib
        import changing
        path = pathlib.Path(changing.__file__)
        path.write_text(path.read_text().replace("return x", "return x + 1"))
        print(compss_wait_on(changing.version(1)))
        """,
        "changing", "version", "differs",
    )  # fmt: skip


def test_a_missing_interpreter(tmp_path: Path) -> None:
    script = tmp_path / "program.py"
    script.write_text("print('never')\n")
    ended = execute(colla("run", "--python", "/no/such/python3", str(script)), tmp_path)
    assert ended.code == 2 and "/no/such/python3" in ended.err and "never" not in ended.out, ended


def test_a_missing_script(tmp_path: Path) -> None:
    ended = execute(colla("run", "no_such_program.py"), tmp_path)
    assert ended.code == 2 and "no_such_program.py" in ended.err, ended


def test_a_constraint_that_no_node_can_meet(tmp_path: Path) -> None:
    fails(
        tmp_path,
        """
        from pycompss.api.constraint import constraint
        @constraint(computing_units=4000)
        @task(returns=int)
        def huge(x):
            return x
        huge(1)
        """,
        "4000", "huge", at="huge(1)",
    )  # fmt: skip


@pytest.mark.parametrize("use", ["later + 1", "len(later)", "later[0]", "bool(later)", "float(later)", "[x for x in later]", "later.shape", "later > 2"])
def test_a_future_used_like_its_value(use: str, tmp_path: Path) -> None:
    fails(
        tmp_path,
        f"""
        @task(returns=int)
        def compute(x):
            return x
        later = compute(1)
        {use}
        """,
        "compute", "compss_wait_on", at=use,
    )  # fmt: skip


def test_printing_a_future_says_what_it_is(tmp_path: Path) -> None:
    script = tmp_path / "program.py"
    script.write_text(IMPORTS + "@task(returns=int)\ndef compute(x):\n    return x\nprint(compute(1))\n")
    ended = with_colla(script, folder=tmp_path)
    assert ended.code == 0 and "future" in ended.out and "compute" in ended.out, ended


def test_a_task_that_fails_shows_its_own_traceback_and_ends_the_run(tmp_path: Path) -> None:
    ended = fails(
        tmp_path,
        """
        @task(returns=int)
        def divide(a, b):
            return a // b
        print(compss_wait_on(divide(1, 0)))
        """,
        "ZeroDivisionError", "divide", "return a // b", at="compss_wait_on(divide(1, 0))",
    )  # fmt: skip
    assert "colla/worker" not in ended.err, f"our own frames are not the user's business: {ended}"


def test_a_task_whose_failure_nobody_looks_at_ends_the_run(tmp_path: Path) -> None:
    fails(
        tmp_path,
        """
        @task()
        def fail():
            raise ValueError("nobody waits for this")
        fail()
        """,
        "nobody waits for this", "fail",
    )  # fmt: skip


def test_the_policy_fail_ends_the_run(tmp_path: Path) -> None:
    ended = fails(
        tmp_path,
        """
        import time
        @task(on_failure="FAIL")
        def fail():
            raise ValueError("fatal")
        @task(returns=int)
        def slow():
            time.sleep(100)
        fail()
        compss_wait_on(slow())
        print("not reached")
        """,
        "fatal", "fail",
    )  # fmt: skip
    assert "not reached" not in ended.out, ended


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", ("SIGSEGV", "crash")),
        ("import os; os._exit(3)", ("3", "crash")),
    ],
)
def test_a_task_that_ends_its_interpreter(body: str, words: tuple[str, ...], tmp_path: Path) -> None:
    fails(
        tmp_path,
        f"""
        @task(returns=int)
        def crash():
            print("last words")
            {body}
        compss_wait_on(crash())
        """,
        *words, at="compss_wait_on(crash())",
    )  # fmt: skip


def test_a_task_that_uses_up_its_memory(tmp_path: Path) -> None:
    """Nothing is left to say so with, unless what the task had is let go first."""
    ended = fails(
        tmp_path,
        """
        import resource
        @task(returns=int)
        def hog():
            resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
            kept = []
            while True:
                kept.append(bytearray(1000))
        compss_wait_on(hog())
        """,
        "MemoryError", "in hog", "kept.append", at="compss_wait_on(hog())", code=1,
    )  # fmt: skip
    assert "ended the process" not in ended.err, ended


def test_an_exception_that_ends_whoever_unpickles_it(tmp_path: Path) -> None:
    fails(
        tmp_path,
        """
        import sys
        class Leaving(Exception):
            def __reduce__(self):
                return sys.exit, (9,)
        @task(returns=int)
        def fail():
            raise Leaving("on purpose")
        compss_wait_on(fail())
        """,
        "Leaving: on purpose", at="compss_wait_on(fail())", code=1,
    )  # fmt: skip


def test_a_forked_process_that_waits_for_the_programs_tasks(tmp_path: Path) -> None:
    """It has a result of its own, and the program its session still."""
    ended = fails(
        tmp_path,
        """
        import os, sys
        @task(returns=int)
        def compute(x):
            return x + 1
        later = compute(1)
        child = os.fork()
        if child == 0:
            print("of its own", compss_wait_on(compute(40)), flush=True)
            compss_wait_on([{"a": later}])
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        print("the program's", compss_wait_on(later))
        sys.exit(code + 10)
        """,
        "forked", "UsageError", code=11,
    )  # fmt: skip
    assert ended.out == "of its own 41\nthe program's 2\n", ended


def test_an_input_file_that_does_not_exist(tmp_path: Path) -> None:
    fails(
        tmp_path,
        """
        @task(path=FILE_IN, returns=str)
        def read(path):
            return open(path).read()
        read("no_such_input.txt")
        """,
        "no_such_input.txt", at='read("no_such_input.txt")',
    )  # fmt: skip


def test_a_file_that_a_task_promised_and_did_not_write(tmp_path: Path) -> None:
    fails(
        tmp_path,
        """
        @task(path=FILE_OUT)
        def forget(path):
            pass
        forget("result.txt")
        compss_wait_on_file("result.txt")
        """,
        "result.txt", "forget",
    )  # fmt: skip


def test_the_exit_code_is_the_programs(tmp_path: Path) -> None:
    fails(tmp_path, "import sys\nsys.exit(7)", code=7)


def test_an_exception_of_the_program_is_shown_once(tmp_path: Path) -> None:
    ended = fails(tmp_path, "raise RuntimeError('mine')", "mine", at="raise RuntimeError", code=1)
    assert ended.err.count("RuntimeError: mine") == 1, ended
