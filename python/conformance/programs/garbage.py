"""Data of results and arguments that nobody holds any more are freed: far more goes through than may stay."""
# conformance: needs: numpy; modes: run local
import gc
import os

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
    """Bytes of shared memory in use on this machine."""
    state = os.statvfs("/dev/shm")
    return (state.f_blocks - state.f_bfree) * state.f_frsize


before = in_use()
peak = 0
for index in range(60):
    array = make(index)
    assert compss_wait_on(total(array)) == index % 100 + 4 * MIB
    mine = np.full(4 * MIB, 7, dtype=np.uint8)
    assert compss_wait_on(total(mine)) == 7 + 4 * MIB
    peak = max(peak, in_use() - before)
del array, mine
gc.collect()
print("480 MiB went through")
assert peak < 200 * MIB, f"{peak / MIB:.0f} MiB of shared memory stayed in use"
