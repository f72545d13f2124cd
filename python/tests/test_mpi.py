"""Functions on MPI ranks, with a real launcher, and what templates say of ranks."""

import os
import subprocess
import sys

import cloudpickle
import numpy
import pytest
from mpi_gateway import MpiGateway

from colla import (
    COLLECTION_IN, COLLECTION_INOUT, FILE_OUT, INOUT, UsageError, _session, _start, constraint, container, implement, mpi, mpmd_mpi,
    multinode, on_failure, prolog, task,
)  # fmt: skip
from colla._errors import TaskFailedError
from colla._mpi import Layout
from colla._parameters import FILE_OUT_STDOUT, block_count, block_length, stride
from pycompss.api.api import compss_wait_on

cloudpickle.register_pickle_by_value(sys.modules[__name__])
RANKS = 3


@pytest.fixture
def gateway(tmp_path):
    made = MpiGateway(tmp_path)
    session = _start.session_at(made.path)
    _session.begin(session)
    yield made
    session.end(failed=True)
    made.close()


def template(gateway):
    return list(gateway.templates.values())[-1]["implementations"][0]


# Functions on ranks


def test_each_rank_runs_the_function_and_all_results_come_back(gateway):
    @mpi(processes=RANKS)
    @task(returns=RANKS)
    def square(x, offset):
        from mpi4py import MPI

        total = MPI.COMM_WORLD.allreduce(MPI.COMM_WORLD.rank)
        return x * MPI.COMM_WORLD.rank + offset + total

    assert compss_wait_on(square(10, offset=1)) == [4, 14, 24]
    assert template(gateway)["ranks"] == {"count": RANKS, "per_node": 0, "launcher": None, "flags": []}


def test_one_result_is_that_of_rank_0(gateway):
    @mpi(processes=RANKS)
    @task(returns=int)
    def total():
        from mpi4py import MPI

        return MPI.COMM_WORLD.reduce(MPI.COMM_WORLD.rank + 1)

    assert compss_wait_on(total()) == 6


def test_arrays_arrive_whole_on_every_rank_and_come_back(gateway):
    @mpi(processes=RANKS)
    @task(returns=RANKS)
    def scaled(array, names):
        from mpi4py import MPI

        array *= MPI.COMM_WORLD.rank
        return array, names

    array = numpy.arange(300_000, dtype="f8")
    results = compss_wait_on(scaled(array, ["a", "b"]))
    for rank, (made, names) in enumerate(results):
        assert numpy.array_equal(made, array * rank) and names == ["a", "b"]
    assert array[5] == 5


@task(returns=1)
def one(x):
    return [x, x]


def test_layouts_deal_out_the_elements_of_collections(gateway):
    @mpi(processes=RANKS, data_layout={block_count: 5, block_length: 2, stride: 1})
    @task(data=COLLECTION_IN, returns=RANKS)
    def parts(data, whole):
        return data, len(whole)

    values = [one(number) for number in range(6)]
    assert compss_wait_on(parts(values, [1, 2])) == [
        ([[0, 0], [1, 1], [3, 3], [4, 4]], 2), ([[1, 1], [2, 2], [4, 4], [5, 5]], 2), ([[2, 2], [3, 3]], 2),
    ]  # fmt: skip


def test_a_layout_of_single_elements_gives_the_elements_themselves(gateway):
    @mpi(processes=RANKS, data_layout={block_count: 2}, other_layout={})
    @task(data=COLLECTION_IN, other=COLLECTION_IN, returns=RANKS)
    def parts(data, other):
        return data, other

    assert compss_wait_on(parts(["a", "b"], other=(7, 8, 9))) == [("a", 7), ("b", 8), ([], 9)]


