"""Ready-made patterns on tasks."""
