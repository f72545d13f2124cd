"""Tasks that combine the elements of a collection."""

from __future__ import annotations

from colla._decorators import reduction

Reduction = reduction

__all__ = ["reduction", "Reduction"]
