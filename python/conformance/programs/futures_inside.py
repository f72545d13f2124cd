"""Results of tasks inside lists, tuples, dictionaries and objects, without any annotation: the task sees the values."""
from dataclasses import dataclass

from pycompss.api.api import compss_wait_on
from pycompss.api.parameter import INOUT
from pycompss.api.task import task


@dataclass
class Holder:
    content: object
    label: str = ""


@task(returns=int)
def square(x):
    return x * x


@task(returns=list)
def make_list(n):
    return list(range(n))


@task(values=INOUT)
def append(values, value):
    values.append(value)


@task(returns=int)
def total(values):
    return sum(values)


@task(returns=str)
def show(value):
    return repr(value)


@task(returns=object)
def same(value):
    return value


numbers = [square(x) for x in range(5)]
print(compss_wait_on(total(numbers)))
print(compss_wait_on(total(tuple(numbers))))
print(compss_wait_on(show({"a": numbers[1], "b": [numbers[2], (numbers[3], {"c": numbers[4]})]})))
print(compss_wait_on(show(Holder(numbers[3], "nine"))))
print(compss_wait_on(show([numbers[2], numbers[2]])))

values = make_list(2)
append(values, 7)
print(compss_wait_on(show({"values": values})))
append(values, 8)
print(compss_wait_on(show([values])))

mixed = [1, numbers[2], "text", [numbers[4]]]
print(compss_wait_on(show(mixed)), compss_wait_on(same(mixed)))
waited = compss_wait_on({"x": numbers[1], "y": [numbers[2], {"z": numbers[3]}]})
print(waited)
