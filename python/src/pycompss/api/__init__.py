"""Decorators, parameters and calls as in PyCOMPSs."""
