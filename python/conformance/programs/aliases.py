"""One object under several names, several times in a call, in collections and inside others."""
from pycompss.api.api import compss_wait_on
from pycompss.api.parameter import COLLECTION_IN, COLLECTION_INOUT, INOUT
from pycompss.api.task import task


class Box:
    def __init__(self, content):
        self.content = content


@task(box=INOUT)
def increment(box):
    box.content += 1


@task(returns=int)
def add(a, b):
    return a.content + b.content


@task(boxes=COLLECTION_IN, returns=list)
def contents(boxes):
    return [box.content for box in boxes]


@task(boxes=COLLECTION_INOUT)
def increment_all(boxes):
    for box in boxes:
        box.content += 10


@task(returns=list)
def contents_of(holder):
    return [box.content for box in holder["boxes"]]


@task(returns=int)
def number(x):
    return x


box = Box(1)
alias = box
increment(box)
increment(alias)
print(compss_wait_on(add(box, alias)))

boxes = [Box(0), box, Box(100)]
increment_all(boxes)
increment(boxes[0])
increment(alias)
print(compss_wait_on(contents(boxes)))
print(compss_wait_on(contents_of({"boxes": boxes})))
print(compss_wait_on(add(boxes[1], boxes[2])))

one = number(1)
print(compss_wait_on([one, one, number(2)]))


@task(values=INOUT)
def append(values, value):
    values.append(value)


inner = [1]
outer = [inner, [2]]
append(inner, "new")


@task(returns=str)
def show(what):
    return str(what)


print(compss_wait_on(show(outer)))
# Equal objects are not the same object.
left, right = [0], [0]
append(left, "left")
append(right, "right")
print(compss_wait_on(left), compss_wait_on(right))
# A new object at an old one's address is a new object.
for turn in range(50):
    values = [turn]
    append(values, -turn)
    assert compss_wait_on(values) == [turn, -turn]
print("no mix-up")
