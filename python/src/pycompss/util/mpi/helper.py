"""Helpers of functions that run on MPI ranks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

__all__ = ["rank_distributor"]


def rank_distributor(collection_layout: Sequence[int], rank: int = 0, size: int = 1) -> list[list[Any]]:
    """The indices of a collection that a rank works on.

    ``collection_layout`` is (number of blocks, length of a block, distance between the beginnings of two blocks); the blocks go
    round the ranks.
    """
    count, length, stride = collection_layout
    return [list(range(block * stride, block * stride + length)) for block in range(rank, count, max(1, size))]
