"""Where the code runs: in the program, in a task, or without a run."""

from __future__ import annotations

import sys

from colla._session import current

__all__ = ["in_master", "in_worker", "in_pycompss", "get_pycompss_context", "MASTER", "WORKER", "OUT_OF_SCOPE"]

MASTER = "MASTER"
WORKER = "WORKER"
OUT_OF_SCOPE = "OUT_OF_SCOPE"


def in_master() -> bool:
    """Whether this is the program of a run."""
    return current() is not None and not in_worker()


def in_worker() -> bool:
    """Whether this is a task."""
    return "colla.worker.executor" in sys.modules


def in_pycompss() -> bool:
    """Whether there is a run: in its program, and in its tasks."""
    return in_master() or in_worker()


def get_pycompss_context() -> str:
    """``MASTER``, ``WORKER`` or ``OUT_OF_SCOPE``."""
    return MASTER if in_master() else WORKER if in_worker() else OUT_OF_SCOPE
