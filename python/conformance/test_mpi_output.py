"""What ranks print: shown with --stream as it comes, kept when the task fails."""

from __future__ import annotations

import re
from pathlib import Path

from running import with_colla

PROGRAM = """
import sys
from pycompss.api.api import compss_wait_on
from pycompss.api.mpi import mpi
from pycompss.api.task import task

@mpi(processes=2)
@task(returns=int, on_failure="FAIL")
def say(fails):
    import os
    from mpi4py import MPI
    rank = MPI.COMM_WORLD.rank
    print(f"größer {rank}")
    print(f"warning {rank}", file=sys.stderr)
    os.system(f"echo from a program {rank}")
    MPI.COMM_WORLD.barrier()
    if fails and rank == 1:
        raise ValueError("no")
    return 1

print(compss_wait_on(say(len(sys.argv) > 1)))
"""


def test_all_ranks_lines_are_shown(tmp_path: Path) -> None:
    script = tmp_path / "program.py"
    script.write_text(PROGRAM)
    ended = with_colla(script, folder=tmp_path, options=("--stream",))
    assert ended.code == 0, ended
    shown = re.sub(r"(?m)^\[say #1 [^]]*\] ", "", ended.out + ended.err).splitlines()
    lines = [f"{text} {rank}" for text in ("größer", "warning", "from a program") for rank in range(2)]
    assert sorted(line for line in shown if line in lines) == sorted(lines), ended
    assert "1" in shown


def test_what_was_printed_is_kept_with_a_failure(tmp_path: Path) -> None:
    script = tmp_path / "program.py"
    script.write_text(PROGRAM)
    ended = with_colla(script, "fail", folder=tmp_path)
    assert ended.code != 0, ended
    kept = (tmp_path / "colla-runs/latest/tasks/say-1.1.out").read_text()
    for text in ("On rank 1 of 2 on", "ValueError: no", "größer 0", "größer 1"):
        assert text in kept, kept
