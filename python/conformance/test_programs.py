"""Every conformance program gives the same answer sequentially, on this machine, in three worker processes and on three nodes."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest
from programs import CLUSTER, LOCAL, RUN, SEQUENTIAL, Program, programs
from running import Ended, left_behind, run

PROGRAMS = programs()


@pytest.fixture(scope="session")
def outcome(tmp_path_factory: pytest.TempPathFactory):
    """Runs a program in a mode, once in a session: how it ended, and the files that it left."""

    @lru_cache(maxsize=None)
    def of(program: Program, mode: str) -> tuple[Ended, tuple]:
        folder: Path = tmp_path_factory.mktemp(f"{program.name}-{mode}-")
        ended = run(program, mode, folder)
        return ended, tuple(left_behind(program, folder).items())

    return of


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
@pytest.mark.parametrize("mode", [SEQUENTIAL, RUN, LOCAL])
def test_same_answer(program: Program, mode: str, outcome) -> None:
    if mode not in program.modes:
        pytest.skip(f"not meant to run in the mode {mode}")
    if reason := program.hindrance():
        pytest.skip(reason)
    ended, files = outcome(program, mode)
    assert ended.code == 0, ended
    assert ended.out, "a conformance program prints what it finds"
    assert None not in dict(files).values(), files
    reference = next(each for each in program.modes if each != CLUSTER)
    expected, expected_files = outcome(program, reference)
    assert ended.out == expected.out, f"differs from {reference}: {ended}"
    assert files == expected_files
