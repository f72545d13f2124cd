"""Tracebacks as the program's author wants to see them: without the frames of this package."""

from __future__ import annotations

import os
from types import TracebackType
from typing import Optional

__all__ = ["of_the_program"]

_PACKAGES = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_OWN = (os.path.join(_PACKAGES, "colla") + os.sep, os.path.join(_PACKAGES, "pycompss") + os.sep)


def of_the_program(trace: Optional[TracebackType]) -> Optional[TracebackType]:
    """A traceback without the frames of Colla itself; the whole one if there are no others."""
    entries = []
    entry = trace
    while entry is not None:
        if not entry.tb_frame.f_code.co_filename.startswith(_OWN):
            entries.append(entry)
        entry = entry.tb_next
    shown: Optional[TracebackType] = None
    for entry in reversed(entries):
        shown = TracebackType(shown, entry.tb_frame, entry.tb_lasti, entry.tb_lineno)
    return shown or trace
