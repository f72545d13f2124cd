"""Tasks that are OmpSs programs."""

from __future__ import annotations

from colla._programs import ompss

OmpSs = ompss

__all__ = ["ompss", "OmpSs"]
