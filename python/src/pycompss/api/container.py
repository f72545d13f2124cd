"""Programs in containers."""

from __future__ import annotations

from colla._containers import container

Container = container

__all__ = ["container", "Container"]
