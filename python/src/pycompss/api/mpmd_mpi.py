"""Tasks that are several MPI programs."""

from __future__ import annotations

from colla._mpi import mpmd_mpi

MPMDMPI = mpmd_mpi

__all__ = ["mpmd_mpi", "MPMDMPI"]
