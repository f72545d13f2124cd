"""The exception by which a task ends its group."""

from __future__ import annotations

from typing import Any

__all__ = ["COMPSsException"]


class COMPSsException(Exception):
    """Raised in a task, it cancels the other tasks of the task's group, and is raised again where the program waits for the group.

    ``message`` says what happened; ``target_direction`` is accepted for programs that give it.
    """

    colla_retriable = False
    colla_ends_group = True

    def __init__(self, message: Any = "", target_direction: Any = None) -> None:
        super().__init__(message)
        self.message = message
        self.target_direction = target_direction

    def __str__(self) -> str:
        return str(self.message)

    def __reduce__(self) -> tuple:
        return type(self), (self.message, self.target_direction), dict(self.__dict__)
