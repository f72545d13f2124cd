"""Tasks that are applications with tasks."""

from __future__ import annotations

from colla._programs import compss

COMPSs = compss

__all__ = ["compss", "COMPSs"]
