"""Tasks that are Julia scripts."""

from __future__ import annotations

from colla._programs import julia

Julia = julia

__all__ = ["julia", "Julia"]
