"""The older spellings of names: camelCase arguments and capitalised decorators."""
# conformance: modes: run local cluster
import os

from pycompss.api.api import compss_wait_on
from pycompss.api.binary import Binary
from pycompss.api.constraint import Constraint
from pycompss.api.implement import Implement
from pycompss.api.multinode import MultiNode
from pycompss.api.parameter import IN
from pycompss.api.task import Task, task


@Constraint(computingUnits="1", memorySize="0.1", ProcessorArchitecture="x86_64", isLocal=False)
@task(returns=int, isReplicated=False, isDistributed=False, onFailure="RETRY", timeOut=100)
def add(a, b):
    return a + b


@Binary(binary="true", workingDir=".", failByExitValue=True)
@task(returns=int)
def true():
    pass


@MultiNode(computingNodes="1")
@task(returns=str, varargsType=IN)
def nodes(*args):
    return os.environ["COMPSS_NUM_NODES"]


class Box:
    def __init__(self, content):
        self.content = content

    @Task(returns=int, targetDirection=IN)
    def get(self):
        return self.content


print(compss_wait_on(add(1, 2)), compss_wait_on(true()), compss_wait_on(nodes(1)), compss_wait_on(Box(4).get()))
