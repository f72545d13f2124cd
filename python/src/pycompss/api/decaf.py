"""Tasks that are Decaf data flows."""

from __future__ import annotations

from colla._programs import decaf

Decaf = decaf

__all__ = ["decaf", "Decaf"]
