"""What the program does to an argument after a call does not reach the task: an argument is what it is at the call."""
from pycompss.api.api import compss_wait_on
from pycompss.api.task import task


class Box:
    def __init__(self, content):
        self.content = content


@task(returns=int)
def total(values):
    return sum(values)


@task(returns=int)
def content(box):
    return box.content


@task(returns=int)
def length(data):
    return sum(data)


values = [1, 2, 3]
sums = []
for value in (10, 20, 30):
    sums.append(total(values))
    values.append(value)
sums.append(total(values))
print(compss_wait_on(sums), values)

box = Box(1)
contents = [content(box)]
box.content = 2
contents.append(content(box))
box.content = 3
print(compss_wait_on(contents), box.content)

large = bytearray(200_000)
sums = []
for index in range(5):
    large[index * 1000] = index + 1
    sums.append(length(large))
    sums.append(length(large))
print(compss_wait_on(sums))

grid = {"rows": [[1], [2]]}


@task(returns=str)
def show(what):
    what["rows"].append("only in the task")
    return str(what)


if __name__ == "__main__":
    texts = [show({"rows": list(grid["rows"])})]
    grid["rows"][0][0] = 5
    texts.append(show({"rows": list(grid["rows"])}))
    print(compss_wait_on(texts), grid)
