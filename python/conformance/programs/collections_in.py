"""COLLECTION_IN of depth 1 to 3: objects, results of tasks and both; elements that other tasks change."""
from pycompss.api.api import compss_wait_on
from pycompss.api.parameter import COLLECTION, COLLECTION_IN, COLLECTION_IN_DELETE, Depth, INOUT, Type
from pycompss.api.task import task


class Cell:
    def __init__(self, value):
        self.value = value


@task(returns=Cell)
def make(value):
    return Cell(value)


@task(cell=INOUT)
def double(cell):
    cell.value *= 2


@task(cells=COLLECTION_IN, returns=int)
def total(cells):
    return sum(cell.value for cell in cells)


@task(rows={Type: COLLECTION_IN, Depth: 2}, returns=list)
def row_totals(rows):
    return [sum(cell.value for cell in row) for row in rows]


@task(cube={Type: COLLECTION_IN, Depth: 3}, returns=int)
def volume(cube):
    return sum(cell.value for plane in cube for row in plane for cell in row)


@task(numbers=COLLECTION, returns=int)
def add(numbers):
    return sum(numbers)


@task(numbers=COLLECTION_IN_DELETE, returns=int)
def add_once(numbers):
    return sum(numbers)


@task(args=COLLECTION_IN, returns=int)
def add_all(*args):
    return sum(sum(arg) for arg in args)


@task(a=COLLECTION_IN, b={Type: COLLECTION_IN, Depth: 1}, returns=list)
def zipped(a, b):
    return [x + y for x, y in zip(a, b)]


@task(returns=int)
def increment(number):
    return number + 1


cells = [make(value) for value in range(5)] + [Cell(100)]
print("depth 1", compss_wait_on(total(cells)))
for cell in cells:
    double(cell)
print("doubled", compss_wait_on(total(cells)))
double(cells[-1])
print("one more", compss_wait_on(total(cells)), compss_wait_on(total(cells[:2])))

rows = [[make(10 * row + column) for column in range(3)] for row in range(3)]
print("depth 2", compss_wait_on(row_totals(rows)))
double(rows[1][1])
print("changed", compss_wait_on(row_totals(rows)))

cube = [[[make(1) for _ in range(2)] for _ in range(3)] for _ in range(4)]
print("depth 3", compss_wait_on(volume(cube)))
double(cube[3][2][1])
print("changed", compss_wait_on(volume(cube)))

numbers = [increment(number) for number in range(4)]
print("numbers", compss_wait_on(add(numbers)), compss_wait_on(add([1, 2, increment(2)])), compss_wait_on(add([])))
print("in_delete", compss_wait_on(add_once([increment(1), increment(2)])))
print("tuple", compss_wait_on(add((1, increment(1)))))
print("varargs", compss_wait_on(add_all([1, 2], [3], [increment(3)])))
print("two", compss_wait_on(zipped([1, increment(1)], numbers[:2])))