def test_layouts_of_arrays_are_slices(gateway):
    @mpi(processes=RANKS, row_layout={"block_length": "length", "stride": "length"})
    @task(row=INOUT, returns=RANKS)
    def halve(row, length):
        row /= 2
        return row.sum()

    array = numpy.arange(9.0)
    assert compss_wait_on(halve(array, 3)) == [1.5, 6.0, 10.5]
    assert numpy.array_equal(compss_wait_on(array), numpy.arange(9.0) / 2)


def test_scattered_parts_of_arrays_come_back(gateway):
    @mpi(processes=2, rows_layout={block_count: 4, block_length: 1, stride: 1}, one_layout={block_count: 2})
    @task(rows=INOUT, one=INOUT, returns=2)
    def add(rows, one):
        from mpi4py import MPI

        rows += 10 * (MPI.COMM_WORLD.rank + 1)
        one += 100
        return rows.shape

    rows, one = numpy.zeros((4, 2)), numpy.zeros((2, 3))
    assert compss_wait_on(add(rows, one)) == [(2, 2), (2, 2)]
    assert compss_wait_on(rows)[:, 0].tolist() == [10, 20, 10, 20]
    assert compss_wait_on(one).tolist() == [[100] * 3] * 2


def test_changed_elements_come_back_from_the_ranks_that_have_them(gateway):
    @mpi(processes=RANKS, data_layout={block_count: 4, block_length: 1, stride: 1})
    @task(data=COLLECTION_INOUT, note=INOUT, returns=0)
    def mark(data, note):
        from mpi4py import MPI

        for element in data:
            element.append(MPI.COMM_WORLD.rank)
        note["rank"] = MPI.COMM_WORLD.rank

    data, note = [["a"], ["b"], ["c"], ["d"]], {}
    mark(data, note)
    assert [compss_wait_on(each) for each in data] == [["a", 0], ["b", 1], ["c", 2], ["d", 0]]
    assert compss_wait_on(note) == {"rank": 0}


def test_files_and_what_ranks_print(gateway, tmp_path):
    @mpi(processes=2)
    @task(out=FILE_OUT)
    def write(out):
        from mpi4py import MPI

        lines = MPI.COMM_WORLD.gather(f"rank {MPI.COMM_WORLD.rank} of {os.environ['COMPSS_NUM_NODES']}")
        print("writing")
        if lines:
            with open(out, "w") as file:
                file.write(",".join(lines))

    write(str(tmp_path / "out"))
    gateway.wait_for(lambda _: gateway.printed.count("writing") == 2)
    assert (tmp_path / "out").read_text() == "rank 0 of 1,rank 1 of 1"


@pytest.mark.parametrize("failing", [0, 2])
def test_a_rank_that_raises_fails_the_task_with_its_own_traceback(gateway, failing):
    @mpi(processes=RANKS)
    @task(returns=int)
    def bad(failing):
        from mpi4py import MPI

        if MPI.COMM_WORLD.rank == failing:
            raise KeyError("what rank lacks")
        MPI.COMM_WORLD.barrier()  # the others would wait for ever
        return 1

    with pytest.raises(KeyError, match="what rank lacks") as raised:
        compss_wait_on(bad(failing))
    text = str(raised.value.__cause__) + "".join(getattr(raised.value, "__notes__", []))
    assert f"On rank {failing} of {RANKS} on node{1 + failing // 2}" in text, text
    assert 'raise KeyError("what rank lacks")' in text


def test_results_that_cannot_travel_are_named(gateway):
    @mpi(processes=2)
    @task(returns=2)
    def locks():
        import threading

        return threading.Lock()

    with pytest.raises(Exception, match="what rank 1 has made"):
        compss_wait_on(locks())


def test_a_missing_mpi4py_says_what_to_install(gateway, tmp_path):
    python = tmp_path / "python"
    without = "import sys; sys.modules['mpi4py'] = None; from colla.worker.rank import main; sys.exit(main(sys.argv[3:]))"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} -c "{without}" "$@"\n')
    python.chmod(0o700)
    gateway.python = str(python)

    @mpi(processes=2)
    @task(returns=int)
    def f():
        return 1

    wanted = f"need the package mpi4py, which {sys.executable} does not have: {sys.executable} -m pip install mpi4py"
    with pytest.raises(TaskFailedError, match=wanted):
        compss_wait_on(f())


