# conformance: modes: run local cluster
"""Streams between tasks that run at the same time, and between tasks and the program."""
import os
import time

from pycompss.api.api import compss_barrier, compss_wait_on
from pycompss.api.binary import binary
from pycompss.api.parameter import STREAM_IN, STREAM_OUT
from pycompss.api.task import task
from pycompss.streams.distro_stream import FileDistroStream, ObjectDistroStream


class Measurement:
    def __init__(self, number, size=1):
        self.number = number
        self.values = bytes(size)


@task(numbers=STREAM_OUT)
def measure(numbers, first, count, pause):
    for number in range(first, first + count):
        numbers.publish(Measurement(number))
        time.sleep(pause)
    numbers.close()


@task(numbers=STREAM_IN, returns=list)
def gather(numbers):
    found = []
    while not numbers.is_closed():
        found += [measurement.number for measurement in numbers.poll()]
    return found


@task(returns=int)
def process(measurement):
    return measurement.number * 10


@task(incoming=STREAM_IN, outgoing=STREAM_OUT)
def double(incoming, outgoing):
    while not incoming.is_closed():
        for measurement in incoming.poll(timeout=None):
            outgoing.publish(measurement.number * 2)
    outgoing.close()


@task(files=STREAM_OUT)
def write(files, folder, count):
    for number in range(count):
        with open(os.path.join(folder, f".{number}"), "w") as file:
            file.write(str(number))
        os.rename(os.path.join(folder, f".{number}"), os.path.join(folder, str(number)))
        time.sleep(0.02)
    files.close()


@task(files=STREAM_IN, returns=list)
def read(files):
    found = []
    while not files.is_closed():
        for path in files.poll(timeout=1000):
            with open(path) as file:
                found.append(int(file.read()))
    return found


# A consumer that was called first waits for its producer without keeping it from running
stream = ObjectDistroStream()
consumer = gather(stream)
measure(stream, 0, 20, 0.01)
print(compss_wait_on(consumer))

# Each element reaches one consumer; a stream is closed when all its writers have closed it
stream = ObjectDistroStream()
consumers = [gather(stream), gather(stream)]
measure(stream, 0, 30, 0.002)
measure(stream, 100, 30, 0.002)
found = compss_wait_on(consumers)
print(sorted(found[0] + found[1]) == [*range(30), *range(100, 130)])

# The program polls, and calls a task for each element
stream = ObjectDistroStream()
measure(stream, 0, 5, 0.01)
results = []
while not stream.is_closed():
    results += [process(measurement) for measurement in stream.poll()]
print(compss_wait_on(results))

# A pipeline of tasks, found by names
source, sink = ObjectDistroStream(alias="source"), ObjectDistroStream(alias="sink")
double(source, sink)
for number in range(10):
    ObjectDistroStream(alias="source").publish(Measurement(number, size=100_000))
source.close()
doubled = []
while not sink.is_closed():
    doubled += sink.poll(timeout=None)
print(doubled)

# Files, when they are there
os.mkdir("written")
files = FileDistroStream(base_dir="written")
reader = read(files)
write(files, os.path.abspath("written"), 10)
print(sorted(compss_wait_on(reader)))


# Files that a program writes; it cannot close the stream itself
@binary(binary="sh", args="-c 'for i in 1 2 3; do echo $i > $0/.$i; mv $0/.$i $0/$i; done' {{files}}")
@task(files=STREAM_OUT, returns=int)
def write_by_program(files):
    pass


os.mkdir("written_by_program")
files = FileDistroStream(base_dir="written_by_program")
reader = read(files)
print(compss_wait_on(write_by_program(files)))
files.close()
print(sorted(compss_wait_on(reader)))
compss_barrier()
