"""@mpi without binary: a Python function on every rank, with COMM_WORLD; results of one rank or all, layouts, changed arguments, files."""
# conformance: modes: run local cluster; needs: mpi4py numpy
import numpy

from pycompss.api.api import compss_wait_on, compss_wait_on_file
from pycompss.api.constraint import constraint
from pycompss.api.mpi import mpi
from pycompss.api.parameter import COLLECTION_IN, COLLECTION_INOUT, FILE_OUT, INOUT, Depth, Type, block_count, block_length, stride
from pycompss.api.task import task

RANKS = 2


@task(returns=int)
def increment(x):
    return x + 1


@mpi(runner="mpirun", processes=RANKS)
@task(returns=RANKS)
def of_each(x):
    from mpi4py import MPI

    return MPI.COMM_WORLD.size, MPI.COMM_WORLD.rank, x


@mpi(runner="mpirun", processes="RANKS")
@task(returns=float)
def pi(intervals):
    from mpi4py import MPI

    comm = MPI.COMM_WORLD
    step = 1.0 / intervals
    part = sum(4.0 / (1.0 + ((i + 0.5) * step) ** 2) for i in range(comm.rank, intervals, comm.size))
    return comm.reduce(part * step)


@constraint(computing_units=2)
@mpi(runner="mpirun", processes=1, scale_by_cu=True, data_layout={block_count: 2, block_length: 1, stride: 1})
@task(data=COLLECTION_IN, whole=COLLECTION_IN, returns=2)
def one_element_each(scalar, data, whole):
    from mpi4py import MPI

    return (whole[MPI.COMM_WORLD.rank] * data) + scalar


@mpi(runner="mpirun", processes=RANKS, data_layout={block_count: 4, block_length: 2, stride: 2})
@task(data={Type: COLLECTION_IN, Depth: 2}, returns=RANKS)
def blocks(data):
    return data


@mpi(runner="mpirun", processes=RANKS, lists_layout={block_count: 3})
@task(lists=COLLECTION_INOUT, seen=INOUT)
def mark(lists, seen):
    from mpi4py import MPI

    for element in lists:
        element.append(MPI.COMM_WORLD.rank)
    seen.append(MPI.COMM_WORLD.allreduce(len(lists)))


@mpi(runner="mpirun", processes=RANKS)
@task(array=INOUT, total=FILE_OUT, returns=1)
def scale(array, factor, total):
    from mpi4py import MPI

    sums = MPI.COMM_WORLD.gather(array.sum())
    array *= factor
    if MPI.COMM_WORLD.rank == 0:
        with open(total, "w") as file:
            print(*sums, file=file)
    return array[-1]


class Solver:
    """An object whose method runs on ranks."""

    def __init__(self, name):
        self.name = name
        self.steps = 0

    @mpi(runner="mpirun", processes=RANKS)
    @task(returns=str)
    def advance(self, steps):
        from mpi4py import MPI

        self.steps += steps
        return f"{self.name} {MPI.COMM_WORLD.allreduce(self.steps)}"


@mpi(runner="mpirun", processes="count")
@task(returns="count")
def as_many(count):
    from mpi4py import MPI

    return MPI.COMM_WORLD.rank


print(compss_wait_on(of_each(increment(41))))
print(round(compss_wait_on(pi(2000)), 6))
print(compss_wait_on(one_element_each(2, [increment(0), increment(1)], [10, 20])))
print(compss_wait_on(blocks([[increment(10 * i + j) for j in range(2)] for i in range(8)])))
lists, seen = [["a"], ["b"], ["c"]], []
mark(lists, seen)
print([compss_wait_on(each) for each in lists], compss_wait_on(seen))
array = numpy.arange(200_000, dtype=float)
last = scale(array, 3, "sums.txt")
print(compss_wait_on(last), compss_wait_on(array)[1])
compss_wait_on_file("sums.txt")
print(open("sums.txt").read().strip())
solver = Solver("heat")
print(compss_wait_on(solver.advance(3)), compss_wait_on(solver.advance(2)), compss_wait_on(solver).steps)
print(compss_wait_on(as_many(1)), compss_wait_on(as_many(2)))
