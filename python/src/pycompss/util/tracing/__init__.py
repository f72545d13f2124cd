"""Events of the application's own, by PyCOMPSs' names."""
