"""DICTIONARY_IN, _INOUT, _OUT and _IN_DELETE: the values are data of their own; results of tasks inside; depth 2."""
from pycompss.api.api import compss_wait_on
from pycompss.api.parameter import Depth, DICTIONARY, DICTIONARY_IN, DICTIONARY_IN_DELETE, DICTIONARY_INOUT, DICTIONARY_OUT, INOUT, Type
from pycompss.api.task import task


class Cell:
    def __init__(self, value=0):
        self.value = value


@task(returns=Cell)
def make(value):
    return Cell(value)


@task(cells=DICTIONARY_IN, returns=list)
def items(cells):
    return sorted((key, cell.value) for key, cell in cells.items())


@task(cells=DICTIONARY, returns=int)
def total(cells):
    return sum(cell.value for cell in cells.values())


@task(cells=DICTIONARY_INOUT)
def scale(cells, factor):
    for cell in cells.values():
        cell.value *= factor


@task(cells=DICTIONARY_OUT)
def fill(cells):
    for key in cells:
        cells[key] = Cell(len(key))


@task(cells=DICTIONARY_IN_DELETE, returns=int)
def total_once(cells):
    return sum(cell.value for cell in cells.values())


@task(nested={Type: DICTIONARY_IN, Depth: 2}, returns=int)
def total_nested(nested):
    return sum(cell.value for inner in nested.values() for cell in inner.values())


@task(cell=INOUT)
def increment(cell):
    cell.value += 1


cells = {"a": make(1), "b": Cell(2), "c": make(3)}
print("items", compss_wait_on(items(cells)))
increment(cells["b"])
scale(cells, 10)
increment(cells["a"])
print("total", compss_wait_on(total(cells)))
print("wait", sorted((key, cell.value) for key, cell in compss_wait_on(cells).items()))

blank = {"x": Cell(), "yy": Cell()}
fill(blank)
increment(blank["yy"])
print("out", compss_wait_on(items(blank)))
print("in_delete", compss_wait_on(total_once({1: make(4), 2: make(5)})))
print("depth 2", compss_wait_on(total_nested({"p": {1: make(1), 2: make(2)}, "q": {3: make(3)}})))
