"""Whether tasks run as such here: the running session, or none."""

from __future__ import annotations

try:
    from ._session import current
except ModuleNotFoundError:

    def current() -> None:  # type: ignore[misc]
        """The running session: none without the part that connects to one."""
        return None


__all__ = ["current"]
