"""Tasks that are several MPI programs."""

from __future__ import annotations

from colla._programs import mpmd_mpi

MPMDMPI = mpmd_mpi

__all__ = ["mpmd_mpi", "MPMDMPI"]
