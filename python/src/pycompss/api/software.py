"""Tasks described in a file."""

from __future__ import annotations

from colla._decorators import software

Software = software

__all__ = ["software", "Software"]
