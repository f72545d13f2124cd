"""Reductions: a task over a collection becomes a tree of tasks; is_reduce and chunk_size in both decorators."""
from pycompss.api.api import compss_wait_on
from pycompss.api.parameter import COLLECTION_IN
from pycompss.api.reduction import reduction
from pycompss.api.task import task


@reduction(chunk_size="4")
@task(returns=int, numbers=COLLECTION_IN)
def total(numbers):
    return sum(numbers)


@reduction(chunk_size=2)
@task(returns=1, values=COLLECTION_IN)
def largest(values):
    return max(values)


@task(returns=list, lists=COLLECTION_IN, is_reduce=True, chunk_size=3)
def concatenate(lists):
    result = []
    for values in lists:
        result = result + values
    return result


@reduction(chunk_size="4")
@task(returns=int, numbers=COLLECTION_IN)
def scaled(numbers, factor):
    """With a factor of 1 a chunk's result can be reduced again."""
    return factor * sum(numbers)


@task(returns=int)
def square(x):
    return x * x


@task(returns=list)
def single(x):
    return [x]


print(compss_wait_on(total([square(x) for x in range(50)])))
print(compss_wait_on(total(list(range(3)))), compss_wait_on(total([7])))
print(compss_wait_on(largest([square(x - 20) for x in range(33)])))
print(compss_wait_on(concatenate([single(x) for x in range(11)])))
print(compss_wait_on(scaled(list(range(10)), 1)))
print(compss_wait_on(square(total([1, 1, 1]))))
