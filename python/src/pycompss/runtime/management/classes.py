"""Placeholders of results."""

from __future__ import annotations

from colla._futures import Future

__all__ = ["Future"]
