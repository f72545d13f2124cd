"""COLLECTION_OUT and COLLECTION_INOUT of depth 1 to 3: a task replaces or changes elements; each is a datum of its own."""
from pycompss.api.api import compss_wait_on
from pycompss.api.parameter import COLLECTION_IN, COLLECTION_INOUT, COLLECTION_OUT, Depth, INOUT, Type
from pycompss.api.task import task


class Cell:
    def __init__(self, value=None):
        self.value = value


@task(cells=COLLECTION_OUT)
def fill(cells, start):
    for index in range(len(cells)):
        cells[index] = Cell(start + index)


@task(cells=COLLECTION_INOUT)
def scale(cells, factor):
    for cell in cells:
        cell.value *= factor


@task(rows={Type: COLLECTION_OUT, Depth: 2})
def fill_rows(rows):
    for i, row in enumerate(rows):
        for j in range(len(row)):
            row[j] = [i, j]


@task(rows={Type: COLLECTION_INOUT, Depth: 2})
def append_to_rows(rows, what):
    for row in rows:
        for element in row:
            element.append(what)


@task(cube={Type: COLLECTION_OUT, Depth: 3})
def fill_cube(cube):
    for plane in range(len(cube)):
        for row in range(len(cube[plane])):
            for column in range(len(cube[plane][row])):
                cube[plane][row][column] = plane * 100 + row * 10 + column


@task(numbers=COLLECTION_INOUT)
def reverse(numbers):
    numbers[:] = numbers[::-1]


@task(source=COLLECTION_IN, target=COLLECTION_OUT)
def copy(source, target):
    for index, cell in enumerate(source):
        target[index] = Cell(cell.value)


@task(cell=INOUT)
def increment(cell):
    cell.value += 1


@task(cell=COLLECTION_IN, returns=int)
def total(cell):
    return sum(each.value for each in cell)


cells = [Cell() for _ in range(4)]
fill(cells, 10)
increment(cells[0])
print("sum", compss_wait_on(total(cells)))
scale(cells, 2)
increment(cells[3])
copies = [object() for _ in range(4)]
copy(cells, copies)
increment(copies[1])
print("out", [cell.value for cell in compss_wait_on(cells)])
print("copies", [cell.value for cell in compss_wait_on(copies)])

rows = [[object() for _ in range(3)] for _ in range(2)]
fill_rows(rows)
append_to_rows(rows, "x")
append_to_rows([rows[1]], "y")
print("depth 2", compss_wait_on(rows))

cube = [[[object() for _ in range(2)] for _ in range(2)] for _ in range(2)]
fill_cube(cube)
print("depth 3", compss_wait_on(cube))

letters = [Cell(letter) for letter in "abc"]
reverse(letters)
print("reversed", [cell.value for cell in compss_wait_on(letters)])
