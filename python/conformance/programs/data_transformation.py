"""@data_transformation: a parameter is converted on its way into the task; files to objects and back; objects of transformations."""
import json
import pathlib

from pycompss.api.api import compss_wait_on
from pycompss.api.data_transformation import (COLLECTION_TO_FILE, COLLECTION_TO_OBJECT, FILE_TO_COLLECTION, FILE_TO_OBJECT, OBJECT_TO_COLLECTION,
                                              OBJECT_TO_FILE, data_transformation, dt, dto)
from pycompss.api.parameter import COLLECTION_IN, FILE_IN, FILE_OUT
from pycompss.api.task import task


def scale(values, rate=2):
    return [rate * value for value in values]


def shift(values, by):
    return [value + by for value in values]


def load(path):
    return json.loads(pathlib.Path(path).read_text())


def save(values, path):
    pathlib.Path(path).write_text(json.dumps(values))


def halves(values):
    middle = len(values) // 2
    return [values[:middle], values[middle:]]


@task(returns=list)
def numbers(n):
    return list(range(n))


@task(path=FILE_OUT)
def write(path, values):
    pathlib.Path(path).write_text(json.dumps(values))


@dt("values", scale)
@task(returns=int)
def total(values):
    return sum(values)


@data_transformation("values", scale, rate=10)
@task(returns=int)
def total_scaled(values):
    return sum(values)


@dt("values", scale, rate=3)
@dt("values", shift, by=1)
@task(returns=list)
def twice(values):
    return values


@dt(target="values", function=load, type=FILE_TO_OBJECT)
@task(returns=int)
def total_of_file(values):
    return sum(values)


@dt(target="path", function=save, type=OBJECT_TO_FILE, destination="saved.json")
@task(path=FILE_IN, returns=int)
def size_of(path):
    return len(pathlib.Path(path).read_text())


@dt(target="parts", function=halves, type=OBJECT_TO_COLLECTION, size=2)
@task(parts=COLLECTION_IN, returns=list)
def sums(parts):
    return [sum(part) for part in parts]


@dt()
@task(returns=int)
def total_by_object(values, other):
    return sum(values) + sum(other)


print(compss_wait_on(total([1, 2, 3])), compss_wait_on(total(numbers(4))))
print(compss_wait_on(total_scaled([1, 2])))
print(compss_wait_on(twice([1, 2])))
write("numbers.json", [5, 6, 7])
print(compss_wait_on(total_of_file("numbers.json")))
print(compss_wait_on(size_of([1, 2, 3])))
print(compss_wait_on(sums(numbers(5))))
print(compss_wait_on(total_by_object(numbers(3), [1], dt=[dto("values", scale), dto("other", shift, by=5)])))
