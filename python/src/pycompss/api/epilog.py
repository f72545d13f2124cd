"""A program after a task."""

from __future__ import annotations

from colla._programs import epilog

Epilog = epilog

__all__ = ["epilog", "Epilog"]
