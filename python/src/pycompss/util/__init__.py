"""Names that libraries import from PyCOMPSs' utilities."""
