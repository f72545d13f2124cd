"""Further implementations of a task."""

from __future__ import annotations

from colla._decorators import implement

Implement = implement

__all__ = ["implement", "Implement"]
