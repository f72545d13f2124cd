"""The remaining calls of the API: barrier, snapshot, resources, wall clock, loggers, deletion of objects, start and stop."""
import logging

from pycompss.api.api import (compss_add_logger, compss_barrier, compss_delete_object, compss_free_resources, compss_get_number_of_resources,
                              compss_request_resources, compss_set_wall_clock, compss_snapshot, compss_wait_on)
from pycompss.api.parameter import INOUT
from pycompss.api.task import task


class Box:
    def __init__(self, content):
        self.content = content


@task(box=INOUT)
def increment(box):
    box.content += 1


@task(returns=int)
def content(box):
    return box.content


@task(returns=list)
def make(n):
    return list(range(n))


box = Box(1)
increment(box)
compss_barrier()
compss_snapshot()
compss_set_wall_clock(3600)
assert compss_get_number_of_resources() >= 0
compss_request_resources(1, None)
compss_free_resources(1, None)
compss_add_logger("of.the.program")
logging.getLogger("of.the.program").debug("not shown")
print("content", compss_wait_on(content(box)))

made = make(3)
print("length", compss_wait_on(content(Box(compss_wait_on(made)[2]))))
compss_delete_object(made)
spare = Box(5)
increment(spare)
compss_delete_object(spare)
increment(box)
print("box", compss_wait_on(box).content)
compss_delete_object(box)
fresh = Box(10)
increment(fresh)
print("fresh", compss_wait_on(fresh).content)
