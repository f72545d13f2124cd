"""What happens when a task fails."""

from __future__ import annotations

from colla._decorators import on_failure

OnFailure = on_failure

__all__ = ["on_failure", "OnFailure"]
