"""What a task needs from its node."""

from __future__ import annotations

from colla._constraints import constraint

Constraint = constraint

__all__ = ["constraint", "Constraint"]
