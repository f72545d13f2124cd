"""A program before a task."""

from __future__ import annotations

from colla._programs import prolog

Prolog = prolog

__all__ = ["prolog", "Prolog"]
