"""Objects of many sizes around the limits between inline and shared memory; the same one many times; deep structures."""
import hashlib

from pycompss.api.api import compss_wait_on
from pycompss.api.parameter import INOUT
from pycompss.api.task import task


@task(returns=str)
def digest(data):
    return hashlib.sha256(data).hexdigest()[:8]


@task(returns=bytes)
def make(size):
    return bytes(range(256)) * (size // 256) + b"x" * (size % 256)


@task(data=INOUT)
def append(data, more):
    data.extend(more)


@task(returns=int)
def depth(structure):
    level = 0
    while structure:
        structure, level = structure[0], level + 1
    return level


for size in (0, 1, 4095, 4096, 32 * 1024 - 100, 32 * 1024, 32 * 1024 + 1, 65_535, 65_536, 1 << 20, 10_000_001):
    made = make(size)
    ours = hashlib.sha256(bytes(range(256)) * (size // 256) + b"x" * (size % 256)).hexdigest()[:8]
    assert compss_wait_on(digest(made)) == ours
    data = compss_wait_on(made)
    assert len(data) == size and compss_wait_on(digest(data)) == ours, size
    print(size, ours)
same = b"y" * 500_000
print(set(compss_wait_on([digest(same) for _ in range(20)])))
grown = bytearray(30_000)
for _ in range(5):
    append(grown, b"z" * 10_000)
print(len(compss_wait_on(grown)), "text of", len("é" * 70_000))
structure = []
for _ in range(200):
    structure = [structure]
print(compss_wait_on(depth(structure)))
