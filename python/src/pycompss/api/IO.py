"""Tasks that read and write files."""

from __future__ import annotations

from colla._decorators import IO

__all__ = ["IO"]
