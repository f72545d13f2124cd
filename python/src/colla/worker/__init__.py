"""The processes that run tasks: a warm parent (the zygote) and one executor for each core in use."""

from __future__ import annotations

__all__ = ["ask"]


def ask(question: bytes) -> bytes:
    """Asks the master on behalf of the task that runs, and waits for its answer. From any thread of the task."""
    from .executor import ask as ask_master

    return ask_master(question)
