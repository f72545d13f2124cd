"""Tasks on several nodes."""

from __future__ import annotations

from colla._decorators import multinode

MultiNode = multinode

__all__ = ["multinode", "MultiNode"]
