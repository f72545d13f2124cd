"""Helpers of functions that run on MPI ranks."""

from __future__ import annotations

from collections.abc import Sequence

from colla._mpi import Layout

__all__ = ["rank_distributor"]


def rank_distributor(collection_layout: Sequence[int]) -> list[int]:
    """The indices of a collection that this rank works on.

    ``collection_layout`` is (number of blocks, length of a block, distance between the beginnings of two blocks), each -1 for the default: as
    many blocks as ranks, 1 and 1. The blocks go round the ranks.
    """
    from mpi4py import MPI

    count, length, stride = (value if value != -1 else default for value, default in zip(collection_layout, Layout()))
    return Layout(count, length, stride).indices(MPI.COMM_WORLD.rank, MPI.COMM_WORLD.size)
