"""@multinode on one node: the task is told its nodes and threads."""
# conformance: modes: run local cluster
import os

from pycompss.api.api import compss_wait_on
from pycompss.api.constraint import constraint
from pycompss.api.multinode import multinode
from pycompss.api.task import task


@constraint(computing_units="1")
@multinode(computing_nodes="1")
@task(returns=3)
def facts():
    return os.environ["COMPSS_NUM_NODES"], os.environ["COMPSS_NUM_THREADS"], len(os.environ["COMPSS_HOSTNAMES"].split(","))


@multinode(computing_nodes=1)
@task(returns=int)
def add(a, b):
    return a + b


nodes, threads, hosts = facts()
print(compss_wait_on(nodes), compss_wait_on(threads), compss_wait_on(hosts))
print(compss_wait_on(add(add(1, 2), 3)))
