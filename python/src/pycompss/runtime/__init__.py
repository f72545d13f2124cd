"""Names that libraries import from PyCOMPSs' runtime."""
