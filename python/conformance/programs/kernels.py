"""Tasks with several implementations, for implementations.py."""
# conformance: library
from pycompss.api.constraint import constraint
from pycompss.api.implement import implement
from pycompss.api.task import task


@constraint(computing_units="1")
@task(returns=int)
def power(base, exponent):
    return base**exponent


@implement(source_class="kernels", method="power")
@constraint(computing_units="1")
@task(returns=int)
def power_by_loop(base, exponent):
    result = 1
    for _ in range(exponent):
        result *= base
    return result
