"""Errors by the names that programs for PyCOMPSs catch."""

from __future__ import annotations

from colla._errors import CancelledError as CancelError
from colla._errors import CollaError as PyCOMPSsException
from colla._errors import UsageError as MissingImplementedException
from colla._exceptions import COMPSsException

__all__ = ["PyCOMPSsException", "MissingImplementedException", "CancelError", "TimeOutError", "SerializerException", "COMPSsException"]


class TimeOutError(PyCOMPSsException):
    """A task took longer than its ``time_out``."""


class SerializerException(PyCOMPSsException):
    """An object could not be written or read."""
