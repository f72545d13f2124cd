"""compss_wait_on on one, several, nested, plain and repeated values, and with a mode."""
from pycompss.api.api import compss_wait_on
from pycompss.api.api import compss_wait_on as cwo
from pycompss.api.parameter import INOUT
from pycompss.api.task import task


@task(returns=int)
def square(x):
    return x * x


@task(values=INOUT)
def append(values, value):
    values.append(value)


squares = [square(x) for x in range(4)]
print(compss_wait_on(squares[3]))
first, second = compss_wait_on(squares[1], squares[2])
print(first, second)
print(cwo(squares), cwo(tuple(squares)), cwo([squares, [squares[0]]]))
print(cwo({"a": squares[1], "b": [squares[2]]}))
print(compss_wait_on(5), compss_wait_on("text"), compss_wait_on(None), compss_wait_on([]), compss_wait_on([1, "two"]))
print(compss_wait_on(squares[2], mode="r"), compss_wait_on(squares[2], mode="rw"))
values = [1]
append(values, 2)
values = compss_wait_on(values, mode="r")
append(values, 3)
values = compss_wait_on(values)
values.append(4)
append(values, 5)
print(compss_wait_on(values))
