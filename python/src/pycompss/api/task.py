"""The decorator that makes a function a task."""

from __future__ import annotations

from colla._tasks import task

Task = task

__all__ = ["task", "Task"]
