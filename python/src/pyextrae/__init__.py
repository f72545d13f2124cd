"""The names by which COMPSs' applications record events, for where there is no Extrae: the events come into Colla's own trace.

Extrae's own package is used wherever it is installed, also if this one is found first.
"""

from __future__ import annotations

import os
import sys
from importlib.machinery import PathFinder


def _make_way() -> None:
    """Lets Extrae's own package be this one, if it is on the path."""
    here = os.path.realpath(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    others = [place for place in sys.path if os.path.realpath(place or os.curdir) != here]
    found = PathFinder.find_spec(__name__, others)
    if found is None or found.submodule_search_locations is None:
        return
    __path__[:] = list(found.submodule_search_locations)
    if found.loader is not None and found.origin is not None:
        found.loader.exec_module(sys.modules[__name__])


_make_way()
