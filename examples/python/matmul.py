"""Blocked matrix product: C = A B of blocks that tasks make, multiply and add up in place.

    colla run matmul.py --size 2048 --block 512
"""
# %%
import argparse
import sys
import time

import numpy as np

from pycompss.api.api import compss_barrier, compss_wait_on
from pycompss.api.parameter import INOUT
from pycompss.api.task import task


# %% [markdown]
# Two tasks do all the work. `returns=1` makes the call give back a *future*: a placeholder that may be passed on at once. `INOUT` says that the task changes its
# argument, so that the products that are added to one block of C wait for each other, and for nothing else.

# %%
@task(returns=1)
def random_block(size: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).random((size, size))


@task(c=INOUT)
def multiply(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> None:
    c += a @ b


# %%
def product(a: list, b: list, size: int) -> list:
    """The blocks of A B; calls only make tasks, so this returns before anything is multiplied."""
    n = range(len(a))
    c = [[np.zeros((size, size)) for _ in n] for _ in n]
    for i in n:
        for j in n:
            for k in n:
                multiply(a[i][k], b[k][j], c[i][j])
    return c


# %% [markdown]
# The check multiplies the whole matrices at once, without tasks.

# %%
def main(arguments: list) -> int:
    parser = argparse.ArgumentParser(description="Blocked matrix product.")
    parser.add_argument("--size", type=int, default=1024, help="rows of the matrices (default: %(default)s)")
    parser.add_argument("--block", type=int, default=256, help="rows of a block; divides the size (default: %(default)s)")
    options = parser.parse_args(arguments)
    if options.size % options.block:
        parser.error(f"--block {options.block} does not divide --size {options.size}")
    n = range(options.size // options.block)

    a = [[random_block(options.block, 1000 * i + j) for j in n] for i in n]
    b = [[random_block(options.block, -1 - 1000 * i - j + 10**6) for j in n] for i in n]
    compss_barrier()
    started = time.perf_counter()
    c = product(a, b, options.block)
    compss_barrier()
    seconds = time.perf_counter() - started
    print(f"C = A B of size {options.size} in blocks of {options.block}: {seconds:.3f} s, {2 * options.size**3 / seconds / 1e9:.1f} GFLOP/s")

    whole_a, whole_b, whole_c = (np.block(compss_wait_on(blocks)) for blocks in (a, b, c))
    error = np.abs(whole_a @ whole_b - whole_c).max() / options.size
    print(f"verified: greatest difference from numpy's product is {error:.1e} of the size")
    return 0 if error < 1e-12 else 1


# %%
if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
