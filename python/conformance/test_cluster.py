"""The conformance programs on the three nodes of the test cluster, in a batch job: the same answers as on one machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from cluster import NODES, Cluster
from programs import CLUSTER, Program, programs
from running import left_behind, run

PROGRAMS = [program for program in programs() if CLUSTER in program.modes]
JOB = 900  # seconds for all programs
pytestmark = pytest.mark.cluster


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    state = os.environ.get("COLLA_TESTCLUSTER")
    if not state:
        pytest.fail("no test cluster: run scripts/testcluster/cluster up and set COLLA_TESTCLUSTER to its folder")
    cluster = Cluster(Path(state))
    try:
        runnable = [program for program in PROGRAMS if hindrance(cluster, program) is None]
        cluster.run_all(runnable, JOB)
        yield cluster
    finally:
        cluster.close()


def hindrance(cluster: Cluster, program: Program) -> str | None:
    others = [module for module in program.needs if module not in cluster.modules]
    return f"{' '.join(others)} is not there for the cluster's user" if others else program.hindrance()


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_same_answer_on_three_nodes(program: Program, cluster: Cluster, tmp_path: Path) -> None:
    if reason := hindrance(cluster, program):
        pytest.skip(reason)
    ended = cluster.ended(program)
    assert ended.code == 0, ended
    others = [mode for mode in program.modes if mode != CLUSTER]
    if not others:
        return  # it says itself whether all is well
    reference = run(program, others[0], tmp_path)
    assert reference.code == 0, reference
    assert ended.out == reference.out, ended
    assert left_behind(program, cluster.folder(program)) == left_behind(program, tmp_path)


def test_every_node_takes_part(cluster: Cluster) -> None:
    program = next(program for program in PROGRAMS if program.name == "many_tasks")
    rows = (cluster.folder(program) / "colla-runs/latest/placements.csv").read_text().splitlines()
    assert {row.split(",")[1] for row in rows[1:]} == set(NODES), rows
