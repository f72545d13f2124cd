"""Tasks that Numba compiles on the worker."""
# conformance: needs: numba
from pycompss.api.api import compss_wait_on
from pycompss.api.task import task


@task(returns=int, numba=True)
def increment(value):
    return value + 1


@task(returns=float, numba="jit", numba_flags={"nopython": True})
def series(n):
    total = 0.0
    for k in range(1, n + 1):
        total += 1.0 / (k * k)
    return total


print(compss_wait_on(increment(increment(5))))
print(round(compss_wait_on(series(1000)), 6))
