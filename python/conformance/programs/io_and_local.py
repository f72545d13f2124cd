"""@IO tasks, and @local functions, which wait for their arguments and run in the program itself."""
import os
import pathlib

from pycompss.api.api import compss_wait_on
from pycompss.api.IO import IO
from pycompss.api.local import local
from pycompss.api.parameter import FILE_IN, FILE_OUT, INOUT
from pycompss.api.task import task

PROGRAM = os.getpid()


@IO()
@task(path=FILE_OUT)
def write(path, text):
    pathlib.Path(path).write_text(text)


@IO()
@task(path=FILE_IN, returns=str)
def read(path):
    return pathlib.Path(path).read_text()


@task(values=INOUT)
def append_ones(values):
    values += [1, 1, 1]


@task(returns=int)
def square(x):
    return x * x


@local
def scale(values, factor):
    assert os.getpid() == PROGRAM
    return [factor * value for value in values]


@local()
def show(*numbers, label="numbers"):
    return f"{label} {sum(numbers)} {list(numbers)}"


for index in range(5):
    write(f"file{index}", str(index) * 3)
print(compss_wait_on([read(f"file{index}") for index in range(5)]))
values = [1, 2, 3]
append_ones(values)
print(scale(values, 2))
print(scale(values, square(3)))
print(show(square(2), 5, label="squares"), show(square(3)))