def test_ranks_that_do_not_see_each_other_say_why(gateway):
    gateway.ranks = 1

    @mpi(processes=2)
    @task(returns=int)
    def f():
        return 1

    with pytest.raises(TaskFailedError, match="2 ranks were started, but mpi4py of .* sees 1: it uses another MPI"):
        compss_wait_on(f())


# What is said of ranks


def test_processes_and_cores_are_numbers_names_or_variables(gateway, monkeypatch):
    monkeypatch.setenv("CORES", "2")

    @constraint(computing_units="$CORES", memory_size=2)
    @mpi(runner="srun", binary="solver", processes="n", processes_per_node="2", flags="--mca btl 'tcp,self'")
    @task()
    def separate(n):
        pass

    @constraint(computing_units="$CORES", memory_size=2)
    @mpi(runner="mpirun", binary="solver", computingNodes=3, scale_by_cu=True)
    @task()
    def scaled():
        pass

    separate(6)
    described = template(gateway)
    assert (described["kind"], described["cores"], described["memory"]) == ("binary", 2, 2 << 30)
    assert described["ranks"] == {"count": 6, "per_node": 2, "launcher": "srun", "flags": ["--mca", "btl", "tcp,self"]}
    scaled()
    described = template(gateway)
    assert (described["cores"], described["memory"], described["ranks"]["count"]) == (1, 1 << 30, 6)


@pytest.mark.parametrize(
    ("runner", "kind", "launcher"),
    [("mpiexec", "", None), ("mpirun", "impi", "hydra"), ("mpirun", "ompi", "openmpi"), ("srun", "impi", "srun"), ("mpiexec.hydra", "", "hydra"),
     ("/opt/mpi/bin/mpirun", "", "/opt/mpi/bin/mpirun"), ("sh", "", "sh")],
)  # fmt: skip
def test_runners_stand_for_launchers(gateway, monkeypatch, runner, kind, launcher):
    monkeypatch.setenv("COMPSS_MPIRUN_TYPE", kind)

    @mpi(runner=runner, binary="solver", processes=2)
    @task()
    def solve():
        pass

    solve()
    assert template(gateway)["ranks"]["launcher"] == launcher


def test_several_programs_are_one_job(gateway, tmp_path):
    @mpmd_mpi(
        runner="mpirun", working_dir="/data", processes_per_node=2, fail_by_exit_value=False,
        programs=[
            dict(binary="ocean", processes=2, args="-g {{grid}}"),
            {"binary": "ice", "processes": "n", "params": "{{n}} {{grid}}"},
            dict(binary="hostname"),
        ],
    )  # fmt: skip
    @task(returns=int, out=FILE_OUT_STDOUT)
    def coupled(grid, n, out):
        pass

    coupled("fine", 3, str(tmp_path / "out"))
    described = template(gateway)
    assert described["kind"] == "mpmd" and described["ranks"]["count"] == 6 and described["ranks"]["per_node"] == 2
    assert [(each["program"], each["arguments"], each["ranks"]) for each in described["programs"]] == [
        ("ocean", ["-g", "{{grid}}"], 2), ("ice", ["{{n}}", "{{grid}}"], 3), ("hostname", [], 1),
    ]  # fmt: skip
    assert described["stdout"] == "{{out}}" and described["working_dir"] == "/data" and described["fail_by_exit_value"] is False


