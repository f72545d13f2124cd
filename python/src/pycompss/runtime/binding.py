"""Placeholders of results, where older libraries look for them."""

from __future__ import annotations

from colla._futures import Future

__all__ = ["Future"]
