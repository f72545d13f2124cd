"""Functions of the script that functools has wrapped, used in tasks and passed to them."""

import functools

from pycompss.api.api import compss_wait_on
from pycompss.api.task import task


@functools.lru_cache(maxsize=50, typed=True)
def fibonacci(n):
    """The n-th one."""
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)


@functools.singledispatch
def described(value):
    return f"something: {value}"


@described.register(int)
def _(value):
    return f"a number: {value}"


@described.register(list)
def _(value):
    return "; ".join(described(element) for element in value)


class Model:
    def __init__(self, factor):
        self.factor = factor

    @functools.lru_cache(maxsize=None)
    def times(self, x):
        return self.factor * x


doubled = functools.partial(Model.times, Model(2))


@task(returns=object)
def use(n):
    return fibonacci(n), fibonacci.__name__, fibonacci.__doc__, fibonacci.cache_parameters(), described([n, "text"]), Model(3).times(n), doubled(n)


@task(returns=object)
def applied(function, value):
    return function(value)


@task(returns=int)
@functools.lru_cache(maxsize=None)
def squared(x):
    return x * x


print(fibonacci(10), described(1.5))
print(compss_wait_on([use(n) for n in (5, 30)]))
print(compss_wait_on(applied(fibonacci, 40)), compss_wait_on(applied(described, [1, 2.5])))
print(compss_wait_on([squared(3), squared(3)]))
