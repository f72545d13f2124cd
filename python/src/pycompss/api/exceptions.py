"""The exception by which a task ends its group."""

from __future__ import annotations

from colla._exceptions import COMPSsException

__all__ = ["COMPSsException"]
