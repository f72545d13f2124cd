"""The names of PyCOMPSs, on the engine of Colla: programs written for PyCOMPSs run without an edit."""
