"""K-means clustering: partial sums of fragments, added up by a reduction, until the centres stay where they are.

    colla run kmeans.py --points 200000 --centres 8
"""
# %%
import argparse
import sys
import time

import numpy as np

from pycompss.api.api import compss_wait_on
from pycompss.api.parameter import COLLECTION_IN
from pycompss.api.reduction import reduction
from pycompss.api.task import task


# %% [markdown]
# The points never leave the place where they were made: what travels is a small table of sums for each fragment. `@reduction` turns one call of `merge` on all tables into
# a tree of tasks on at most `chunk_size` tables each.

# %%
@task(returns=1)
def make_fragment(points: int, centres: int, dimensions: int, seed: int) -> np.ndarray:
    """Points around the corners of a cube, the same for the same seed."""
    rng = np.random.default_rng(seed)
    corners = np.array([[(c >> d) & 1 for d in range(dimensions)] for c in range(centres)], dtype=float)
    return corners[rng.integers(centres, size=points)] * 10 + rng.normal(size=(points, dimensions))


@task(returns=1)
def partial_sums(fragment: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """For each centre: the sum of the points that are nearest to it, and their number."""
    distances = ((fragment[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2)
    nearest = distances.argmin(axis=1)
    sums = np.zeros((len(centres), fragment.shape[1] + 1))
    for centre in range(len(centres)):
        mine = fragment[nearest == centre]
        sums[centre, :-1] = mine.sum(axis=0)
        sums[centre, -1] = len(mine)
    return sums


@reduction(chunk_size="4")
@task(returns=1, tables=COLLECTION_IN)
def merge(tables: list) -> np.ndarray:
    return np.sum(tables, axis=0)


# %%
def moved(sums: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """The means; a centre without points stays."""
    counts = sums[:, -1:]
    return np.where(counts > 0, sums[:, :-1] / np.maximum(counts, 1), centres)


def cluster(fragments: list, centres: np.ndarray, most: int = 50) -> tuple:
    """The centres that no longer move, and after how many turns."""
    for turn in range(1, most + 1):
        sums = compss_wait_on(merge([partial_sums(fragment, centres) for fragment in fragments]))
        new = moved(sums, centres)
        if np.abs(new - centres).max() < 1e-9:
            return new, turn
        centres = new
    return centres, most


# %% [markdown]
# The check is the same algorithm on all points at once, in plain numpy.

# %%
def sequential(points: np.ndarray, centres: np.ndarray, turns: int) -> np.ndarray:
    for _ in range(turns):
        nearest = ((points[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2).argmin(axis=1)
        centres = np.array([points[nearest == k].mean(axis=0) if (nearest == k).any() else centres[k] for k in range(len(centres))])
    return centres


def main(arguments: list) -> int:
    parser = argparse.ArgumentParser(description="K-means clustering.")
    parser.add_argument("--points", type=int, default=40_000, help="in all (default: %(default)s)")
    parser.add_argument("--fragments", type=int, default=16, help="into which they are cut (default: %(default)s)")
    parser.add_argument("--centres", type=int, default=8, help="clusters, at most 8 (default: %(default)s)")
    options = parser.parse_args(arguments)
    dimensions, size = 3, options.points // options.fragments

    started = time.perf_counter()
    fragments = [make_fragment(size, options.centres, dimensions, seed) for seed in range(options.fragments)]
    start = np.random.default_rng(7).random((options.centres, dimensions)) * 10
    centres, turns = cluster(fragments, start)
    print(f"{size * options.fragments} points, {options.centres} centres, {turns} turns: {time.perf_counter() - started:.3f} s")
    for centre in sorted(centres.round(2).tolist()):
        print("   ", centre)

    expected = sequential(np.concatenate(compss_wait_on(fragments)), start, turns)
    error = np.abs(expected - centres).max()
    print(f"verified: plain numpy finds the same centres (difference {error:.1e})")
    return 0 if error < 1e-6 else 1


# %%
if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
