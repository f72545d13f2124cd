"""A package of tasks, for modules.py."""
