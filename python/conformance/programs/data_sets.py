"""The distributed data set: operations on elements, exchanges between partitions, files of partitions, futures in and out."""
import operator
import os

from pycompss.api.api import compss_wait_on
from pycompss.api.task import task
from pycompss.dds import DDS

TEXT = "the quick brown fox jumps over the lazy dog and the fox sleeps"


@task(returns=list)
def squares(first, last):
    return [number * number for number in range(first, last)]


@task(returns=int)
def total(part):
    return sum(part)


# Words
os.mkdir("texts")
for index in range(4):
    with open(os.path.join("texts", f"{index}.txt"), "w") as file:
        file.write(TEXT[index * 4:])
words = DDS().load_files_from_dir("texts").flat_map(lambda pair: pair[1].split())
print(sorted(words.count_by_value().items())[:5])
print(words.distinct().count(), words.filter(lambda word: len(word) > 4).take(3))
index = DDS().load_files_from_dir("texts", num_of_parts=2).flat_map(
    lambda pair: [(word, [os.path.basename(pair[0])]) for word in set(pair[1].split())]
).reduce_by_key(lambda one, other: one + other)
print(sorted((word, sorted(files)) for word, files in index.collect())[:3])

# Numbers
numbers = DDS().load(range(1000), 7)
print(numbers.count(), numbers.sum(), numbers.max(), numbers.min(), numbers.reduce(operator.add, 5, arity=2))
by_last_digit = numbers.key_by(lambda number: number % 10).map_values(lambda number: number // 10)
print(by_last_digit.group_by_key().map_values(len).sort_by_key(ascending=False).collect())
print(by_last_digit.count_by_key(as_dict=True) == {digit: 100 for digit in range(10)})
left = by_last_digit.reduce_by_key(operator.add)
right = DDS().load([(digit, str(digit)) for digit in range(5, 15)], 3)
print(sorted(left.join(right).collect()))
print(sorted(left.full_outer_join(right, 4).collect(), key=str)[:4])

# Sorted files
records = DDS().load([(f"{number * 7919 % 1000:03}", number) for number in range(300)], 6)
records.sort_by_key(num_of_parts=3).map(lambda pair: f"{pair[0]},{pair[1]}").save_as_text_file("sorted")
lines = "".join(open(os.path.join("sorted", name)).read() for name in sorted(os.listdir("sorted"))).splitlines()
print(len(os.listdir("sorted")), len(lines), lines == sorted(lines), lines[:2])

# Futures in and out
parts = DDS().load([squares(0, 5), squares(5, 9)], -1).map(lambda number: number + 1).collect(future_objects=True)
print(compss_wait_on([total(part) for part in parts]))
print(DDS().load(parts, -1).union(DDS().load([1, 2])).collect())
