"""Hints that change where and when a task runs, never what it gives: priority, is_replicated, is_distributed, Weight, Cache, cache_returns."""
from pycompss.api.api import compss_wait_on
from pycompss.api.parameter import Cache, COLLECTION_IN, Depth, Direction, FILE_OUT, IN, INOUT, Keep_rename, Type, Weight
from pycompss.api.task import task


@task(returns=int, priority=True)
def urgent(x):
    return x + 1


@task(returns=int, is_replicated=True)
def everywhere(x):
    return x + 2


@task(returns=int, is_distributed=True, cache_returns=False, tracing_hook=False)
def spread(x):
    return x + 3


@task(values={Type: COLLECTION_IN, Depth: 1, Weight: "5"}, returns=int)
def weighted(values):
    return sum(values)


@task(x={Direction: IN, Cache: False}, y={Type: INOUT, Weight: 2.0})
def cached(x, y):
    y.append(x)


@task(path={Type: FILE_OUT, Keep_rename: True})
def write(path):
    with open(path, "w") as file:
        file.write("kept")


print(compss_wait_on([urgent(1), everywhere(1), spread(1)]), compss_wait_on(weighted([urgent(1), 2])))
values = []
cached(1, values)
cached(2, values)
print(compss_wait_on(values))
write("kept.txt")
