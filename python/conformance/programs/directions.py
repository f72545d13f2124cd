"""Directions of objects: IN, OUT, INOUT, IN_DELETE, COMMUTATIVE, CONCURRENT, alone and in dictionaries."""
from pycompss.api.api import compss_barrier, compss_wait_on
from pycompss.api.parameter import COMMUTATIVE, CONCURRENT, Direction, IN, IN_DELETE, INOUT, OUT
from pycompss.api.task import task


class Box:
    def __init__(self, content=0):
        self.content = content


@task(box=INOUT)
def increment(box, by):
    box.content += by


@task(box=IN, returns=int)
def read(box):
    return box.content


@task(box=OUT)
def fill(box, content):
    box.content = content


@task(box=IN_DELETE, returns=int)
def consume(box):
    return box.content * 2


@task(box=COMMUTATIVE)
def contribute(box, amount):
    box.content += amount


@task(box=CONCURRENT, returns=int)
def look(box, factor):
    return box.content * factor


@task(box={Direction: INOUT}, by={Direction: IN})
def with_dictionary(box, by):
    box.content -= by


box = Box()
for step in range(10):
    increment(box, step)
seen = read(box)
increment(box, 100)
print("before", compss_wait_on(seen))
box = compss_wait_on(box)
print("inout", box.content)

increment(box, 1)
increment(box, 1)
print("again", compss_wait_on(read(box)), compss_wait_on(box).content)

out = Box(-1)
fill(out, 42)
increment(out, 1)
print("out", compss_wait_on(out).content)

spare = Box(21)
increment(spare, 0)
print("in_delete", compss_wait_on(consume(spare)))

total = Box()
for amount in range(1, 11):
    contribute(total, amount)
print("commutative", compss_wait_on(total).content)

shared = Box(3)
products = [look(shared, factor) for factor in range(5)]
print("concurrent", compss_wait_on(products))

other = Box(10)
with_dictionary(other, 4)
compss_barrier()
print("dictionary", compss_wait_on(other).content)

numbers = [3, 1, 2]


@task(values=INOUT)
def sort(values):
    values.sort()


@task(mapping=INOUT)
def put(mapping, key, value):
    mapping[key] = value


sort(numbers)
print("list", compss_wait_on(numbers))
words = {}
for index, word in enumerate(["a", "b", "c"]):
    put(words, word, index)
print("dict", compss_wait_on(words))
