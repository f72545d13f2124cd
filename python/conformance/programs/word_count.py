"""Word count with a tree of merges, as PyCOMPSs tutorials write it."""
import collections

from pycompss.api.api import compss_wait_on
from pycompss.api.parameter import FILE_IN, INOUT
from pycompss.api.task import task

TEXT = "the quick brown fox jumps over the lazy dog and the fox sleeps " * 20


@task(path=FILE_IN, returns=list)
def read(path):
    with open(path) as file:
        return file.read().split()


@task(returns=dict)
def count(words):
    return dict(collections.Counter(words))


@task(total=INOUT, priority=True)
def merge(total, other):
    for word, number in other.items():
        total[word] = total.get(word, 0) + number


for index in range(6):
    with open(f"text{index}", "w") as file:
        file.write(TEXT[index * 10:])
counts = [count(read(f"text{index}")) for index in range(6)]
distance = 1
while distance < len(counts):
    for index in range(0, len(counts) - distance, 2 * distance):
        merge(counts[index], counts[index + distance])
    distance *= 2
print(sorted(compss_wait_on(counts[0]).items(), key=lambda item: (-item[1], item[0]))[:6])
