"""@multinode on two nodes at once."""
# conformance: modes: local cluster
import os

from pycompss.api.api import compss_wait_on
from pycompss.api.constraint import constraint
from pycompss.api.multinode import multinode
from pycompss.api.task import task


@constraint(computing_units="1")
@multinode(computing_nodes="2")
@task(returns=2)
def facts():
    return os.environ["COMPSS_NUM_NODES"], len(os.environ["COMPSS_HOSTNAMES"].split(","))


nodes, hosts = facts()
print(compss_wait_on(nodes), compss_wait_on(hosts))
print(compss_wait_on([facts()[1] for _ in range(3)]))
