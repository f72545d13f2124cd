"""Tasks that call tasks, recursively too, and wait for them."""
from pycompss.api.api import compss_barrier, compss_wait_on
from pycompss.api.parameter import INOUT
from pycompss.api.task import task


@task(returns=int)
def square(x):
    return x * x


@task(returns=int)
def fibonacci(n):
    if n < 2:
        return n
    return compss_wait_on(fibonacci(n - 1)) + compss_wait_on(fibonacci(n - 2))


@task(returns=int)
def sum_of_squares(n):
    squares = [square(x) for x in range(n)]
    squares = compss_wait_on(squares)
    return sum(squares)


@task(values=INOUT)
def append(values, value):
    values.append(value)


@task(values=INOUT)
def append_twice(values, value):
    append(values, value)
    append(values, value)
    compss_barrier()


@task(returns=list)
def sort(values):
    if len(values) < 2:
        return values
    middle = len(values) // 2
    left, right = compss_wait_on(sort(values[:middle])), compss_wait_on(sort(values[middle:]))
    merged = []
    while left and right:
        merged.append((left if left[0] <= right[0] else right).pop(0))
    return merged + left + right


print(compss_wait_on(fibonacci(8)))
print(compss_wait_on(sum_of_squares(10)))
values = [0]
append_twice(values, 1)
append_twice(values, 2)
print(compss_wait_on(values))
print(compss_wait_on(sort([5, 2, 9, 1, 5, 6, 0])))
