"""@implement: several implementations of one task; whichever runs gives the same answer."""
from pycompss.api.api import compss_wait_on
from pycompss.api.constraint import constraint
from pycompss.api.implement import implement
from pycompss.api.task import task

import kernels

print(compss_wait_on([kernels.power(base, 5) for base in range(6)]))
print(compss_wait_on(kernels.power_by_loop(3, 4)))


@constraint(computing_units="1")
@task(returns=int)
def double(x):
    return x + x


@implement(source_class="__main__", method="double")
@constraint(computing_units="1")
@task(returns=int)
def double_by_product(x):
    return x * 2


print(compss_wait_on([double(x) for x in range(6)]))
