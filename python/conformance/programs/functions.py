"""What functions are made of: globals, closures, recursion, decorators, functions as values, functions made by functions."""
import functools

from pycompss.api.api import compss_wait_on
from pycompss.api.task import task

FACTOR = 3
TABLE = {"a": 1}


def helper(x):
    return x * FACTOR


@task(returns=int)
def uses_globals(x):
    return helper(x) + TABLE["a"]


@task(returns=int)
def factorial(n):
    return 1 if n == 0 else n * plain_factorial(n - 1)


def plain_factorial(n):
    return 1 if n == 0 else n * plain_factorial(n - 1)


def logged(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs) + 1000

    return wrapper


@task(returns=int)
@logged
def decorated(x):
    return x


def make_task(power):
    @task(returns=int)
    def raised(x):
        return x**power

    return raised


@task(returns=list)
def map_all(function, values):
    return [function(value) for value in values]


@task(returns=object)
def make_adder(n):
    def add(x):
        return x + n

    return add


@task(returns=int)
def with_import(x):
    import math

    return math.gcd(x, 18)


@task(returns=int)
def documented(x):
    """Doc."""
    return x


square, cube = make_task(2), make_task(3)
print(compss_wait_on(uses_globals(5)), compss_wait_on(factorial(10)), compss_wait_on(decorated(5)))
print(compss_wait_on(square(5)), compss_wait_on(cube(5)), compss_wait_on([make_task(n)(2) for n in range(5)]))
print(compss_wait_on(map_all(lambda x: x + FACTOR, [1, 2])), compss_wait_on(map_all(helper, [1])), compss_wait_on(map_all(str.upper, "ab")))
print(compss_wait_on(make_adder(5))(1), compss_wait_on(map_all(make_adder(10), [1, 2])))
print(compss_wait_on(with_import(12)), documented.__name__, documented.__doc__)
