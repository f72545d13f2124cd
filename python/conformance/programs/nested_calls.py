# conformance: needs: numpy; options: --nested
"""Tasks whose calls of tasks are tasks: in parallel, with futures returned, large objects, updates, groups and failures."""
import numpy as np

from pycompss.api.api import TaskGroup, compss_barrier, compss_wait_on
from pycompss.api.parameter import COLLECTION_IN, INOUT
from pycompss.api.task import task


@task(returns=int)
def fibonacci(n):
    if n < 2:
        return n
    both = compss_wait_on([fibonacci(n - 1), fibonacci(n - 2)])
    return sum(both)


@task(returns=int)
def square(x):
    return x * x


@task(returns=list)
def squares(n):
    return [square(x) for x in range(n)]  # waited for when the task ends


@task(returns=1, values=COLLECTION_IN)
def total(values):
    return sum(values)


@task(returns=1)
def sum_of_squares(n):
    return total([square(x) for x in range(n)])


@task(values=INOUT)
def append(values, value):
    values.append(value)


@task(values=INOUT)
def append_twice(values, value):
    append(values, value)
    append(values, value + 1)
    compss_barrier()


@task(array=INOUT)
def scale(array, factor):
    array *= factor


@task(returns=1)
def scaled(array):
    mine = array.copy()
    scale(mine, 2)
    scale(mine, 3)
    return mine


@task(returns=1)
def in_groups(n):
    with TaskGroup("squares"):
        values = [square(x) for x in range(n)]
    return compss_wait_on(values)


@task(returns=1, on_failure="FAIL")
def fails(x):
    raise LookupError(f"no {x}")


@task(returns=1, on_failure="FAIL")
def calls_what_fails(x):
    try:
        return compss_wait_on(fails(x))
    except LookupError as error:
        raise LookupError(f"{error} in the task that it was for") from None


class Sums:
    def __init__(self):
        self.sum = 0

    @task()
    def add(self, x):
        self.sum += x

    @task()
    def add_all(self, values):
        for value in values:
            self.add(value)


if __name__ == "__main__":
    print(compss_wait_on(fibonacci(9)))
    print(compss_wait_on(squares(6)), compss_wait_on(sum_of_squares(10)))
    values = [0]
    append_twice(values, 1)
    append_twice(values, 5)
    print(compss_wait_on(values))
    array = compss_wait_on(scaled(np.arange(200_000, dtype=float)))
    print(array[:4], array.sum())
    print(compss_wait_on(in_groups(4)))
    sums = Sums()
    sums.add_all([1, 2, 3])
    sums.add(4)
    print(compss_wait_on(sums).sum)
    try:
        compss_wait_on(calls_what_fails("such thing"))
    except LookupError as error:
        print(type(error).__name__, str(error).split(" in ")[0])