def test_mistakes_are_told_at_the_call_or_where_they_are_written(gateway):
    @mpi(processes=4, clo_layout={block_count: 2})
    @task(col=COLLECTION_IN, returns=4)
    def misspelt(col):
        return col

    @mpi(processes=4)
    @task(returns=3)
    def three():
        return 1, 2, 3

    @mpi(processes=0)
    @task()
    def none():
        pass

    @mpi(runner="yarn", processes=2)
    @task()
    def elsewhere():
        pass

    @multinode(computing_nodes=2)
    @mpi(processes=2)
    @task()
    def twice():
        pass

    @mpi(binary="a.out", processes=2, args="{{y}}")
    @task()
    def unknown(x):
        pass

    @on_failure(management="IGNORE", data=[], returns=0)
    @mpi(processes=2)
    @task(data=INOUT, returns=int)
    def careless(data):
        return 1

    @container(engine="DOCKER", image="solver")
    @mpi(processes=2)
    @task()
    def boxed():
        pass

    @prolog(binary="date")
    @mpi(binary="a.out", processes=2)
    @task()
    def before():
        pass

    @task(returns=int)
    def plain(x):
        return x

    @implement(source_class=__name__, method=plain.__qualname__.rpartition(".")[2])
    @mpi(binary="a.out", processes=2)
    @task(returns=int)
    def by_program(x):
        pass

    for call, text in (
        (lambda: misspelt([]), "has the keyword 'clo_layout', but .*misspelt has no parameter 'clo'; did you mean 'col'"),
        (three, "returns 3 values, but runs on 4 ranks; give returns=4 for the value of each rank, or returns=1 for that of rank 0"),
        (none, "processes of .*none is 0; give a number of at least 1"),
        (elsewhere, "runner of @mpi of .*elsewhere is 'yarn', which is no command here; give mpirun, mpiexec, srun or mpiexec.hydra"),
        (twice, "has computing_nodes and @mpi; give its processes and processes_per_node instead"),
        (lambda: careless([1]), "of what it leaves when it fails, only 'returns' can be said, not 'data'"),
        (boxed, "is a function on MPI ranks, which cannot have @container"),
        (before, "is an @mpi program, which cannot have @prolog or @epilog; put that in a task of its own"),
        (lambda: plain(1), "by_program is an @mpi program, which cannot implement another task"),
        (lambda: unknown(1), "args of @mpi mentions {{y}}, but the task has no parameter of that name"),
    ):
        with pytest.raises(UsageError, match=text):
            call()
    for wrong, text in (
        ({"col_layout": 4}, "col_layout of @mpi is 4; give a dictionary"),
        ({"col_layout": {"blockcount": 4}}, "has the key 'blockcount'; did you mean 'block_count'"),
        ({"col_layout": {block_count: "x y"}}, "block_count in col_layout of @mpi is 'x y'"),
        ({"procesess": 4}, "@mpi has no keyword 'procesess'; did you mean 'processes'"),
        ({"args": "{{x}}"}, "'args', which is for programs"),
        ({"binary": "a.out", "x_layout": {}}, "'x_layout', which is for Python functions"),
    ):
        with pytest.raises(UsageError, match=text):
            mpi(**wrong)
    with pytest.raises(UsageError, match="needs the keyword 'programs'"):
        mpmd_mpi(runner="mpirun")


def test_layouts_go_round_the_ranks():
    assert [Layout(4, 2, 1).indices(rank, 4) for rank in range(4)] == [[0, 1], [1, 2], [2, 3], [3, 4]]
    assert [Layout(5, 1, 3).indices(rank, 2) for rank in range(2)] == [[0, 6, 12], [3, 9]]
    assert Layout().indices(2, 3) == [2]


def test_the_helper_of_pycompss_deals_out_indices():
    script = "from pycompss.util.mpi.helper import rank_distributor as of; print(of((4, 2, 1)), of((-1, -1, -1)))"
    sources = os.path.dirname(os.path.dirname(_session.__file__))
    done = subprocess.run([sys.executable, "-c", script], env={**os.environ, "PYTHONPATH": sources}, capture_output=True, text=True, check=True)
    assert done.stdout == "[0, 1, 1, 2, 2, 3, 3, 4] [0]\n"
