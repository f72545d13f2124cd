"""Functions that run in the program itself."""

from __future__ import annotations

from colla._decorators import local

__all__ = ["local"]
