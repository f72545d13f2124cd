"""Cholesky factorisation by blocks: A = L L^T, with the dependencies found from the data.

    colla run cholesky.py --size 2048 --block 256
"""
# %%
import argparse
import sys
import time

import numpy as np

from pycompss.api.api import compss_barrier, compss_wait_on
from pycompss.api.constraint import constraint
from pycompss.api.parameter import INOUT
from pycompss.api.task import task


# %% [markdown]
# The classic three kernels. The loop below calls them in the sequential order of the textbook; which of them may run side by side follows from the blocks that they
# read and change. The factorisation of a diagonal block is on the critical path, so it has priority.

# %%
@constraint(computing_units="1")
@task(block=INOUT, priority=True)
def factor(block: np.ndarray) -> None:
    block[:] = np.linalg.cholesky(block)


@task(block=INOUT, priority=True)
def solve(diagonal: np.ndarray, block: np.ndarray) -> None:
    block[:] = np.linalg.solve(diagonal, block.T).T


@task(target=INOUT)
def update(left: np.ndarray, right: np.ndarray, target: np.ndarray) -> None:
    target -= left @ right.T


@task(returns=1)
def random_block(i: int, j: int, size: int, blocks: int) -> np.ndarray:
    """A block of a symmetric, positive definite matrix."""
    block = np.random.default_rng(i * blocks + j).random((size, size))
    return block if i != j else (block + block.T) / 2 + 2 * size * blocks * np.eye(size)


# %%
def cholesky(a: list) -> None:
    """Replaces the lower blocks of A by those of L."""
    n = len(a)
    for k in range(n):
        factor(a[k][k])
        for i in range(k + 1, n):
            solve(a[k][k], a[i][k])
        for i in range(k + 1, n):
            for j in range(k + 1, i + 1):
                update(a[i][k], a[j][k], a[i][j])


# %%
def assemble(blocks: list, size: int) -> np.ndarray:
    """The lower triangle as one matrix."""
    n = len(blocks)
    return np.tril(np.block([[blocks[i][j] if j <= i else np.zeros((size, size)) for j in range(n)] for i in range(n)]))


def main(arguments: list) -> int:
    parser = argparse.ArgumentParser(description="Cholesky factorisation by blocks.")
    parser.add_argument("--size", type=int, default=1024, help="rows of the matrix (default: %(default)s)")
    parser.add_argument("--block", type=int, default=128, help="rows of a block; divides the size (default: %(default)s)")
    options = parser.parse_args(arguments)
    if options.size % options.block:
        parser.error(f"--block {options.block} does not divide --size {options.size}")
    n = options.size // options.block

    blocks = [[random_block(i, j, options.block, n) for j in range(i + 1)] for i in range(n)]
    lower = assemble(compss_wait_on(blocks), options.block)
    matrix = lower + np.tril(lower, -1).T

    started = time.perf_counter()
    cholesky(blocks)
    compss_barrier()
    seconds = time.perf_counter() - started
    print(f"A = L L^T of size {options.size} in blocks of {options.block}: {seconds:.3f} s, {options.size**3 / 3 / seconds / 1e9:.1f} GFLOP/s")

    factorised = assemble(compss_wait_on(blocks), options.block)
    error = np.abs(factorised @ factorised.T - matrix).max() / np.abs(matrix).max()
    print(f"verified: L L^T differs from A by at most {error:.1e} of its greatest element")
    return 0 if error < 1e-12 else 1


# %%
if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
