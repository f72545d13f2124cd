"""COMPSsException: raised in a task of a group, caught where the group ends; the rest of the program goes on."""
import time

from pycompss.api.api import TaskGroup, compss_barrier_group, compss_wait_on
from pycompss.api.exceptions import COMPSsException
from pycompss.api.parameter import INOUT
from pycompss.api.task import task


class TooLarge(COMPSsException):
    """A kind of its own."""


@task(returns=int)
def check(x):
    if x == 3:
        raise COMPSsException("three found")
    if x > 100:
        raise TooLarge(f"{x} is too large")
    return x


@task(values=INOUT)
def append(values, value):
    if value < 0:
        raise COMPSsException(f"negative: {value}")
    values.append(value)


@task(returns=int)
def double(x):
    return 2 * x


@task(returns=int)
def slow_double(x):
    time.sleep(0.5)
    return 2 * x


outside = [slow_double(x) for x in range(4)]


try:
    with TaskGroup("checks"):
        for x in range(6):
            check(x)
    print("not reached")
except COMPSsException as error:
    print("caught", "three found" in str(error), compss_wait_on(double(21)))

try:
    with TaskGroup("fine"):
        results = [check(x) for x in (0, 1, 2)]
    print("fine", compss_wait_on(results))
except COMPSsException:
    print("not reached")

values = []
try:
    with TaskGroup("appends"):
        append(values, 1)
        append(values, -1)
        append(values, 2)
except COMPSsException as error:
    print("caught", "negative: -1" in str(error))

try:
    with TaskGroup("later", implicit_barrier=False):
        check(3)
    compss_barrier_group("later")
    print("not reached")
except COMPSsException as error:
    print("caught", "three found" in str(error))
try:
    with TaskGroup("own"):
        check(101)
except TooLarge as error:
    print("caught", type(error).__name__, str(error).splitlines()[0])
print("end", compss_wait_on(double(4)), compss_wait_on(outside))
