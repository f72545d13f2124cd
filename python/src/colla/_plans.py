"""How the calls of a task are carried out in a session, by what the task is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from ._calls import Plan
from ._mpi import MpiFunction, MpiProgram
from ._patterns import ReductionPlan, TransformedPlan
from ._program_calls import ProgramPlan
from ._programs import Program, Unsupported

if TYPE_CHECKING:
    from ._session import Session
    from ._tasks import TaskFunction

__all__ = ["AnyPlan", "plan_of"]


class AnyPlan(Protocol):
    """What all calls of a task in one session have in common."""

    session: Session

    def call(self, args: tuple, kwargs: dict[str, Any]) -> Any:
        """Calls the task and returns the futures of its results: one, a list of several, or None."""


def plan_of(task: TaskFunction, session: Session) -> AnyPlan:
    """Raises ``UsageError`` for a task that cannot run."""
    definition = task.definition
    if definition.transformations or definition.transforms_at_call:
        return TransformedPlan(task, session)
    if definition.reduction is not None:
        return ReductionPlan(task, session)
    execution = definition.execution
    if isinstance(execution, Unsupported):
        raise execution.unavailable(task.__qualname__)
    if isinstance(execution, MpiProgram):
        execution.refuse(task.__qualname__, definition)
        if not task.implementations():
            return ProgramPlan(task, session)
    if isinstance(execution, MpiFunction):
        execution.refuse(task.__qualname__, definition)
    if isinstance(execution, Program) and _is_program_alone(task):
        return ProgramPlan(task, session)
    return Plan(task, session)


def _is_program_alone(task: TaskFunction) -> bool:
    """Whether the program is all that runs; else an executor starts it between what else there is to do."""
    definition = task.definition
    around = definition.prolog or definition.epilog or definition.container or definition.computing_nodes is not None
    if definition.adds_to_a_file:
        return False
    return not around and not (definition.ignores_failures and definition.on_failure.defaults) and not task.implementations()
