"""Thousands of small tasks: independent ones, a chain, and a tree."""
from pycompss.api.api import compss_wait_on
from pycompss.api.parameter import INOUT
from pycompss.api.task import task


@task(returns=int)
def same(x):
    return x


@task(returns=int)
def add(a, b):
    return a + b


@task(counter=INOUT)
def increment(counter):
    counter[0] += 1


print(sum(compss_wait_on([same(x) for x in range(2000)])))
total = 0
for x in range(500):
    total = add(total, x)
print(compss_wait_on(total))
counter = [0]
for _ in range(500):
    increment(counter)
print(compss_wait_on(counter))
layer = [same(x) for x in range(512)]
while len(layer) > 1:
    layer = [add(left, right) for left, right in zip(layer[::2], layer[1::2])]
print(compss_wait_on(layer[0]))
