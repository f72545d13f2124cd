"""How runs of Python programs end."""

from __future__ import annotations

from pathlib import Path

from running import with_colla

PROGRAM = """
from pycompss.api.api import compss_wait_on
from pycompss.api.task import task

@task(returns=int)
def same(x):
    return x

print(compss_wait_on(same(7)))
"""


def test_a_worker_that_joins_when_the_run_is_over_goes_at_once(tmp_path: Path) -> None:
    """More workers than tasks: the last ones have hardly started when the program ends."""
    script = tmp_path / "program.py"
    script.write_text(PROGRAM)
    for turn in range(4):
        folder = tmp_path / str(turn)
        folder.mkdir()
        ended = with_colla(script, folder=folder, options=("--workers", "local:6"))
        assert ended.code == 0 and ended.out == "7\n", ended
        log = (folder / "colla-runs/latest/run.log").read_text()
        assert "has been silent" not in log, log
