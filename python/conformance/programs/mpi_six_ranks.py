"""Functions with six ranks: over three nodes, two on each, every rank on cores of its own."""
# conformance: modes: cluster; needs: mpi4py
import os

from pycompss.api.api import compss_wait_on
from pycompss.api.mpi import mpi
from pycompss.api.parameter import COLLECTION_IN
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
