"""Mistakes with MPI tasks, and ranks that fail: each is told in a sentence that says what to do, and nothing of the job is left."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest
from running import colla, execute, with_colla
from test_mistakes import fails

HEAD = """
        from pycompss.api.mpi import mpi
        from pycompss.api.constraint import constraint
"""


def left_with(mark: str) -> list[int]:
    """The processes whose environment has this text."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (process / "environ").read_bytes():
                found.append(int(process.name))
        except OSError:
            continue
    return found


def gone(mark: str) -> bool:
    deadline = time.monotonic() + 10
    while left_with(mark) and time.monotonic() < deadline:
        time.sleep(0.05)  # nobody tells of the end of processes that are none of ours
    return not left_with(mark)


@pytest.mark.parametrize("failing", [0, 1])
def test_a_rank_that_raises(tmp_path: Path, failing: int) -> None:
    fails(
        tmp_path,
        HEAD + f"""
        @mpi(processes=2)
        @task(returns=int, on_failure="FAIL")
        def solve(x):
            from mpi4py import MPI
            print("step", x)
            if MPI.COMM_WORLD.rank == {failing}:
                raise ArithmeticError("diverged")
            MPI.COMM_WORLD.barrier()
            return 1
        compss_wait_on(solve(7))
        """,
        "ArithmeticError: diverged", f"On rank {failing} of 2 on", "in solve", "step 7", at='raise ArithmeticError("diverged")',
    )  # fmt: skip


def test_a_rank_that_ends_its_process(tmp_path: Path) -> None:
    fails(
        tmp_path,
        HEAD + """
        @mpi(processes=2)
        @task(returns=int, on_failure="FAIL")
        def solve():
            import os
            from mpi4py import MPI
            if MPI.COMM_WORLD.rank == 1:
                os._exit(9)
            MPI.COMM_WORLD.barrier()
        compss_wait_on(solve())
        """,
        "rank 1 of solve", "exited with code 9",
    )  # fmt: skip


def test_a_rank_that_is_killed(tmp_path: Path) -> None:
    fails(
        tmp_path,
        HEAD + """
        @mpi(processes=2)
        @task(returns=int, on_failure="FAIL")
        def solve():
            import os, signal
            from mpi4py import MPI
            if MPI.COMM_WORLD.rank == 1:
                os.kill(os.getpid(), signal.SIGKILL)
            MPI.COMM_WORLD.barrier()
        compss_wait_on(solve())
        """,
        "rank 1 of solve", "SIGKILL",
    )  # fmt: skip


def test_more_ranks_than_there_are_cores(tmp_path: Path) -> None:
    fails(
        tmp_path,
        HEAD + """
        @constraint(computing_units=2)
        @mpi(binary="hostname", processes=4000)
        @task()
        def wide():
            pass
        x = wide()
        """,
        "wide can never run", "4000 ranks", at="x = wide()",
    )  # fmt: skip


def test_a_program_that_is_not_there(tmp_path: Path) -> None:
    fails(
        tmp_path,
        HEAD + """
        @mpi(binary="no-such-solver", processes=2)
        @task(returns=int)
        def solve():
            pass
        compss_wait_on(solve())
        """,
        "program 'no-such-solver' was not found on its PATH",
    )  # fmt: skip


def test_a_program_s_exit_code(tmp_path: Path) -> None:
    fails(
        tmp_path,
        HEAD + """
        @mpi(binary="sh", args="-c 'echo wrong grid >&2; [ $OMPI_COMM_WORLD_RANK = 1 ] && exit 4; sleep 60'", processes=2)
        @task(returns=int, on_failure="FAIL")
        def solve():
            pass
        compss_wait_on(solve())
        """,
        "exited with code 4", "wrong grid",  # which rank it was, mpirun does not always tell
    )  # fmt: skip


def test_results_for_some_ranks_only(tmp_path: Path) -> None:
    fails(
        tmp_path,
        HEAD + """
        @mpi(processes=4)
        @task(returns=3)
        def solve():
            return 1
        x = solve()
        """,
        "solve returns 3 values, but runs on 4 ranks; give returns=4", at="x = solve()",
    )  # fmt: skip


def test_python_without_mpi4py(tmp_path: Path) -> None:
    (tmp_path / "mpi4py.py").write_text("raise ModuleNotFoundError(\"No module named 'mpi4py'\", name='mpi4py')\n")
    script = tmp_path / "program.py"
    script.write_text(
        "from pycompss.api.api import compss_wait_on\nfrom pycompss.api.mpi import mpi\nfrom pycompss.api.task import task\n"
        "@mpi(processes=2)\n@task(returns=int)\ndef f():\n    return 1\ncompss_wait_on(f())\n"
    )
    ended = with_colla(script, folder=tmp_path)
    assert ended.code != 0
    assert "need the package mpi4py, which" in ended.err and "-m pip install mpi4py" in ended.err, ended


def test_a_time_limit_ends_all_ranks(tmp_path: Path) -> None:
    script = tmp_path / "program.py"
    script.write_text(
        "from pycompss.api.api import compss_wait_on\nfrom pycompss.api.mpi import mpi\nfrom pycompss.api.task import task\n"
        "@mpi(processes=2)\n@task(returns=int, time_out=5, on_failure='FAIL')\ndef f():\n    from mpi4py import MPI\n"
        "    MPI.COMM_WORLD.recv(source=1 - MPI.COMM_WORLD.rank)\ncompss_wait_on(f())\n"
    )
    command = colla("run", "--quiet", "--python", sys.executable, str(script))
    ended = execute(command, tmp_path, MARK_OF_TEST=str(tmp_path))
    assert ended.code != 0 and "5 s" in ended.err, ended
    mark = f"MARK_OF_TEST={tmp_path}"
    assert gone(mark), left_with(mark)
