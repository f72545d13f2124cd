"""Functions with six ranks: over three nodes, two on each, every rank on cores of its own, and with files that only the program's node has."""
# conformance: modes: cluster; needs: mpi4py
import os
import tempfile

from pycompss.api.api import compss_wait_on, compss_wait_on_file
from pycompss.api.mpi import mpi
from pycompss.api.parameter import COLLECTION_IN, FILE_IN, FILE_OUT
from pycompss.api.task import task


@mpi(processes=6, processes_per_node=2)
@task(returns=6)
def where():
    return os.uname().nodename, sorted(os.sched_getaffinity(0)), os.environ["OMP_NUM_THREADS"], os.environ["COMPSS_NUM_NODES"]


@mpi(processes=6, words_layout={"block_count": 6})
@task(words=COLLECTION_IN, returns=1)
def longest(words):
    from mpi4py import MPI

    longest = MPI.COMM_WORLD.reduce((len(words), words), MPI.MAX)
    return longest and longest[1]


@mpi(processes=6, processes_per_node=2)
@task(source=FILE_IN, target=FILE_OUT, returns=6)
def read(source, target):
    from mpi4py import MPI

    with open(source) as file:
        text = file.read()
    if MPI.COMM_WORLD.rank == 0:
        with open(target, "w") as file:
            file.write(text * MPI.COMM_WORLD.size)
    return text


@task(returns=str)
def word(number):
    return "x" * number + str(number)


places = compss_wait_on(where())
nodes = [node for node, _, _, _ in places]
assert nodes == sorted(nodes) and [nodes.count(node) for node in dict.fromkeys(nodes)] == [2, 2, 2], nodes
cpus = {(node, cpu) for node, mask, _, _ in places for cpu in mask}
assert len(cpus) == 6 and all(len(mask) == 1 for _, mask, _, _ in places), places
assert {(threads, count) for _, _, threads, count in places} == {("1", "3")}, places
print(compss_wait_on(longest([word(number) for number in range(6)])))
with tempfile.TemporaryDirectory() as own:  # on the node's own disk
    source, target = os.path.join(own, "source"), os.path.join(own, "target")
    with open(source, "w") as file:
        file.write("here ")
    print(compss_wait_on(read(source, target)))
    compss_wait_on_file(target)
    print(open(target).read())
