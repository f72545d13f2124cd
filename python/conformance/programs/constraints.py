"""Constraints: static, from the environment, from a global or a parameter, on results of tasks, by processors."""
import os

from pycompss.api.api import compss_wait_on
from pycompss.api.constraint import constraint
from pycompss.api.parameter import INOUT
from pycompss.api.task import task

os.environ["UNITS_OF_TEST"] = "1"
os.environ["MEMORY_OF_TEST"] = "0.1"
UNITS = 1
memory = 0.05


@constraint(computing_units="1")
@task(returns=int)
def text(x):
    return x + 1


@constraint(computing_units=1, memory_size=0.1)
@task(returns=int)
def number(x):
    return x + 2


@constraint(computing_units="$UNITS_OF_TEST", memory_size="$MEMORY_OF_TEST")
@task(returns=int)
def environment(x):
    return x + 3


@constraint(computing_units="${UNITS_OF_TEST}")
@task(returns=int)
def environment_in_braces(x):
    return x + 4


@constraint(computing_units="UNITS", memory_size="memory")
@task(returns=int)
def of_global(x):
    return x + 5


@constraint(computing_units="units")
@task(returns=int)
def of_parameter(x, units=1):
    return x + units


@constraint(processors=[{"processorType": "CPU", "computingUnits": "1"}])
@task(returns=int)
def processors(x):
    return x + 7


@constraint(computing_units="1", app_software="numpy", storage_size="0.001", wall_clock_limit="60", is_local=False)
@task(returns=int)
def more(x):
    return x + 8


@constraint(computing_units="1")
@task(values=INOUT)
def append(values, value):
    values.append(value)


class Model:
    @constraint(computing_units="1")
    @task(returns=int)
    def fit(self, x):
        return x * 2


@task(returns=int)
def one():
    return 1


for function in (text, number, environment, environment_in_braces, of_global, of_parameter, processors, more):
    print(function.__name__, compss_wait_on(function(10)))
UNITS, memory = "1", "0.06"
print(compss_wait_on(of_global(100)))
print(compss_wait_on(of_parameter(100, units=1)), compss_wait_on(of_parameter(100, one())))
values = []
append(values, 1)
append(values, 2)
print(compss_wait_on(values), compss_wait_on(Model().fit(21)))
