"""What a task does with each of its parameters."""

from __future__ import annotations

from colla._parameters import *  # noqa: F403
from colla._parameters import __all__ as __all__
