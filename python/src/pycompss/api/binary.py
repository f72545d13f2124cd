"""Tasks that are programs."""

from __future__ import annotations

from colla._programs import binary

Binary = binary

__all__ = ["binary", "Binary"]
