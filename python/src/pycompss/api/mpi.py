"""Tasks that are MPI programs or run on MPI ranks."""

from __future__ import annotations

from colla._mpi import mpi

Mpi = mpi

MPI = mpi

__all__ = ["mpi", "Mpi", "MPI"]
