"""Data of results and arguments that nobody holds any more are freed: far more goes through than may stay."""
# conformance: needs: numpy; modes: run local
import gc
import os
import pathlib

import numpy as np

from pycompss.api.api import compss_wait_on
from pycompss.api.task import task

MIB = 1 << 20


@task(returns=object)
def make(index):
    return np.full(4 * MIB, index % 100, dtype=np.uint8)


@task(returns=int)
def total(array):
    return int(array[0]) + len(array)


def in_use():
    """Bytes of the files that this run has in shared memory; its folders are named after the process of colla run."""
    files = [path for folder in pathlib.Path("/dev/shm").glob(f"*-{os.getppid()}-*") for path in folder.rglob("*")]
    return sum(size(path) for path in files)


def size(path):
    try:
        return path.stat().st_size
    except FileNotFoundError:  # freed meanwhile
        return 0


peak = 0
for index in range(60):
    array = make(index)
    assert compss_wait_on(total(array)) == index % 100 + 4 * MIB
    mine = np.full(4 * MIB, 7, dtype=np.uint8)
    assert compss_wait_on(total(mine)) == 7 + 4 * MIB
    peak = max(peak, in_use())
del array, mine
gc.collect()
print("480 MiB went through")
assert 0 < peak < 200 * MIB, f"{peak / MIB:.0f} MiB of shared memory stayed in use"
