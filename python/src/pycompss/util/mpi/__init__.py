"""Helpers of functions that run on MPI ranks."""
